/**
 * A schedule that is suspended until an instant is resumed then, by the cluster's own words: no gateway is needed for
 * it.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import { type Task, tasks } from '../../task/task.ts';
import type { Context } from './context.ts';

/** Looked at again at the latest after this: no timer of a machine waits for a month. */
const longestWaitMs = 60 * 60_000;

/** True when it was resumed: the change comes back by the watch. Else it is looked at again in time. */
export async function resumeWhenDue(context: Context, task: Task): Promise<boolean> {
  const { suspend, suspendUntil } = task.spec ?? {};
  if (suspend !== true || suspendUntil === undefined) return false;
  const waitMs = Date.parse(suspendUntil) - context.world.clock.now();
  if (waitMs > 0) {
    context.taskQueue.addAfter(keyOf(task), Math.min(waitMs, longestWaitMs));
    return false;
  }
  const { namespace, name = '', resourceVersion } = task.metadata ?? {};
  const spec = { suspend: false, suspendUntil: null, suspendReason: null };
  try {
    await context.client.patch<Task>(tasks, namespace, name, 'merge', { metadata: { resourceVersion }, spec });
    context.recorder.event(task, 'Normal', 'Resumed', `Suspended until ${suspendUntil}, resumed`);
  } catch (error) {
    // Somebody else has changed it meanwhile, and the change will be seen.
    if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
  }
  return true;
}
