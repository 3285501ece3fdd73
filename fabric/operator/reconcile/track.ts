/**
 * One look at a run: hold it, tell its state, ship its log, and let it go when both are safe. Everything that this
 * forgets when it is killed is found again on the Job or done again without harm.
 */

import { isFinished } from '../../../kubernetes/conditions.ts';
import type { Job } from '../../../kubernetes/objects.ts';
import { isTerminal } from '../../task/state.ts';
import { type Key, taskKeyOf } from '../cluster-view.ts';
import { isReleased } from '../run/outcome.ts';
import type { Context } from './context.ts';
import { endPods } from './end-pods.ts';
import { follow, noteAttempts } from './follow.ts';
import { hold } from './hold.ts';
import { observe, podsOf } from './observe.ts';
import { release } from './release.ts';
import { report } from './report.ts';

export async function trackRun(context: Context, key: Key): Promise<void> {
  const seen = context.view.job(key);
  if (!seen) return;
  if (isReleased(seen)) {
    // Now it may be cleaned away.
    lookAtTask(context, seen);
    return;
  }
  if (context.runs.wasReleased(seen.metadata?.uid ?? '')) return;
  const memory = context.runs.of(seen);
  const job = await hold(context, seen, memory);
  if (!job) return;
  const pods = podsOf(context, job);
  const changed = observe(context, job, pods, memory);
  follow(context, job, pods, memory);
  await noteAttempts(context, job, memory);
  if (job.metadata?.deletionTimestamp && !isFinished(job)) await endPods(context, job, memory);
  report(context, job, memory);
  if (changed) lookAtTask(context, job);
  if (memory.facts && isTerminal(memory.facts.state)) await release(context, job, memory);
}

function lookAtTask(context: Context, job: Job): void {
  const key = taskKeyOf(job);
  if (key !== undefined) context.taskQueue.add(key);
}
