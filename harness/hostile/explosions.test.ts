/**
 * Work that a small request could make large: it is bounded, and whoever asked for it is told so. Texts are those of
 * kube-apiserver 1.36.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Bench, openBench } from './bench.fixture.ts';

let bench: Bench;
const configMaps = '/api/v1/namespaces/default/configmaps';
const things = '/apis/example.com/v1/namespaces/default/things';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'things', kind: 'Thing' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
beforeAll(async () => {
  bench = await openBench();
  await ask('POST', configMaps, 'application/json', { metadata: { name: 'a' }, data: { a: 'b' } });
  await ask('POST', definitions, 'application/json', definition);
  await bench.simulation.advance(3_000);
  const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' } };
  expect((await ask('POST', things, 'application/json', thing)).code).toBe(201);
}, 60_000);
afterAll(() => bench.end());

function ask(method: string, path: string, type: string, body: unknown): Promise<Answer> {
  return bench.ask('kubernetes', method, path, { headers: { 'content-type': type }, body });
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const json = 'application/json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const patch = 'application/json-patch+json';
const apply = 'application/apply-patch+yaml';
const yaml = 'application/yaml';
const field = 'exceeded max depth';

/** Requests of every verb and form with that value in it. */
const requests = (value: string): [string, string, string, string][] => [
  ['POST', configMaps, json, `{"metadata":{"name":"new"},"x":${value}}`],
  ['POST', configMaps, json, `{"metadata":{"name":"new"},"data":${value}}`],
  ['POST', configMaps, yaml, `{"metadata":{"name":"new"},"x":${value}}`],
  ['PUT', `${configMaps}/a`, json, `{"metadata":{"name":"a"},"x":${value}}`],
  ['PATCH', `${configMaps}/a`, merge, `{"x":${value}}`],
  ['PATCH', `${configMaps}/a`, strategic, `{"x":${value}}`],
  ['PATCH', `${configMaps}/a`, patch, `[{"op":"add","path":"/x","value":${value}}]`],
  [
    'PATCH',
    `${configMaps}/a?fieldManager=x`,
    apply,
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"x":${value}}`,
  ],
  ['POST', things, json, `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"new"},"x":${value}}`],
  ['PUT', `${things}/t`, json, `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"t"},"x":${value}}`],
  ['PATCH', `${things}/t`, merge, `{"x":${value}}`],
  ['PATCH', `${things}/t`, patch, `[{"op":"add","path":"/x","value":${value}}]`],
  [
    'PATCH',
    `${things}/t?fieldManager=x&force=true`,
    apply,
    `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"t"},"x":${value}}`,
  ],
  [
    'POST',
    definitions,
    json,
    JSON.stringify(definition)
      .replaceAll('hing', 'hang')
      .replace('"type":"object"', `"type":"object","properties":{"spec":{"type":"object","default":${value}}}`),
  ],
  [
    'POST',
    definitions,
    json,
    JSON.stringify(definition)
      .replaceAll('hing', 'hong')
      .replace('"type":"object"', `"type":"object","not":${value.replaceAll('"a"', '"not"').replace('1', '{}')}`),
  ],
  ['POST', '/api/v1/namespaces/default/pods', json, `{"metadata":{"name":"new"},"spec":${value}}`],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', json, `{"spec":${value}}`],
  ['POST', '/api/v1/namespaces/default/serviceaccounts/default/token', json, `{"spec":${value}}`],
  ['DELETE', `${configMaps}/none`, json, `{"kind":"DeleteOptions","apiVersion":"v1","x":${value}}`],
  ['DELETE', `${configMaps}?labelSelector=none`, json, `{"kind":"DeleteOptions","apiVersion":"v1","x":${value}}`],
  ['PUT', `${configMaps}/a`, json, value],
  ['PATCH', `${things}/t`, merge, value],
];

describe('objects within objects', () => {
  it.each([1_001, 5_000, 10_001, 30_000, 300_000])('%i deep are refused, in every form of a write', async (levels) => {
    for (const value of [nested(levels), lists(levels)]) {
      for (const [method, path, type, body] of requests(value)) {
        const { code, text } = await ask(method, path, type, body);
        expect([method, path, type, code, text]).toEqual([
          method,
          path,
          type,
          400,
          expect.stringMatching(/exceeded max depth|cannot unmarshal|Invalid JSON Patch/),
        ]);
      }
    }
  });

  it.each([10, 400, 950])(
    '%i deep are answered, and what is stored can be read, watched and changed',
    async (levels) => {
      for (const value of [nested(levels), lists(levels)]) {
        for (const [method, path, type, body] of requests(value)) {
          const { code, text } = await ask(method, path, type, body);
          // Of a real server, too: what its types do not declare is a plain 500 to an apply.
          const isUndeclared = type === apply && text.includes('field not declared in schema');
          expect([method, path, type, isUndeclared ? 0 : code, text.slice(0, 300)]).toEqual([
            method,
            path,
            type,
            isUndeclared ? 0 : expect.toSatisfy((each: number) => each < 500),
            expect.any(String),
          ]);
        }
        const { code, text } = await bench.ask('kubernetes', 'GET', `${things}/t`);
        expect([code, text.includes('"x"')]).toEqual([200, true]);
        for (const accept of [yaml, 'application/json;as=Table;v=v1;g=meta.k8s.io']) {
          expect((await bench.ask('kubernetes', 'GET', things, { headers: { accept } })).code).toBe(200);
        }
        expect((await ask('DELETE', `${things}/new`, json, undefined)).code).toBe(200);
        await bench.ask('kubernetes', 'DELETE', `${definitions}/hangs.example.com`);
        await bench.ask('kubernetes', 'DELETE', `${configMaps}/new`);
      }
    },
  );

  it.each([
    [
      'POST',
      json,
      `{"metadata":{"name":"n"},"x":${nested(10_001)}}`,
      `json parse error: invalid character '{' ${field}`,
    ],
    [
      'POST',
      json,
      `{"metadata":{"name":"n"},"x":${lists(10_001)}}`,
      `json parse error: invalid character '[' ${field}`,
    ],
    ['POST', yaml, `{"metadata":{"name":"n"},"x":${nested(10_001)}}`, `yaml: ${field} of 10000`],
    ['PATCH', merge, `{"x":${nested(10_001)}}`, `error decoding patch: invalid character '{' ${field}`],
    [
      'PATCH',
      patch,
      `[{"op":"add","path":"/x","value":${nested(10_001)}}]`,
      `error decoding patch: invalid character '{' ${field}`,
    ],
    [
      'PATCH',
      apply,
      `{"x":${nested(10_001)}}`,
      `error decoding YAML: error converting YAML to JSON: yaml: ${field} of 10000`,
    ],
    [
      'PATCH',
      apply,
      `x:\n${Array.from({ length: 1_500 }, (_, index) => `${' '.repeat(index + 1)}a:`).join('\n')}`,
      `yaml: ${field} of 10000`,
    ],
    ['PATCH', apply, '- '.repeat(100_000), `yaml: ${field} of 10000`],
  ])('are refused in the words of the real server: %s %s', async (method, type, body, words) => {
    const path = method === 'POST' ? configMaps : `${configMaps}/a${type === apply ? '?fieldManager=x' : ''}`;
    const { code, text } = await ask(method, path, type, body);
    expect([code, (JSON.parse(text) as { message: string }).message]).toEqual([400, expect.stringContaining(words)]);
  });

  it('may be as deep as they like in a text that nobody asked for: what kubectl applied last', async () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': `{"apiVersion":"v1","data":${nested(20_000)}}`,
    };
    await ask('POST', configMaps, json, { metadata: { name: 'applied', annotations }, data: { a: 'b' } });
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: c}\n';
    const answer = await ask('PATCH', `${configMaps}/applied?fieldManager=kubectl&force=true`, apply, body);
    expect([answer.code, answer.text.slice(0, 100)]).toEqual([200, expect.any(String)]);
  });

  it.each([100, 5_000, 30_000])('%i deep are refused by the other servers', async (levels) => {
    for (const value of [nested(levels), lists(levels)]) {
      const tasks = '/fabric/v4/projects/p/tasks';
      const record = `{"uid":"u","name":"n","projectId":"p","state":"ACTIVE","x":${value}}`;
      const answers = [
        await bench.ask('gateway', 'POST', tasks, { body: `{"name":"n","payload":${value}}` }),
        await bench.ask('gateway', 'POST', tasks, { body: value }),
        await bench.ask('gateway', 'PATCH', `${tasks}/n`, { body: value }),
        await bench.ask('gateway', 'POST', '/internal/tasks/u', { body: record }),
        await bench.ask('content', 'POST', '/internal/logs/p/f?line=0', {
          headers: { 'x-log-ledger': `{"a":${value}}` },
          body: '',
        }),
        await bench.ask('control', 'POST', '/faults', { body: `{"kind":${value}}` }),
        await bench.ask('control', 'POST', '/clock', { body: `{"advance":${value}}` }),
      ];
      expect(answers.map(({ code }) => (code === 413 ? 400 : code))).toEqual(answers.map(() => 400));
    }
  });
});

describe('copies by a JSON patch', () => {
  const doubling = (times: number) => [
    { op: 'add', path: '/x', value: { v: 'x'.repeat(1_000) } },
    ...Array.from({ length: times }, (_, index) => ({ op: 'copy', from: '/x', path: `/x/c${index}` })),
  ];

  it.each([
    [5, 200],
    [11, 200],
    [12, 422],
    [24, 422],
    [60, 422],
  ])('that double a value %i times: %i', async (times, code) => {
    for (const path of [`${configMaps}/a`, `${things}/t`]) {
      const answer = await ask('PATCH', path, patch, doubling(times));
      expect([path, answer.code, answer.text.slice(0, 200)]).toEqual([path, code, expect.any(String)]);
      if (code === 422) expect(answer.text).toContain('the server rejected our request due to an error in our request');
    }
  });

  it.each([
    [3_145, 200],
    [3_146, 422],
  ])('of 1,000 bytes, %i times: %i', async (times, code) => {
    const copies = Array.from({ length: times }, () => ({ op: 'copy', from: '/x', path: '/y' }));
    const body = [{ op: 'add', path: '/x', value: 'x'.repeat(998) }, ...copies];
    expect((await ask('PATCH', `${configMaps}/a`, patch, body)).code).toBe(code);
  });

  it.each([
    [10_000, 200],
    [10_001, 413],
  ])('%i operations: %i', async (count, code) => {
    const body = Array.from({ length: count }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' }));
    expect((await ask('PATCH', `${configMaps}/a`, patch, body)).code).toBe(code);
  });
});

describe('aliases of YAML', () => {
  const bomb = Array.from(
    { length: 9 },
    (_, index) =>
      `a${index}: &a${index} [${Array(10)
        .fill(index === 0 ? 'x' : `*a${index - 1}`)
        .join(',')}]`,
  ).join('\n');

  it.each([
    ['POST', yaml, `metadata: {name: b}\n${bomb}`, 400, 'yaml: document contains excessive aliasing'],
    [
      'PATCH',
      apply,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${bomb}`,
      400,
      'error decoding YAML: error converting YAML to JSON: yaml: document contains excessive aliasing',
    ],
    ['POST', yaml, 'metadata: {name: c}\nx: &x [*x]\n', 400, "yaml: anchor 'x' value contains itself"],
    ['POST', yaml, 'metadata: {name: d}\ndata: {a: &x b, c: *x}\n', 201, '"c":"b"'],
  ])('%s %s %#', async (method, type, body, code, words) => {
    const path = method === 'POST' ? configMaps : `${configMaps}/a?fieldManager=x`;
    const answer = await ask(method, path, type, body);
    expect([answer.code, answer.text]).toEqual([code, expect.stringContaining(words)]);
  });
});

