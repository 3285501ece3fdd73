/** What the gateway is told of a run: each state, each new attempt, its end and then its log. */
import type { Job } from '../../../kubernetes/objects.ts';
import { isPersisted } from '../../task/read-back.ts';
import { noteworthy } from '../run/outcome.ts';
import { recordOf } from '../run/record.ts';
import type { Context } from './context.ts';
import { ledgerOf } from './follow.ts';
import type { RunMemory } from './run-book.ts';

/** Offers the run's record to the report queue if it says anything new. */
export function report(context: Context, job: Job, memory: RunMemory): void {
  const { reports, world } = context;
  const { facts } = memory;
  if (!reports || !facts || !isPersisted(job)) return;
  const logs = ledgerOf(job, memory);
  const news = JSON.stringify([noteworthy(facts), logs]);
  if (memory.offered === news) return;
  memory.offered = news;
  const record = recordOf(job, facts, world.clock.now(), logs);
  // The gateway itself writes all states up to SUBMITTED; what an earlier operator has posted is not known.
  reports.offer(record, memory.fresh ? 'SUBMITTED' : undefined);
}
