import { describe, expect, test } from 'vitest';
import { DeadlineExceededError, deadlineSignal } from './clock.ts';
import { Simulation } from './simulated/simulation.ts';

describe('a deadline’s signal', () => {
  test('is aborted after the deadline, and says what was awaited', async () => {
    const simulation = new Simulation({ seed: 1, startAt: 0 });
    const { signal } = deadlineSignal(simulation.process('p').clock, 5000, 'the answer of x');
    await simulation.advance(4999);
    expect(signal.aborted).toBe(false);
    await simulation.advance(1);
    expect(signal.reason).toBeInstanceOf(DeadlineExceededError);
    expect(signal.reason).toMatchObject({ awaited: 'the answer of x', deadlineMs: 5000 });
  });

  test('follows its parent, before and after', () => {
    const { clock } = new Simulation({ seed: 1, startAt: 0 }).process('p');
    const parent = new AbortController();
    const early = deadlineSignal(clock, 5000, 'x', parent.signal);
    parent.abort(new Error('stopped'));
    const late = deadlineSignal(clock, 5000, 'x', parent.signal);
    expect([early.signal.reason, late.signal.reason]).toMatchObject([{ message: 'stopped' }, { message: 'stopped' }]);
  });

  test('once cleared, is never aborted', async () => {
    const simulation = new Simulation({ seed: 1, startAt: 0 });
    const parent = new AbortController();
    const { signal, clear } = deadlineSignal(simulation.process('p').clock, 5000, 'x', parent.signal);
    clear();
    parent.abort();
    await simulation.advance(10_000);
    expect(signal.aborted).toBe(false);
  });
});