describe('numbers', () => {
  it.each([
    ['POST', configMaps, '{"metadata":{"name":"n","generation":1e400}}', 400],
    ['POST', configMaps, '{"metadata":{"name":"n","generation":99999999999999999999999}}', 400],
    ['POST', things, '{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"n"},"x":1e400}', 400],
    [
      'POST',
      things,
      '{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"n"},"x":99999999999999999999999}',
      201,
    ],
    ['GET', `${configMaps}?limit=99999999999999999999`, undefined, 400],
    ['GET', `${configMaps}?limit=-1`, undefined, 200],
    ['GET', `${configMaps}?watch=1&timeoutSeconds=1e3`, undefined, 400],
  ])('beyond all bounds: %s %s %s', async (method, path, body, code) => {
    expect((await ask(method, path, json, body)).code).toBe(code);
  });
});

describe('very many', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);

  it.each([
    ['terms of a selector', () => `${configMaps}?labelSelector=${names(100_000).join(',')}`],
    ['values of a selector', () => `${configMaps}?labelSelector=a+in+(${names(100_000).join(',')})`],
    [
      'terms of a field selector',
      () => `${configMaps}?fieldSelector=${names(100_000).fill('metadata.name!=x').join(',')}`,
    ],
    ['characters of a path', () => `/api/v1/namespaces/${'x'.repeat(1_000_000)}/pods`],
    ['segments of a path', () => `/api/v1${'/x'.repeat(200_000)}`],
    ['parameters', () => `${configMaps}?${names(100_000).join('&')}`],
  ])('%s are answered', async (_, path) => {
    expect((await bench.ask('kubernetes', 'GET', path())).code).toBeLessThan(500);
  });

  it('keys and labels are stored', async () => {
    const many = Object.fromEntries(names(100_000).map((name) => [name, '']));
    const body = { metadata: { name: 'many', labels: many }, data: many };
    expect((await ask('POST', configMaps, json, body)).code).toBe(201);
    expect((await ask('PATCH', `${configMaps}/many`, merge, { data: { a1: 'x' } })).code).toBe(200);
    expect((await bench.ask('kubernetes', 'DELETE', `${configMaps}/many`)).code).toBe(200);
  });

  it('unknown fields are warned of within what a head can hold', async () => {
    const many = Object.fromEntries(names(50_000).map((name) => [name, 1]));
    const answer = await ask('POST', configMaps, json, { metadata: { name: 'unknown' }, ...many });
    const warnings = [answer.headers.warning ?? []].flat();
    expect([answer.code, warnings[0]]).toEqual([201, '299 - "unknown field \\"a0\\""']);
    expect(warnings.join('').length).toBeLessThan(12_000);
  });
});
