/** Until when a slot could not start, and what held it up: suspension, or Forbid behind an active run. */
import type { JobHistory, TaskPlan } from '../recording/recording.ts';
import type { JobLookup } from './job-lookup.ts';
import type { Slot } from './slots.ts';

export interface Release {
  /** The first instant at which nothing stood in its way, epoch ms; Infinity when none came. */
  readonly freeAt: number;
  /** What held it up last; undefined when it was free at once. */
  readonly hold?: Hold;
}

/** The rule, as it reads for a start that was lost and for one that came late. */
export interface Hold {
  readonly ofSkipped: string;
  readonly ofDelayed: string;
}

export interface Surroundings {
  readonly plans: readonly TaskPlan[];
  readonly lookup: JobLookup;
  /** The slot's own run, which does not wait for itself. */
  readonly except: JobHistory | undefined;
}

export function released({ at }: Slot, surroundings: Surroundings): Release {
  let release: Release = { freeAt: at };
  for (let held = holdAt(at, surroundings); held; held = holdAt(held.freeAt, surroundings)) {
    release = held;
    if (held.freeAt === Number.POSITIVE_INFINITY) break;
  }
  return release;
}

function holdAt(at: number, { plans, lookup, except }: Surroundings): Release | undefined {
  const index = plans.findLastIndex((plan) => plan.from <= at);
  const plan = plans[index];
  if (!plan || plan.suspend || !plan.schedule) {
    const next = plans.slice(index + 1).find((later) => !later.suspend && later.schedule);
    const rule = !plan || plan.suspend ? 'suspended' : 'the schedule was taken away';
    const hold = { ofSkipped: rule, ofDelayed: `${rule}; the latest missed start is made up for` };
    return { freeAt: next?.from ?? Number.POSITIVE_INFINITY, hold };
  }
  if (plan.concurrencyPolicy !== 'Forbid') return undefined;
  const held = lookup.holding(at, except);
  if (!held) return undefined;
  const { name } = held.job;
  const hold = { ofSkipped: `Forbid: ${name} was still running`, ofDelayed: `Forbid: waited for the end of ${name}` };
  return { freeAt: held.until, hold };
}
