/** Cases that differ are played again, the others once. */
import { expect, test } from 'vitest';
import { inRound, judgeInRounds } from './rounds.ts';

/** A case that differs until this round. */
const equalFrom = (round: number) => ({ equalFrom: round, namespace: 'n' });

async function judge(cases: readonly ReturnType<typeof equalFrom>[], most: number, hasTime = () => true) {
  const played: number[] = [];
  const again: string[] = [];
  const verdicts = await judgeInRounds(cases, {
    play: async (some, round) => {
      played.push(some.length);
      return some.map((one) => ({ round, differs: round < one.equalFrom }));
    },
    differs: (verdict) => verdict.differs,
    again: (verdict) => again.push(`round ${verdict.round}`),
    most,
    hasTime,
  });
  return { played, again, verdicts };
}

test('only what differed is played again, and each repetition is told', async () => {
  const { played, again, verdicts } = await judge([equalFrom(1), equalFrom(3), equalFrom(2)], 5);
  expect(played).toEqual([3, 2, 1]);
  expect(again).toEqual(['round 1', 'round 1', 'round 2']);
  expect(verdicts.map(({ round }) => round)).toEqual([1, 3, 2]);
});

test('what differs in every round differs', async () => {
  const { played, verdicts } = await judge([equalFrom(9)], 3);
  expect(played).toEqual([1, 1, 1]);
  expect(verdicts).toEqual([{ round: 3, differs: true }]);
});

test('no round begins when the time is over', async () => {
  const { played, again } = await judge([equalFrom(9)], 3, () => false);
  expect(played).toEqual([1]);
  expect(again).toEqual([]);
});

test('each round is played in namespaces of its own', async () => {
  const namespaces: string[] = [];
  await judgeInRounds([equalFrom(9)], {
    play: async (some) => {
      namespaces.push(...some.map(({ namespace }) => namespace));
      return some;
    },
    differs: () => true,
    again: () => undefined,
    most: 3,
  });
  expect(namespaces).toEqual(['n', 'n-2', 'n-3']);
});

test('a case is played again in another namespace', () => {
  const one = { name: 'a', namespace: 'get-a' };
  expect(inRound(one, 1)).toBe(one);
  expect(inRound(one, 2)).toEqual({ name: 'a', namespace: 'get-a-2' });
});
