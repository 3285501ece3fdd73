/**
 * The judge itself: what the normalizer, the comparer and the list of accepted differences find and what they let pass.
 */
import { describe, expect, test } from 'vitest';
import { type Accepted, accepted, reasonFor } from './accepted.ts';
import { readCatalogue } from './catalogue.ts';
import { compareAnswers, describeDifference } from './compare.ts';
import type { Answer, Json } from './exchange.ts';
import { fill, merged, valueAt } from './fill.ts';
import { sort, type Verdict } from './judge.ts';
import { normalize } from './normalize.ts';
import { unusedOf } from './suite.ts';

function answer(body: Json, facts: Partial<Answer> = {}): Answer {
  return { request: 'GET /x', status: 200, headers: {}, body, ...facts };
}

function normalized(body: Json, sent: readonly string[] = []): Json {
  return normalize({ answers: [answer(body)], sent: new Set(sent) })[0]?.body ?? null;
}

const one = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';

describe('the normalizer', () => {
  test('numbers uids by first appearance, wherever they stand', () => {
    const body = normalized({ a: other, b: one, c: other, message: `not ${one}` });
    expect(body).toEqual({ a: '<uid 1>', b: '<uid 2>', c: '<uid 1>', message: 'not <uid 2>' });
  });

  test('keeps apart versions that differ and sees those that are the same', () => {
    const versions = (...all: string[]) => normalized(all.map((resourceVersion) => ({ resourceVersion, name: 'a' })));
    expect(versions('7', '9', '7')).toEqual(versions('3', '4', '3'));
    expect(versions('7', '9', '7')).not.toEqual(versions('3', '4', '5'));
  });

  test('does not compare the version of a list, and does that of its items', () => {
    const list = (version: string, item: string) =>
      normalized({
        items: [{ metadata: { resourceVersion: item, name: 'a' } }],
        metadata: { resourceVersion: version },
      });
    expect(list('5', '4')).toEqual(list('8', '4'));
    expect(list('5', '4')).not.toEqual(list('5', ''));
  });

  test('tells times in whole seconds from times with a fraction', () => {
    expect(normalized(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678901Z'])).toEqual([
      '<time>',
      '<time with fraction>',
    ]);
  });

  test('leaves alone what the client itself has sent', () => {
    const time = '2026-01-02T03:04:05Z';
    expect(normalized({ time, uid: one }, [time])).toEqual({ time, uid: '<uid 1>' });
  });

  test('knows a generated suffix from its object on', () => {
    const body = normalized([
      { metadata: { generateName: 'made-', name: 'made-bcdfg' } },
      'pods "made-bcdfg" not found',
    ]);
    expect(body).toEqual([
      { metadata: { generateName: 'made-', name: 'made-<suffix 1>' } },
      'pods "made-<suffix 1>" not found',
    ]);
    expect(normalized({ generateName: 'made-', name: 'made-other-name' })).toMatchObject({ name: 'made-other-name' });
  });

  test('hides ages, tokens, addresses of the cluster and versions in messages', () => {
    expect(normalized({ cells: ['a', '3m5s', 7] })).toEqual({ cells: ['a', '<age>', 7] });
    expect(normalized({ token: 'secret', clusterIP: '10.96.3.4', podIP: '10.1.2.3' })).toEqual({
      token: '<token>',
      clusterIP: '<cluster address 1>',
      podIP: '10.1.2.3',
    });
    expect(normalized('Too large resource version: 99, current: 7')).toBe(
      'Too large resource version: 99, current: <version>',
    );
  });

  test('makes lists of discovery records by name', () => {
    expect(normalized({ kind: 'APIResourceList', resources: [{ name: 'pods' }] })).toEqual({
      kind: 'APIResourceList',
      resources: { pods: { name: 'pods' } },
    });
  });

  test('orders the causes of a custom resource and those of no other', () => {
    const status = (kind: string, ...fields: string[]) => {
      const causes = fields.map((field) => ({ field, message: 'bad' }));
      const texts = fields.map((field) => `${field}: bad`).join(', ');
      return normalized({ kind: 'Status', message: `${kind} "x" is invalid: [${texts}]`, details: { causes } });
    };
    expect(status('Widget.fidelity.example.com', 'b', 'a')).toEqual(status('Widget.fidelity.example.com', 'a', 'b'));
    expect(status('Job.batch', 'b', 'a')).not.toEqual(status('Job.batch', 'a', 'b'));
  });
});

