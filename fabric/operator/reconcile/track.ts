/**
 * One look at a run: hold it, tell its state, ship its log, and let it go when both are safe. Everything that this
 * forgets when it is killed is found again on the Job or done again without harm.
 */
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { annotatedFields } from '../../task/labels.ts';
import { isTerminal } from '../../task/state.ts';
import { type Key, taskKeyOf } from '../cluster-view.ts';
import { hasStarted, isFinished, isReleased, runFacts } from '../run/outcome.ts';
import type { Context } from './context.ts';
import { endPods, hasEnded } from './end-pods.ts';
import { follow } from './follow.ts';
import { hold } from './hold.ts';
import { release } from './release.ts';
import { report } from './report.ts';
import { heldFacts, type RunMemory } from './run-book.ts';

export async function trackRun(context: Context, key: Key): Promise<void> {
  const seen = context.view.job(key);
  if (!seen || context.runs.wasReleased(seen.metadata?.uid ?? '')) return;
  if (isReleased(seen)) {
    lookAtTask(context, seen);
    return;
  }
  const memory = context.runs.of(seen);
  const job = await hold(context, seen, memory);
  if (!job) return;
  const pods = context.view.podsOfJob(job.metadata?.uid ?? '');
  const changed = observe(context, job, pods, memory);
  follow(context, job, pods, memory);
  if (job.metadata?.deletionTimestamp && !isFinished(job)) await endPods(context, job, memory);
  report(context, job, memory);
  if (changed) lookAtTask(context, job);
  if (memory.facts && isTerminal(memory.facts.state)) await release(context, job, memory);
}

function lookAtTask(context: Context, job: Job): void {
  const key = taskKeyOf(job);
  if (key !== undefined) context.taskQueue.add(key);
}

/** Takes in what Job and pods show; true if the run's state is another one than before. */
function observe(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): boolean {
  const before = memory.facts;
  memory.facts = heldFacts(before, runFacts(job, pods, whyDeleted(context, job)));
  for (const pod of pods) {
    if (hasEnded(pod) || hasStarted(pod)) memory.podsAccountedFor.add(pod.metadata?.uid ?? '');
  }
  return before?.state !== memory.facts.state;
}

/** A run that is deleted while its schedule goes on under Replace has made room for the next one. */
function whyDeleted(context: Context, job: Job): 'Deleted' | 'Replaced' {
  const key = taskKeyOf(job);
  const task = key === undefined ? undefined : context.view.task(key);
  const goesOn = task !== undefined && task.metadata?.deletionTimestamp === undefined;
  const policy = job.metadata?.annotations?.[annotatedFields.concurrencyPolicy];
  return goesOn && policy === 'Replace' ? 'Replaced' : 'Deleted';
}
