/** A Task that is not carried out says so: in a condition and an event. Nothing is made for it. */
import type { Task } from '../../task/task.ts';
import { withCondition } from '../run/conditions.ts';
import type { Context } from './context.ts';

export const acceptedCondition = 'Accepted';

/** Sets `Accepted=False`; a Task that already has a Job keeps its state. The Task is looked at again after a while. */
export async function refuse(context: Context, task: Task, reason: string, message: string): Promise<void> {
  const { statuses, world, recorder, settings, taskQueue } = context;
  const before = statuses.current(task);
  const generation = task.metadata?.generation;
  const conditions = withCondition(
    before.conditions ?? [],
    {
      type: acceptedCondition,
      status: 'False',
      reason,
      message,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    },
    world.clock.now(),
  );
  const isNew = !before.conditions?.some((each) => each.type === acceptedCondition && each.message === message);
  if (isNew) recorder.event(task, 'Warning', reason, message);
  const started = before.jobUid !== undefined || before.cronJobName !== undefined;
  await statuses.write(task, {
    ...before,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(started ? {} : { state: 'PENDING' as const, statusReason: `${reason}: ${message}` }),
    conditions,
  });
  // Names are freed by deletions that the operator does not watch.
  if (reason === 'NameTaken') {
    taskQueue.addAfter(`${task.metadata?.namespace}/${task.metadata?.name}`, settings.refusedRetryMs);
  }
}
