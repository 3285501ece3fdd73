import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realClock } from './clock.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('keeps delays beyond the 24.8 days of Node.js’s timers', () => {
  let fired = 0;
  realClock.after(60 * DAY_MS, () => fired++);
  vi.advanceTimersByTime(60 * DAY_MS - 10);
  expect(fired).toBe(0);
  vi.advanceTimersByTime(20);
  expect(fired).toBe(1);
});

test('a wall clock that is set back prolongs nothing', () => {
  let fired = 0;
  realClock.after(5000, () => fired++);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5010);
  expect(fired).toBe(1);
});

test('a cancelled timer never fires, not even in its second turn', () => {
  let fired = 0;
  const timer = realClock.after(60 * DAY_MS, () => fired++);
  vi.advanceTimersByTime(30 * DAY_MS);
  timer.cancel();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(fired).toBe(0);
});

test('a sleep ends with the signal’s reason, at once if it was aborted before', async () => {
  const controller = new AbortController();
  const sleep = realClock.sleep(1000, controller.signal);
  controller.abort(new Error('woken'));
  await expect(sleep).rejects.toThrow('woken');
  await expect(realClock.sleep(1000, controller.signal)).rejects.toThrow('woken');
});