describe('the comparer', () => {
  const differences = (real: Json, simulated: Json) => compareAnswers([answer(real)], [answer(simulated)]);

  test('finds nothing in equal answers, whatever the order of members', () => {
    expect(differences({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toEqual([]);
  });

  test('finds a value that differs, is missing or is too much, with its path', () => {
    expect(differences({ a: { b: [1, 2], c: 3 } }, { a: { b: [1, 4, 5], d: 6 } })).toEqual([
      { at: '1 GET /x: body.a.b.1', real: 2, simulated: 4 },
      { at: '1 GET /x: body.a.b.2', real: undefined, simulated: 5 },
      { at: '1 GET /x: body.a.c', real: 3, simulated: undefined },
      { at: '1 GET /x: body.a.d', real: undefined, simulated: 6 },
    ]);
  });

  test('tells null, empty and missing apart', () => {
    expect(differences({ a: null }, {})).toHaveLength(1);
    expect(differences({ a: null }, { a: '' })).toHaveLength(1);
    expect(differences({ a: [] }, { a: {} })).toHaveLength(1);
    expect(differences({ a: 0 }, { a: '0' })).toHaveLength(1);
  });

  test('finds a header that differs', () => {
    const warned = answer({}, { headers: { warning: '299 - "a"' } });
    expect(compareAnswers([warned], [answer({})])).toEqual([
      { at: '1 GET /x: headers.warning', real: '299 - "a"', simulated: undefined },
    ]);
  });

  test('says of answers with another status only how they ended', () => {
    const refused = answer({ kind: 'Status', message: 'no' }, { status: 404 });
    const [difference, ...others] = compareAnswers([refused], [answer({ a: 1 })]);
    expect(difference).toEqual({ at: '1 GET /x: status', real: '404 no', simulated: '200' });
    expect(others).toEqual([]);
  });

  test('finds an answer that is missing', () => {
    expect(compareAnswers([answer({}), answer({})], [answer({})])).toHaveLength(1);
  });

  test('shows both sides', () => {
    const text = describeDifference({ at: '1 GET /x: body.a', real: { b: 1 }, simulated: undefined });
    expect(text).toBe('  1 GET /x: body.a\n    real       {"b":1}\n    simulated  (not there)');
  });
});

describe('accepted differences', () => {
  const entry: Accepted = {
    why: 'w',
    cases: /^topic: case$/,
    at: /body\.a$/,
    real: /^1$/,
    simulated: /^\(not there\)$/,
  };
  const difference = { at: '1 GET /x: body.a', real: 1, simulated: undefined };

  test('an entry explains what fits all that it says', () => {
    expect(reasonFor([entry], 'topic: case', difference)).toBe(entry);
  });

  test.each([
    ['another case', 'topic: other', difference],
    ['another place', 'topic: case', { ...difference, at: '1 GET /x: body.b' }],
    ['another real value', 'topic: case', { ...difference, real: 2 }],
    ['another simulated value', 'topic: case', { ...difference, simulated: 3 }],
  ])('and not %s', (_what, title, found) => {
    expect(reasonFor([entry], title, found)).toBeUndefined();
  });

  test('one difference without a reason makes the case different', () => {
    const unexplained = { ...difference, at: '1 GET /x: body.b' };
    const named = { topic: 'topic', name: 'case' };
    expect(sort(named, [difference], [entry])).toMatchObject({ outcome: 'accepted', reasons: [entry] });
    expect(sort(named, [difference, unexplained], [entry])).toMatchObject({
      outcome: 'different',
      unexplained: [unexplained],
    });
    expect(sort(named, [], [entry])).toMatchObject({ outcome: 'equal', reasons: [] });
  });

  test('an entry that explains nothing any more is found', () => {
    const verdict: Verdict = { topic: 't', name: 'c', outcome: 'accepted', unexplained: [], reasons: [entry] };
    const stale: Accepted = { why: 'old', at: /nowhere/ };
    expect(unusedOf([verdict], [entry, stale])).toEqual([stale]);
  });

  test('none of the list explains just anything', () => {
    const anything = { at: '1 POST {pods}: body.spec.nodeName', real: 'a', simulated: 'b' };
    expect(reasonFor(accepted, 'pods: a pod with nothing but a container', anything)).toBeUndefined();
  });
});

describe('the catalogue', () => {
  test('holds at least 500 exchanges, each with a name and a namespace of its own', () => {
    const { cases } = readCatalogue();
    expect(cases.length).toBeGreaterThan(500);
    expect(new Set(cases.map(({ namespace }) => namespace)).size).toBe(cases.length);
  });

  test('leaves no variable of a name unfilled', () => {
    const names = readCatalogue().cases.map(({ name }) => name);
    expect(names.filter((name) => /^[^:]*\{(?!ns\}|version\}|million\})[a-z]+\}/.test(name))).toEqual([]);
  });
});

test('variables are filled in texts, keep their type when alone, and may hold variables', () => {
  const variables = { ns: 'n', name: '{ns}-a', object: { metadata: { name: '{name}' } }, count: 3 };
  expect(fill({ a: '{object}', b: '{count}', c: 'x{count}{other}' }, variables)).toEqual({
    a: { metadata: { name: 'n-a' } },
    b: 3,
    c: 'x3{other}',
  });
});

test('an edit is a merge patch, and values are found by path', () => {
  expect(merged({ a: { b: 1, c: 2 } }, { a: { b: null, d: 3 } })).toEqual({ a: { c: 2, d: 3 } });
  expect(valueAt({ a: [{ 'b.c': 1 }] }, 'a.0.b\\.c')).toBe(1);
});
