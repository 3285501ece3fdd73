/** How time passes in a simulated environment: virtually, or along the wall clock where real programs run. */

import type { Clock } from '../../../world/clock.ts';
import { DeadlineExceededError } from '../../../world/clock.ts';
import { Pacing } from '../../../world/simulated/pacing.ts';
import type { Simulation } from '../../../world/simulated/simulation.ts';

export interface Passage {
  /** Lets time pass until the work has settled. */
  run<T>(work: Promise<T>): Promise<T>;
  sleep(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

export function virtualPassage(simulation: Simulation): Passage {
  return {
    run: (work) => simulation.run(work),
    sleep: (durationMs) => simulation.advance(durationMs),
    stop: async () => undefined,
  };
}

/** Bringing up and asking must be done within this, ms of real time. */
const WORK_DEADLINE_MS = 60_000;

export function pacedPassage(simulation: Simulation, wall: Clock): Passage {
  const pacing = new Pacing(simulation, wall, 1);
  pacing.start();
  return {
    async run(work) {
      const done = new AbortController();
      const expired = wall.sleep(WORK_DEADLINE_MS, done.signal).then(
        () => Promise.reject(new DeadlineExceededError('the awaited work', WORK_DEADLINE_MS)),
        () => new Promise<never>(() => undefined),
      );
      try {
        return await Promise.race([work, expired]);
      } finally {
        done.abort();
      }
    },
    sleep: (durationMs) => wall.sleep(durationMs),
    stop: () => pacing.stop(),
  };
}
