/** Few tasks run at a time, and their results keep the order. */
import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

test('so many run at once, each begun in its turn, and results stand in the order of the items', async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = inTurn([0, 1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    await gates[item]?.promise;
    return `done ${item}`;
  });
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  await gates[1]?.promise;
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await all).toEqual(['done 0', 'done 1', 'done 2', 'done 3', 'done 4']);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('a task that fails fails all', async () => {
  const failing = inTurn([1, 2, 3], 2, async (item) => {
    if (item === 2) throw new Error(`item ${item}`);
  });
  await expect(failing).rejects.toThrow('item 2');
});

test('nothing to do is done at once', async () => {
  expect(await inTurn([], 3, async () => 1)).toEqual([]);
});
