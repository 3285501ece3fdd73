/** What Job and pods show of a run, taken into the memory of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { annotatedFields } from '../../task/labels.ts';
import { byAge, taskKeyOf } from '../cluster-view.ts';
import { noteworthy, runFacts } from '../run/outcome.ts';
import type { Context } from './context.ts';
import { heldFacts, type RunMemory } from './run-book.ts';

/**
 * The run's pods, oldest first, each as it was last seen: in a `live` list, in the view, or before it left the cluster.
 */
export function podsOf(context: Context, job: Job, live: readonly Pod[] = []): Pod[] {
  const { uid = '' } = job.metadata ?? {};
  const gone = context.runs.peek(uid)?.gonePods ?? [];
  const present = [...context.view.podsOfJob(uid), ...live].map((pod) => [pod.metadata?.uid ?? '', pod] as const);
  return [...new Map([...gone, ...present]).values()].sort(byAge);
}

/**
 * Takes in what Job and pods show; true if there is something new to tell of the run, such as its state or that it is
 * stuck.
 */
export function observe(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): boolean {
  const before = memory.facts;
  memory.facts = heldFacts(before, runFacts(job, pods, whyDeleted(context, job)));
  return !before || !isDeepStrictEqual(noteworthy(before), noteworthy(memory.facts));
}

/** A run that is deleted while its schedule goes on under Replace has made room for the next one. */
function whyDeleted(context: Context, job: Job): 'Deleted' | 'Replaced' {
  const key = taskKeyOf(job);
  const task = key === undefined ? undefined : context.view.task(key);
  const goesOn = task !== undefined && task.metadata?.deletionTimestamp === undefined;
  const policy = job.metadata?.annotations?.[annotatedFields.concurrencyPolicy];
  return goesOn && policy === 'Replace' ? 'Replaced' : 'Deleted';
}
