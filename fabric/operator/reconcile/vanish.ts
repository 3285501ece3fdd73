/**
 * A Job that is gone. Held ones were let go before; one that was removed before anybody could hold it still has a
 * record.
 */
import type { Job } from '../../../kubernetes/objects.ts';
import { reportFinalizer } from '../../task/labels.ts';
import { logKey } from '../../task/names.ts';
import { isPersisted } from '../../task/read-back.ts';
import { isTerminal } from '../../task/state.ts';
import { logFolderOf } from '../logs/folder.ts';
import { runLedger } from '../logs/run-ledger.ts';
import { isReleased, type RunFacts, runFacts } from '../run/outcome.ts';
import { recordOf } from '../run/record.ts';
import type { Context } from './context.ts';
import { podsOf } from './observe.ts';
import { heldFacts } from './run-book.ts';

/** Called with the last state that was seen of the Job. */
export function jobVanished(context: Context, job: Job): void {
  const uid = job.metadata?.uid ?? '';
  const { runs, reports } = context;
  const memory = runs.peek(uid);
  const settled = isReleased(job) || runs.wasReleased(uid) || job.metadata?.finalizers?.includes(reportFinalizer);
  if (!settled && reports && isPersisted(job)) {
    const facts = heldFacts(memory?.facts, endOf(context, job));
    const { attempts = [] } = memory?.shipping ?? {};
    const reason = 'log lost: the job was removed before the operator could hold it';
    const lost = [{ afterLine: attempts.at(-1)?.lines ?? 0, reason }];
    const logs = context.shipper && runLedger(logKey(logFolderOf(job)), attempts, lost);
    reports.offer(recordOf(job, facts, context.world.clock.now(), logs));
  }
  runs.forget(uid);
  context.removed.delete(uid);
  reports?.forget(uid);
}

function endOf(context: Context, job: Job): RunFacts {
  const facts = runFacts(job, podsOf(context, job));
  if (isTerminal(facts.state)) return facts;
  return { ...facts, state: 'CANCELLED', statusReason: 'Deleted', endTime: context.world.clock.now() };
}
