/**
 * Random requests to every route of every server: whatever comes, no answer is a 5xx that says nothing, and the
 * services live on.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench, type Server, servers } from './bench.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const body = { metadata: { name: 'a' }, data: { a: 'b' } };
  await bench.ask('kubernetes', 'POST', '/api/v1/namespaces/default/configmaps', { body });
  await bench.ask('gateway', 'POST', '/internal/tasks/u', {
    body: { name: 'a', projectId: 'p', state: 'COMPLETE', jobName: 'a' },
  });
  await bench.ask('content', 'POST', '/fabric/v4/projects/p/content/a', { body: 'b' });
}, 60_000);
afterAll(() => bench.end());

/** Routes, with `*` where anything may stand. */
const routes: Readonly<Record<Server, readonly string[]>> = {
  kubernetes: [
    '/api/v1/namespaces/default/configmaps/a',
    '/api/v1/namespaces/*/configmaps/*',
    '/api/v1/namespaces/default/pods/*/log',
    '/api/v1/namespaces/default/pods/*/*',
    '/api/v1/namespaces/default/serviceaccounts/default/token',
    '/apis/batch/v1/namespaces/default/jobs/*',
    '/apis/batch/v1/namespaces/default/jobs/*/status',
    '/apis/apps/v1/namespaces/default/deployments/*/scale',
    '/apis/fabric.orrery.dev/v1alpha1/namespaces/default/tasks/*',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/*',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    '/api/v1/watch/namespaces/*/pods/*',
    '/openapi/v2/*',
    '/openapi/v3/*',
    '/apis/*/*/*/*/*',
    '/*',
  ],
  gateway: [
    '/fabric/v4/info/*',
    '/fabric/v4/projects/*/tasks',
    '/fabric/v4/projects/p/tasks/*',
    '/fabric/v4/projects/p/tasks/a/logs',
    '/fabric/v4/projects/p/tasks/*/pause',
    '/fabric/v4/projects/*/content/*/*',
    '/internal/tasks/*',
    '/*',
  ],
  content: [
    '/fabric/v4/projects/*/content',
    '/fabric/v4/projects/*/content/*/*',
    '/fabric/v4/projects/p/content/a',
    '/internal/logs/*/*',
    '/internal/logs/*/*/rows',
    '/*',
  ],
  control: ['/clock', '/faults', '/faults/*', '/trace/*', '/*'],
  node: ['/containerLogs/*/*/*', '/logs/pods/*/*/*', '/logs/*', '/healthz/*', '/*'],
};

const nastyText = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    'a',
    'p',
    '\0',
    '\u0085',
    '\ud800',
    '日本',
    "'; DROP TABLE x",
    '$(x)',
    '%',
    '{}',
    '[]',
    '-1',
    '1e999',
    'NaN',
    'null',
    'true',
    '9'.repeat(30),
    '2026-13-45T99:99:99Z',
    'x'.repeat(3_000),
    'constructor',
    '__proto__',
    'a,b',
    'a=b',
    'a in (',
    '!',
    '\\',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE');
