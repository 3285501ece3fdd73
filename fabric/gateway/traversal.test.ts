/**
 * No path leads through the gateway to anything but the content that it names: whatever is sent, what arrives there is
 * that or nothing.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Network } from '../../world/network.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { decodePath } from '../http/index.ts';
import { report } from './bench.fixture.ts';
import { startGateway } from './server.ts';
import { openEmbeddedStore } from './stores/embedded/store.ts';

/** What managed content was asked, as it arrived: method and path. */
const arrived: { readonly method: string; readonly url: string }[] = [];
let simulation: Simulation;
let client: Network;

beforeAll(async () => {
  simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  await simulation.process('content').network.listen('content:80', (request, response) => {
    arrived.push({ method: request.method, url: request.url });
    response.head(200, { 'content-type': 'text/plain' });
    response.end('content');
  });
  const world = simulation.process('gateway');
  const store = openEmbeddedStore(':memory:');
  await simulation.run(
    startGateway({ world, address: 'gateway:80', store, contentUrl: 'http://content', createProjectsOnUse: true }),
  );
  client = simulation.process('client').network;
});

afterAll(() => simulation.shutDown());

/** Sends the path byte for byte: `fetch` would resolve its dots itself. */
async function ask(path: string, method = 'GET', body?: object) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const asked = async () => {
    const { statusCode, body: answer } = await client
      .dispatcher()
      .request({ origin: 'http://gateway', path, method: method as 'GET', ...sent });
    return { status: statusCode, text: await answer.text() };
  };
  arrived.length = 0;
  return simulation.run(asked());
}

const dots = ['..', '%2e%2e', '%2E.', '.%2e', '%252e%252e', '.', '%2e', '...', '%2e%2e%2f', '..%2f..', '..%5c', '..\\'];
const odd = [
  '',
  '%2f',
  '%5c',
  '\\',
  '%00',
  '%0a',
  '%25',
  '%',
  '%zz',
  '%c0%ae%c0%ae',
  '%F0%9F%90%B3',
  ';',
  ':',
  '@',
  '+',
];
const places = [
  'internal',
  'logs',
  'victim',
  'fabric',
  'v4',
  'projects',
  'other',
  'content',
  'tasks',
  'x'.repeat(2000),
];
const segment = fc.oneof(fc.constantFrom(...dots), fc.constantFrom(...odd, ...places), fc.webSegment());
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE');

/** The project and key that the path names: its segments decoded, and nothing resolved. */
function named(path: string): { readonly project: string; readonly key: string | undefined } | undefined {
  const [, project, slash, key] = /^\/+fabric\/v4\/projects\/([^/]+)\/content(\/)?(.*)$/s.exec(path) ?? [];
  if (project === undefined) return undefined;
  return { project: decodePath(project), key: slash ? decodePath(key ?? '').replace(/^\/+/, '') : undefined };
}

describe('paths through the gateway', () => {
  it('reach the object that they name, or are refused as the client’s fault', async () => {
    const paths = fc.tuple(segment, fc.array(segment, { maxLength: 12 }), fc.constantFrom('', '/', '//'));
    await fc.assert(
      fc.asyncProperty(paths, method, async ([project, rest, end], how) => {
        const path = `/fabric/v4/projects/${project}/content/${rest.join('/')}${end}`;
        const { status } = await ask(path, how);
        expect(status).toBeLessThan(500);
        if (arrived.length === 0) return void expect(status).toBeGreaterThanOrEqual(400);
        expect(arrived).toHaveLength(1);
        expect(named(arrived[0]?.url ?? '')).toEqual(named(path));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    '/fabric/v4/projects/p/content/../../../../../internal/logs/victim/evil-1?line=0',
    '/fabric/v4/projects/p/content/%2e%2e/%2E%2E/%2e./.%2e/../internal/logs/victim/evil-1?line=0',
    '/fabric/v4/projects/p/content/../../other/content/x',
    '/fabric/v4/projects/p/content/a%2f..%2f..%2f..%2fother%2fcontent%2fx',
    '/fabric/v4/projects/%2e%2e/content/x',
    '/fabric/v4/projects/p%2f..%2fother/content/x',
    '/fabric/v4/projects/p/content/a%00b',
    '/fabric/v4/projects/p/content//',
    `/fabric/v4/projects/p/content/${'x'.repeat(1025)}`,
    '/fabric/v4/projects/%2e%2e/content',
    '/fabric/v4/projects/%2e%2e/tasks/t/logs?raw=true',
  ])('is no way into anything else: %s', async (path) => {
    for (const how of ['GET', 'POST', 'DELETE']) {
      const { status } = await ask(path, how);
      expect([how, arrived.length, status >= 400 && status < 500]).toEqual([how, 0, true]);
    }
  });

  it.each(['with space', '100%', '%252e%252e', 'a//b', 'a\\..\\b', '日本/🐳', '...', 'a;b:c@d+e', 'dir/'])(
    'keeps the key as it is: %s',
    async (key) => {
      const path = `/fabric/v4/projects/p/content/${key.split('/').map(encodeURIComponent).join('/')}`;
      expect((await ask(path, 'POST')).status).toBe(200);
      expect(named(arrived[0]?.url ?? '')).toEqual({ project: 'p', key });
    },
  );

  it('passes on of a query what a list takes, and nothing behind it', async () => {
    await ask('/fabric/v4/projects/p/content?filter=a%26limit=9%23x&skip=2&other=1#f');
    expect(arrived.map(({ url }) => url)).toEqual(['/fabric/v4/projects/p/content?filter=a%26limit%3D9%23x&skip=2']);
  });

  it.each([
    { projectId: '..', name: 't' },
    { projectId: 'p/../other', name: 't' },
    { projectId: 'p', name: 't', logs: { key: 'tasks/../../../other/content/x/log.txt' } },
    { projectId: 'p', name: 't', jobName: '../../other' },
    { projectId: 'p', name: 't', jobName: '..', jobType: 'cron' },
  ])('no record leads anywhere else either: %j', async (facts) => {
    const [path, { body }] = report('uid-1', { ...facts, state: 'COMPLETE' });
    await ask(path, 'POST', body as object);
    for (const query of ['raw=true', 'format=rows', 'follow=false']) {
      const { status } = await ask(`/fabric/v4/projects/${encodeURIComponent(facts.projectId)}/tasks/t/logs?${query}`);
      expect(status).toBeLessThan(500);
      for (const { url } of arrived) expect(url).toMatch(/^\/(fabric\/v4\/projects\/p\/content|internal\/logs\/p)\//);
    }
  });
});
