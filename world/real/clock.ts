/** The machine's time. */
import type { Clock } from '../clock.ts';

/** Longest delay that the machine's timers take, ms; longer ones are set in turns. */
const LONGEST_DELAY_MS = 2_147_483_647;

export const realClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const dueAt = Date.now() + delayMs;
    const set = (remainingMs: number): NodeJS.Timeout =>
      setTimeout(
        () => {
          const leftMs = dueAt - Date.now();
          if (leftMs > 0) timer = set(leftMs);
          else callback();
        },
        Math.min(Math.max(0, remainingMs), LONGEST_DELAY_MS),
      );
    let timer = set(delayMs);
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
