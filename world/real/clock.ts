/** The machine's time. */
import type { Clock } from '../clock.ts';

/** Longest delay that the machine's timers take, ms; longer ones are set in turns. */
const LONGEST_DELAY_MS = 2_147_483_647;

export const realClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    // Durations are the monotonic clock's: a wall clock that is set back must not prolong them.
    const dueAt = performance.now() + delayMs;
    const set = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          if (performance.now() < dueAt - 1) timer = set();
          else callback();
        },
        Math.min(Math.max(0, dueAt - performance.now()), LONGEST_DELAY_MS),
      );
    let timer = set();
    return { cancel: () => clearTimeout(timer) };
  },
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = realClock.after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};
