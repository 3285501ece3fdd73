/**
 * What is awaited of local commands takes no virtual time where that is hurried; a clock that keeps pace with the wall
 * is let run.
 */
import { realClock } from '../../world/real/clock.ts';
import type { Pacing } from '../../world/simulated/pacing.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import type { Hold } from '../environments/sim/egress.ts';

/** A command that says nothing for so long, ms of the wall, holds up nobody any more. */
const holdMaximumMs = 30_000;

export function holdIn(simulation: Simulation, pacing: Pacing): Hold {
  return async (work) => {
    if (!pacing.isHurried) return work;
    const settled = new AbortController();
    const done = work.then(
      () => undefined,
      () => undefined,
    );
    const expired = realClock.sleep(holdMaximumMs, settled.signal).catch(() => undefined);
    void simulation.hostOperation(Promise.race([done, expired])).then(() => settled.abort());
    return work;
  };
}