const parameterNames = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
  'propagationPolicy',
  'gracePeriodSeconds',
  'includeObject',
  'container',
  'tailLines',
  'limitBytes',
  'sinceTime',
  'sinceSeconds',
  'previous',
  'timestamps',
  'stream',
  'filter',
  'sort',
  'skip',
  'state',
  'startAfter',
  'format',
  'raw',
  'after',
  'before',
  'offset',
  'line',
  'begin',
  'scheduled',
  'k8s',
  'sendInitialEvents',
  'allowWatchBookmarks',
];
const query = fc.array(fc.tuple(fc.constantFrom(...parameterNames), nastyText), { maxLength: 3 });
const headerValue = fc.oneof(
  fc.constantFrom(
    'application/json',
    'application/yaml',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/json-patch+json',
    'application/apply-patch+yaml',
    'application/vnd.kubernetes.protobuf',
    'multipart/form-data; boundary=b',
    'text/plain',
    'application/json;as=Table;v=v1;g=meta.k8s.io',
    'bytes=5-1',
    'bytes=-0',
    'Bearer a.b.c',
    'Basic eDp5',
    '{"a":1}',
    '%zz',
    ';;;',
    '*/*;q=x',
    '-1',
    '1e9',
  ),
  fc.string({ unit: fc.constantFrom(...'abc=;,/*+-_."{}[]% \u00e9'.split('')), maxLength: 20 }),
);
const headerNames = [
  'content-type',
  'accept',
  'range',
  'if-range',
  'if-none-match',
  'x-content-ttl',
  'x-log-ledger',
  'last-event-id',
  'user-agent',
  'impersonate-user',
  'impersonate-group',
  'impersonate-extra-x',
  'authorization',
];
const headers = fc.dictionary(fc.constantFrom(...headerNames), headerValue, { maxKeys: 3 });
const member = fc.constantFrom(
  'metadata',
  'spec',
  'status',
  'data',
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'resourceVersion',
  'generateName',
  'template',
  'selector',
  'containers',
  'replicas',
  'kind',
  'apiVersion',
  'op',
  'path',
  'value',
  'from',
  '$patch',
  '$setElementOrder/containers',
  '$retainKeys',
  'projectId',
  'state',
  'payload',
  'schedule',
  'image',
  'environment',
  'speed',
  'advance',
  'probability',
  'service',
  '',
  'a',
  '__proto__',
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e21,
      '',
      'a',
      'v1',
      'ConfigMap',
      '/data/a',
      'add',
      'remove',
      'copy',
      'test',
      'Infinity',
      '1h',
      '* * * * *',
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.array(fc.tuple(member, tie('tree')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const body = fc.oneof(
  tree.map((value) => JSON.stringify(value)),
  tree
    .map((value) => JSON.stringify(value))
    .chain((text) => fc.integer({ min: 0, max: text.length }).map((end) => text.slice(0, end))),
  fc.constantFrom(
    '',
    '{',
    '---\n- a',
    'a: b: c',
    '&a [*a]',
    '\t',
    'k8s\0\x0a',
    '--b\r\n\r\n',
    '2026-01-01T00:00:00.000000000Z line\n',
    'x',
  ),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
);

/** A path of one of the server's routes with something in its places; what an HTTP parser would refuse is encoded. */
const path = (server: Server) =>
  fc
    .tuple(
      fc.constantFrom(...routes[server]),
      fc.array(fc.tuple(nastyText, fc.boolean()), { minLength: 6, maxLength: 6 }),
    )
    .map(([route, texts]) => {
      let at = 0;
      return route.replace(/\*/g, () => {
        const [text, isRaw] = texts[at++ % texts.length] as [string, boolean];
        return isRaw ? text.replace(/[^\x21-\x7e]|[?#]/g, '') : encodeURIComponent(text.toWellFormed());
      });
    });
const request = fc
  .constantFrom(...servers)
  .chain((server) => fc.tuple(fc.constant(server), method, path(server), query, headers, body));

/** Refusals that say of themselves that something is not there, as the contract and docs/limits.md have it. */
const stated = /not-built|no-cluster|not simulated|NotImplemented|is not here|not available in this/i;
/** What a real API server, too, answers so: patches that its types do not know. */
const ofTheRealOne =
  /strconv.ParseUint|field not declared in schema|failed to create typed patch|unable to find api field|does not contain declared merge key|merging lists cannot yet|list element types|unknown patch type|interface conversion|cannot merge lists|expected a \[\]interface|doesn't match \$setElementOrder/;

it('are answered by a 2xx, a 3xx or a 4xx, and everybody lives on', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ([server, how, where, asked, more, sent]) => {
      const text = new URLSearchParams(
        asked.map(([name, value]): [string, string] => [name, value.toWellFormed()]),
      ).toString();
      const isBodied = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(how);
      const { accept, ...others } = more;
      const whole = { ...others, ...(accept === undefined ? {} : { accept }) };
      const answer = await bench.ask(server, how, `${where}${text === '' ? '' : `?${text}`}`, {
        headers: whole,
        ...(isBodied ? { body: sent } : {}),
      });
      if (answer.code >= 500 && !stated.test(answer.text) && !ofTheRealOne.test(answer.text)) {
        throw new Error(`${server} answered ${answer.code}: ${answer.text.slice(0, 500)}`);
      }
      for (const name of Object.keys(answer.headers)) expect(name).not.toMatch(/^access-control-/);
    }),
    { numRuns: Number(process.env.ORRERY_HOSTILE_RUNS ?? 1_500), seed: Number(process.env.ORRERY_HOSTILE_SEED ?? 1) },
  );
  const alive = { kubernetes: '/readyz', gateway: '/readyz', content: '/readyz', control: '/clock', node: '/healthz' };
  for (const server of servers)
    expect([server, (await bench.ask(server, 'GET', alive[server])).code]).toEqual([server, 200]);
}, 300_000);
