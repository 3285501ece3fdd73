/** The comparison finds what differs, and nothing that only looks different because each server draws its own uids and times. */
import { describe, expect, test } from 'vitest';
import { reasonFor } from './accepted.ts';
import { compareAnswers } from './compare.ts';
import type { Answer, Json } from './exchange.ts';
import { normalize } from './normalize.ts';

const answer = (body: Json, status = 200): Answer => ({ request: 'GET /x', status, headers: {}, body });
const normalized = (...bodies: Json[]) => normalize({ answers: bodies.map((body) => answer(body)), sent: new Set() });
const uid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const object = (own: string, owner: string) => ({
  metadata: { uid: own, ownerReferences: [{ uid: owner }], creationTimestamp: '2026-01-01T00:00:00Z' },
});

describe('two servers', () => {
  test('are equal when only what they draw differs', () => {
    const real = normalized(object(uid('a'), uid('b')));
    const simulated = normalized(object(uid('c'), uid('d')));
    expect(compareAnswers(real, simulated)).toEqual([]);
  });

  test('differ when two uids are the same on one side alone', () => {
    const real = normalized(object(uid('a'), uid('a')));
    const simulated = normalized(object(uid('c'), uid('d')));
    expect(compareAnswers(real, simulated).map(({ at }) => at)).toEqual(['1 GET /x: body.metadata.uid']);
  });

  test.each([
    ['a value', { a: 1 }, { a: 2 }, 'body.a'],
    ['a type', { a: '1' }, { a: 1 }, 'body.a'],
    ['a member that is missing', { a: 1, b: null }, { a: 1 }, 'body.b'],
    ['a member too many', {}, { a: {} }, 'body.a'],
    ['an item', { a: [1, 2] }, { a: [1] }, 'body.a.1'],
  ])('differ in %s', (_what, one, other, path) => {
    const found = compareAnswers([answer(one)], [answer(other)]);
    expect(found.map(({ at }) => at)).toEqual([`1 GET /x: ${path}`]);
  });

  test('differ in status, and in the number of answers', () => {
    expect(compareAnswers([answer({})], [answer({}, 404)]).map(({ at }) => at)).toEqual(['1 GET /x: status']);
    expect(compareAnswers([answer({}), answer({})], [answer({})])).toHaveLength(1);
  });
});

test('a difference that no entry covers has no reason', () => {
  const difference = { at: '1 GET /x: body.a', real: 1, simulated: 2 };
  expect(reasonFor([], 'a case', difference)).toBeUndefined();
});
