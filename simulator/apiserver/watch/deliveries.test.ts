import { describe, expect, test } from 'vitest';
import { WatchDeliveries } from './deliveries.ts';

/** Fires what is due when it is told to. */
function handClock() {
  const due: (() => void)[] = [];
  const after = (_delayMs: number, callback: () => void) => ({ cancel: () => {}, at: due.push(callback) });
  return { after, due, fire: () => due.splice(0).forEach((callback) => void callback()) };
}

describe('deliveries without a lag', () => {
  test('come in the order in which they were asked for, by one timer', () => {
    const clock = handClock();
    const deliveries = new WatchDeliveries(clock);
    const seen: number[] = [];
    for (const number of [1, 2, 3]) deliveries.join(() => seen.push(number));
    expect(clock.due.length).toBe(1);
    clock.fire();
    expect(seen).toEqual([1, 2, 3]);
  });

  test('do not come when they are cancelled, be it by one before them', () => {
    const clock = handClock();
    const deliveries = new WatchDeliveries(clock);
    const seen: number[] = [];
    const [, second, third] = [1, 2, 3].map((number) =>
      deliveries.join(() => {
        seen.push(number);
        third?.cancel();
      }),
    );
    second?.cancel();
    clock.fire();
    expect(seen).toEqual([1]);
  });

  test('that are asked for during a round wait for the next one', () => {
    const clock = handClock();
    const deliveries = new WatchDeliveries(clock);
    const seen: string[] = [];
    deliveries.join(() => deliveries.join(() => seen.push('next')));
    clock.fire();
    expect(seen).toEqual([]);
    clock.fire();
    expect(seen).toEqual(['next']);
  });
});
