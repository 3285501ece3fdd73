/** What Job and pods show of a run, taken into the memory of it. */
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { annotatedFields } from '../../task/labels.ts';
import { taskKeyOf } from '../cluster-view.ts';
import { hasStarted, runFacts } from '../run/outcome.ts';
import type { Context } from './context.ts';
import { hasEnded } from './end-pods.ts';
import { heldFacts, type RunMemory } from './run-book.ts';

/** Takes in what Job and pods show; true if the run's state is another one than before. */
export function observe(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): boolean {
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
