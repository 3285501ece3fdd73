/**
 * Lets a run go: its record has arrived and its log is safe, or a deadline has passed and the record says so. One patch
 * notes what is safe and takes the finalizer off, so that a crash leaves the Job either held or noted.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import { isFinished } from '../../../kubernetes/conditions.ts';
import { keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { logsAnnotation, reportedAnnotation, reportFinalizer, taskUidAnnotation } from '../../task/labels.ts';
import { isPersisted, jobTypeOf } from '../../task/read-back.ts';
import { isTerminal } from '../../task/state.ts';
import { taskKeyOf } from '../cluster-view.ts';
import { hasStarted } from '../run/outcome.ts';
import { millisOf } from '../run/time.ts';
import type { Context } from './context.ts';
import { hasEnded, livePods } from './end-pods.ts';
import { follow } from './follow.ts';
import { observe, podsOf } from './observe.ts';
import { report } from './report.ts';
import type { RunMemory } from './run-book.ts';

/** After the log's deadline the record, which then says what is missing, has this long to arrive. */
const lastRecordMs = 60_000;

/** Lets the ended run go if it may; else makes sure that it is looked at again. */
export async function release(context: Context, job: Job, memory: RunMemory): Promise<void> {
  const now = context.world.clock.now();
  const deadlineAt = deadlineOf(context, job, memory);
  if (now < deadlineAt) context.runQueue.addAfter(keyOf(job), deadlineAt - now);
  if (!(await isLogSettled(context, job, memory))) {
    if (now < deadlineAt) return;
    const waitedS = Math.round((now - (memory.facts?.endTime ?? now)) / 1000);
    memory.shipping?.giveUp(`not safe in managed content ${waitedS} s after the end of the run: given up`);
  }
  report(context, job, memory);
  const arrived = hasArrived(context, job);
  if (!arrived && !isGivenUp(context, job) && now < deadlineAt + lastRecordMs) {
    context.runQueue.addAfter(keyOf(job), deadlineAt + lastRecordMs - now);
    return;
  }
  if (!isTaskInformed(context, job, memory)) return;
  await letGo(context, job, memory, arrived);
}

function deadlineOf(context: Context, job: Job, memory: RunMemory): number {
  const { safetyDeadlineMs, deletionDeadlineMs } = context.settings;
  const deletedAt = millisOf(job.metadata?.deletionTimestamp);
  const endedAt = memory.facts?.endTime ?? context.world.clock.now();
  return deletedAt === undefined ? endedAt + safetyDeadlineMs : deletedAt + deletionDeadlineMs;
}

/**
 * True when every pod's log is settled and no pod can have another one. The view of pods may lag behind the Job:
 * whenever it cannot account for each counted pod, the pods are read live; what is not found then is lost, and the
 * ledger says so.
 */
async function isLogSettled(context: Context, job: Job, memory: RunMemory): Promise<boolean> {
  const { shipping } = memory;
  const cancelled = !isFinished(job);
  const { succeeded = 0, failed = 0 } = job.status ?? {};
  const known = podsOf(context, job);
  const accounted = (pods: readonly Pod[]) =>
    new Set([...(shipping?.attempts ?? []).map(({ podUid }) => podUid), ...pods.filter(hasBegun).map(uidOf)]).size;
  if (cancelled || accounted(known) < succeeded + failed || !known.every(hasEnded)) {
    const live = await livePods(context, job);
    const all = podsOf(context, job, live);
    observe(context, job, all, memory);
    follow(context, job, all, memory);
    if (live.some((pod) => !hasEnded(pod))) {
      // A pod that ends tells so by an event, and one whose node is gone by the deadline.
      return false;
    }
    memory.podsLost = Math.max(0, succeeded + failed - accounted(all));
  }
  return memory.shipping?.settled ?? true;
}

function hasBegun(pod: Pod): boolean {
  return hasStarted(pod) || hasEnded(pod);
}

/** The gateway has acknowledged the newest record, and it is an end. */
function hasArrived(context: Context, job: Job): boolean {
  const uid = job.metadata?.uid ?? '';
  if (!context.reports || !isPersisted(job)) return true;
  const delivered = context.reports.delivered(uid);
  return context.reports.waiting(uid) === undefined && delivered !== undefined && isTerminal(delivered.state);
}

/** The gateway will never take the record of its end. */
function isGivenUp({ reports }: Context, job: Job): boolean {
  const uid = job.metadata?.uid ?? '';
  const refused = reports?.refused(uid);
  return refused !== undefined && isTerminal(refused.state) && reports?.waiting(uid) === undefined;
}

/** A one-time Task must show its end before its Job may vanish, or it would look as if it had never run. */
function isTaskInformed(context: Context, job: Job, memory: RunMemory): boolean {
  if (jobTypeOf(job) === 'cron') return true;
  const key = taskKeyOf(job);
  const task = key === undefined ? undefined : context.view.task(key);
  const isItsTask = task?.metadata?.uid === job.metadata?.annotations?.[taskUidAnnotation];
  if (!task || !isItsTask || task.metadata?.deletionTimestamp) return true;
  if (context.statuses.current(task).state === memory.facts?.state) return true;
  context.taskQueue.add(keyOf(task));
  context.runQueue.addAfter(keyOf(job), 1_000);
  return false;
}

async function letGo(context: Context, job: Job, memory: RunMemory, arrived: boolean): Promise<void> {
  const { namespace, name = '', uid = '' } = job.metadata ?? {};
  const attempts = memory.shipping?.attempts ?? [];
  const patch = {
    metadata: {
      uid,
      annotations: {
        [reportedAnnotation]: JSON.stringify({ state: memory.facts?.state, arrived }),
        ...(attempts.length > 0 ? { [logsAnnotation]: JSON.stringify(attempts) } : {}),
      },
      '$deleteFromPrimitiveList/finalizers': [reportFinalizer],
    },
  };
  try {
    await context.client.patch<Job>(jobs, namespace, name, 'strategic-merge', patch);
  } catch (error) {
    // Not after a conflict: the finalizer is still there, and nobody else takes it off.
    if (!hasReason(error, 'NotFound')) throw error;
  }
  context.runs.release(uid);
  context.reports?.forget(uid);
  if (!arrived) context.world.log.warn('a run was let go before its record arrived', { uid, name });
}
