/** An action is the same in whatever form it is sent (contract 3.8, 4.1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionDocument } from '../schemas/action.ts';
import { documentNameFault, normalizeAction } from './normalize.ts';

const actionOf = (document: object, actionType?: string) => {
  const normalized = normalizeAction({ name: 'a', image: 'i', ...document } as ActionDocument, actionType);
  return 'action' in normalized ? normalized.action : undefined;
};
const pathsOf = (document: object) => {
  const normalized = normalizeAction({ name: 'a', image: 'i', ...document } as ActionDocument, undefined, [
    'actions',
    2,
  ]);
  return 'faults' in normalized ? normalized.faults.map(({ path }) => path) : [];
};

const variables = fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), fc.string({ maxLength: 12 }), {
  maxKeys: 5,
});

test('variables in one text are those of an object', () => {
  fc.assert(
    fc.property(variables, (given) => {
      const text = Object.entries(given)
        .map(([name, value]) => `"${name}"="${value.replace(/[\\"]/g, '\\$&')}"`)
        .join(',');
      expect(actionOf({ environmentVariables: text })?.environment).toEqual(given);
      expect(actionOf({ environmentVariables: given })?.environment).toEqual(given);
    }),
  );
});

test.each([
  ['"TEST"="value"', { TEST: 'value' }],
  ['"A"="b","C"="d"', { A: 'b', C: 'd' }],
  ['A=b, C = d', { A: 'b', C: 'd' }],
  ['A=', { A: '' }],
  ['"A"="x=1,y=2"', { A: 'x=1,y=2' }],
  ['', {}],
  [null, {}],
  [
    { N: 3, B: true },
    { N: '3', B: 'true' },
  ],
])('variables %j are %j', (environmentVariables, wanted) => {
  expect(actionOf({ environmentVariables })?.environment).toEqual(wanted);
});

test.each([
  ['["python","/app/main.py"]', ['python', '/app/main.py']],
  [['python'], ['python']],
  ['[]', []],
  ['', []],
  [null, []],
  [undefined, []],
])('command %j is %j', (command, wanted) => expect(actionOf({ command })?.command).toEqual(wanted));

test.each([
  [{ type: 'daemon' }, undefined, 'daemon'],
  [{ actionType: 'daemon' }, undefined, 'daemon'],
  [{}, 'daemon', 'daemon'],
  [{ type: 'job' }, 'daemon', 'job'],
  [{}, undefined, 'job'],
])('%j with the query %s is a %s', (document, query, wanted) => expect(actionOf(document, query)?.type).toBe(wanted));

test('image wins over docker, which does where it is alone', () => {
  expect(actionOf({ docker: 'd' })?.image).toBe('i');
  expect(actionOf({ image: '', docker: 'd' })?.image).toBe('d');
});

test.each([
  [{ port: '5000' }, 'port', 5000],
  [{ port: 80 }, 'port', 80],
  [{ scaleCount: '2' }, 'scaleCount', 2],
  [{ jobTimeout: '600' }, 'jobTimeout', 600],
  [{ jobTimeout: '' }, 'jobTimeout', undefined],
  [{ podSpec: '' }, 'podSpec', []],
  [{ podSpec: '[{"path":"/volumes","value":[]}]' }, 'podSpec', [{ path: '/volumes', value: [] }]],
] as const)('%j gives %s %j', (document, field, wanted) => expect(actionOf(document)?.[field]).toEqual(wanted));

describe('a fault', () => {
  test.each([
    [{ port: 0 }, 'port'],
    [{ port: '5e3' }, 'port'],
    [{ port: 70_000 }, 'port'],
    [{ jobTimeout: 1.5 }, 'jobTimeout'],
    [{ scaleCount: -1 }, 'scaleCount'],
    [{ command: '{"a":1}' }, 'command'],
    [{ command: 'python main.py' }, 'command'],
    [{ environmentVariables: '"A' }, 'environmentVariables'],
    [{ environmentVariables: { 'a b': 'c' } }, 'environmentVariables'],
    [{ environmentVariables: { a: {} } }, 'environmentVariables'],
    [{ podSpec: 'x' }, 'podSpec'],
    [{ podSpec: [{ path: 'volumes', value: 1 }] }, 'podSpec'],
    [{ k8sResources: ['{'] }, 'k8sResources'],
    [{ k8sResources: [{ kind: 'ConfigMap' }] }, 'k8sResources'],
    [{ concurrencyPolicy: 'Never' }, 'concurrencyPolicy'],
    [{ image: '', docker: '' }, 'image'],
    [{ name: 'a/b/c' }, 'name'],
  ])('%j is at %s', (document, field) => expect(pathsOf(document)).toEqual([['actions', 2, field]]));

  test('does not hide another', () => expect(pathsOf({ port: 0, scaleCount: -1, name: '' })).toHaveLength(3));
});

test('a name may hold one slash, and nothing that a path, a label or a prototype could take for something else', () => {
  for (const name of ['a', 'cortex/My_Agent', 'a.b-c/d', 'constructor'])
    expect(documentNameFault(name)).toBeUndefined();
  for (const name of ['', '/a', 'a/', 'a//b', '..', 'a/..', 'a b', 'a%2Fb', 'ä', '__proto__', 'a'.repeat(129)]) {
    expect(documentNameFault(name)).toBeTypeOf('string');
  }
});
