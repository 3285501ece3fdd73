/** The order of states: never back, terminal for good, repeats harmless. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, isTerminal, mayFollow, rankOf, skippedBetween, type TaskState, taskStates } from './state.ts';

const states = fc.constantFrom<TaskState>(...taskStates);

test('a state never goes back, whatever arrives in whatever order', () => {
  fc.assert(
    fc.property(fc.array(states, { minLength: 1 }), (arrivals) => {
      let held: TaskState | undefined;
      for (const seen of arrivals) {
        const next = advance(held, seen);
        expect(rankOf(next)).toBeGreaterThanOrEqual(held === undefined ? 0 : rankOf(held));
        held = next;
      }
      expect(held && rankOf(held)).toBe(Math.max(...arrivals.map(rankOf)));
    }),
  );
});

test('nothing follows an end, not even another end', () => {
  fc.assert(
    fc.property(states, states, (from, to) => {
      if (isTerminal(from)) expect(advance(from, to)).toBe(from);
    }),
  );
});

test('states may be skipped, and are counted', () => {
  expect(mayFollow('PENDING', 'FAILED')).toBe(true);
  expect(skippedBetween('QUEUED', 'COMPLETE')).toBe(1);
  expect(skippedBetween('SUBMITTED', 'FAILED')).toBe(2);
  expect(skippedBetween('ACTIVE', 'ACTIVE')).toBe(0);
});
