/**
 * The control API answers what its description says, describes all that it has, and runs programs for administrators
 * alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heldTo } from '../../../fabric/openapi/held.fixture.ts';
import { structureFaults } from '../../../fabric/openapi/structure.fixture.ts';
import { RunningUp } from '../running-up.fixture.ts';
import { controlDocument, controlRoutes } from './document.ts';
import { problem } from './route.ts';

const held = heldTo(
  controlRoutes.map(({ operation }) => operation),
  problem,
);

let up: RunningUp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-control-'));
  up = await RunningUp.start();
});
afterAll(async () => {
  await up?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ask {
  readonly body?: unknown;
  readonly authorization?: string;
}

/** Each answer is held to the description. */
async function asked(method: string, path: string, { body, authorization = '' }: Ask = {}) {
  const answer = await fetch(`${up.endpoints.control.url}${path}`, {
    method,
    headers: authorization === '' ? {} : { authorization },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const contentType = answer.headers.get('content-type') ?? undefined;
  expect(held.answerFaults({ method, url: path, status: answer.status, contentType, text })).toEqual([]);
  return { status: answer.status, json: contentType === 'application/json' ? JSON.parse(text) : undefined };
}
const administrator = () => ({ authorization: `Bearer ${up.endpoints.kubernetes.token}` });

describe('the description', () => {
  test('is OpenAPI 3.1, and what is served', async () => {
    expect(structureFaults(controlDocument())).toEqual([]);
    expect((await asked('GET', '/openapi.json')).json).toEqual(JSON.parse(JSON.stringify(controlDocument())));
  });

  test.each(controlRoutes.map(({ operation }) => operation).filter(({ operationId }) => operationId !== 'stopRun'))(
    'tells what $method $path answers to nothing',
    async ({ method, path }) => {
      expect((await asked(method, path.replace(/\{\w+\}/, 'nix'))).status).toBeLessThan(500);
    },
  );

  test.each([
    ['POST', '/clock', { advance: '1s' }, 200],
    ['POST', '/clock', { speed: 0 }, 400],
    ['POST', '/clock', 'no JSON', 400],
    ['POST', '/clock', { advance: 'x'.repeat(70_000) }, 413],
    ['POST', '/faults', { kind: 'thunder' }, 400],
    ['DELETE', '/faults/99', undefined, 404],
    ['DELETE', '/faults/%', undefined, 400],
    ['PUT', '/clock', undefined, 404],
    ['GET', '/nothing', undefined, 404],
  ])('holds for %s %s with %j', async (method, path, body, status) => {
    expect((await asked(method, path, { body })).status).toBe(status);
  });
});

describe('programs of this machine', () => {
  test.each([
    ['GET', '/images'],
    ['POST', '/images'],
    ['DELETE', '/images/a'],
  ])('%s %s is for administrators alone', async (method, path) => {
    expect((await asked(method, path)).status).toBe(401);
    const { status, json } = await asked(method, path, { authorization: 'Bearer somebody' });
    expect([status, json.message]).toEqual([401, expect.stringContaining('kubernetes.token')]);
  });

  test.each([
    [{ image: 'a' }, 'command'],
    [{ image: 'a', command: [] }, 'command'],
    [{ image: '', command: ['a'] }, 'image'],
    [{ image: 'a', command: ['a'], folder: 'here' }, 'folder'],
    [{ image: 'a', command: ['a'], folder: '/no/such/folder' }, 'folder'],
    [{ image: 'a', command: ['a'], environment: { A: 1 } }, 'environment.A'],
    [{ image: 'a', command: ['a'], comand: ['a'] }, 'comand'],
  ])('%j is refused by its field', async (body, field) => {
    const { status, json } = await asked('POST', '/images', { ...administrator(), body });
    expect([status, json.message]).toEqual([400, expect.stringContaining(field)]);
  });

  test('are images from then on, until they are taken away', async () => {
    const image = 'weather/forecast:1.0.0';
    writeFileSync(join(folder, 'main.mjs'), 'console.log("in", process.cwd(), process.env.A);');
    const program = { command: [process.execPath, 'main.mjs'], folder, environment: { A: 'b' } };
    const body = { image, ...program };
    expect((await asked('POST', '/images', { ...administrator(), body })).status).toBe(200);
    expect((await asked('GET', '/images', administrator())).json.images).toMatchObject({ [image]: program });
    expect(await logOf(image)).toMatch(new RegExp(`^in .*${folder.split('/').at(-1)} b\n$`));
    const removed = () => asked('DELETE', `/images/${encodeURIComponent(image)}`, administrator());
    expect([(await removed()).status, (await removed()).status]).toEqual([200, 404]);
  });
});

/** What a pod with that image prints. */
async function logOf(image: string): Promise<string> {
  const action = { name: 'say', type: 'job', image };
  const routing = { all: { action: 'say', runtime: 'cortex/jobs', output: 'response' } };
  const skill = {
    camel: '1.0.0',
    name: 'say',
    inputs: [{ name: 'request', routing }],
    outputs: [{ name: 'response' }],
  };
  const project = '/fabric/v4/projects/proj1';
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    return (await up.asked(`${project}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  await post('/skills', { ...skill, actions: [action] });
  const { activationId } = (await post('/skillinvoke/say/inputs/request', { payload: {} })) as { activationId: string };
  const activation = async () =>
    (await (await up.asked(`${project}/activations/${activationId}`)).json()) as { status: string; response?: string };
  await expect.poll(async () => (await activation()).status, { timeout: 20_000 }).toBe('COMPLETE');
  return (await activation()).response ?? '';
}
