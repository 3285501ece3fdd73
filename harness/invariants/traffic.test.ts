/** How many requests are open at once, and how far apart their tries are. */
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../recording/exchanges.ts';
import { backsOff, mostOpen, neverMoreOpen } from './traffic.ts';

const open = (at: number, endedAt?: number): Exchange => ({
  from: 'operator',
  to: 'gateway',
  method: 'POST',
  path: '/',
  at,
  ...(endedAt === undefined ? {} : { endedAt }),
});

describe('requests that are open', () => {
  test('count together while they overlap, not when one ends as another begins', () => {
    expect(mostOpen([open(0, 10), open(10, 20)])).toBe(1);
    expect(mostOpen([open(0, 10), open(9, 20), open(5)])).toBe(3);
    expect(mostOpen([])).toBe(0);
  });

  test('may be as many as the limit, and show nothing when they are fewer', () => {
    const two = [open(0, 10), open(5, 15)];
    expect(neverMoreOpen(two, 1).value).toBe('false');
    expect(neverMoreOpen(two, 2).value).toBe('true');
    expect(neverMoreOpen(two, 3).value).toBe('unknown');
  });
});

describe('tries', () => {
  const triesAfter = (...pauses: number[]) => {
    let at = 0;
    const tries = pauses.map((pause) => {
      at += pause;
      return open(at, at);
    });
    return [open(0, 0), ...tries];
  };
  const bounds = { finalMs: 8000, limitMs: 10_000 };

  test('come further and further apart, up to a bound', () => {
    expect(backsOff(triesAfter(500, 900, 2100, 4000, 8000, 9500, 9000), bounds).value).toBe('true');
    expect(backsOff(triesAfter(9000, 9000, 9000, 9000, 9000, 9000), bounds).value).toBe('false');
    expect(backsOff(triesAfter(500, 900, 2100, 4000, 8000, 16_000, 32_000), bounds).value).toBe('false');
    expect(backsOff(triesAfter(500, 500, 500, 500, 500, 500), bounds).value).toBe('false');
    expect(backsOff(triesAfter(500, 900), bounds).value).toBe('unknown');
  });
});
