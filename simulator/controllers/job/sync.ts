/**
 * One sync of one Job: see, decide, act on pods, count, write. The decisions are in the files beside this one; here is
 * their order. Source: semantics 3.4.
 */

import { isBeingDeleted, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, JobStatus } from '../../../kubernetes/objects.ts';
import type { BackoffRecord } from './backoff.ts';
import { settleUncounted, type Tally, tally, terminalStatus, withUncounted } from './counting.ts';
import { decideCompletion, decideEnding, type Ending, remainingActiveMs } from './ending.ts';
import { isSuspended, timeText } from './facts.ts';
import { planPods } from './manage.ts';
import { type Observation, observe, type Sighting } from './observation.ts';
import type { Events, PodControl } from './pod-control.ts';
import { newCondition, withCondition, withStatus } from './status.ts';

/** Status changes and pod events of one second are handled at once. */
export const batchMs = 1_000;

/** What a sync does to the world outside of it. */
export interface SyncActions {
  readonly pods: PodControl;
  readonly events: Events;
  /** PUT of the status; answers the Job as the server has it. */
  writeStatus(job: Job): Promise<Job>;
  requeueAfter(delayMs: number): void;
  /** The status that counts these failures has been written. */
  keepBackoff(record: BackoffRecord): void;
  /** The terminal condition has been written: do not look at the Job again before the cache shows it. */
  markFinished(job: Job): void;
}

/** Numbers of pods after this sync's own creations and deletions. */
interface PodNumbers {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
}

interface Managed {
  readonly numbers: PodNumbers;
  readonly ending?: Ending;
  /** The status with what managing has changed in it: start time and the Suspended condition. */
  readonly status: JobStatus;
  readonly suspensionChanged: boolean;
  /** Thrown at the end of the sync: counting goes on before. */
  readonly error?: unknown;
}

/** Runs one sync. Rejects if it has to be repeated; what was done until then is safe to be seen again. */
export async function syncJob(sighting: Sighting, actions: SyncActions): Promise<void> {
  const seen = observe({ ...sighting, job: started(withUncounted(sighting.job), sighting.now) });
  const ending = decideEnding(seen);
  const remainingMs = remainingActiveMs(seen.job, seen.now);
  if (ending === undefined && remainingMs !== undefined) actions.requeueAfter(remainingMs);
  const managed = ending ? await endPods(seen, ending, actions) : await managePods(seen, actions);
  const counted = tally(seen, { ...managed.status, ...managed.numbers }, managed.ending);
  const changed = counted.changed || managed.suspensionChanged || numbersChanged(sighting.job, managed.numbers);
  await writeProgress(seen, managed, { ...counted, changed }, actions);
  if (managed.error !== undefined) throw managed.error;
}

function started(job: Job, now: number): Job {
  if (job.status?.startTime !== undefined || isSuspended(job)) return job;
  return { ...job, status: { ...job.status, startTime: timeText(now) } };
}

/**
 * The Job ends: all active pods go, with their finalizer. An end that cannot be enforced yet is left to the next sync.
 */
async function endPods(seen: Observation, ending: Ending, actions: SyncActions): Promise<Managed> {
  const writes = await actions.pods.deleteKeepingFinalizer(seen.job, seen.active);
  const enforced = writes.done.length === seen.active.length && seen.expectationsMet;
  return {
    numbers: withDeleted(seen, writes.done.length, writes.readyDone),
    ...(enforced ? { ending } : {}),
    status: statusOf(seen.job),
    suspensionChanged: false,
    error: writes.error,
  };
}

async function managePods(seen: Observation, actions: SyncActions): Promise<Managed> {
  const mayManage = seen.expectationsMet && !isBeingDeleted(seen.job);
  const { numbers, error } = mayManage
    ? await carryOut(seen, actions)
    : { numbers: withDeleted(seen, 0, 0), error: undefined };
  const ending = decideCompletion(seen, numbers.active);
  const suspension = mayManage && !ending ? withSuspension(seen, actions) : undefined;
  return {
    numbers,
    ...(ending ? { ending } : {}),
    status: suspension ?? statusOf(seen.job),
    suspensionChanged: suspension !== undefined,
    error,
  };
}

async function carryOut(seen: Observation, actions: SyncActions): Promise<{ numbers: PodNumbers; error?: unknown }> {
  const plan = planPods(seen);
  const unchanged = withDeleted(seen, 0, 0);
  if (plan.kind === 'nothing') return { numbers: unchanged };
  if (plan.kind === 'wait') {
    actions.requeueAfter(Math.max(batchMs, plan.delayMs));
    return { numbers: unchanged };
  }
  if (plan.kind === 'remove') {
    const writes = await actions.pods.remove(seen.job, plan.pods);
    return { numbers: withDeleted(seen, writes.done.length, writes.readyDone), error: writes.error };
  }
  const { created, error } = await actions.pods.create(seen.job, plan.pods);
  return { numbers: { ...unchanged, active: unchanged.active + created }, error };
}

function withDeleted(seen: Observation, deleted: number, deletedReady: number): PodNumbers {
  return {
    active: seen.active.length - deleted,
    ready: seen.ready - deletedReady,
    terminating: seen.terminating + deleted,
  };
}

/**
 * The status with the Suspended condition turned, and an event; undefined if it stands as it should. Semantics 3.4.7.
 */
function withSuspension(seen: Observation, actions: SyncActions): JobStatus | undefined {
  const { job, now } = seen;
  const suspended = isSuspended(job);
  const verb = suspended ? 'suspended' : 'resumed';
  const reason = suspended ? 'JobSuspended' : 'JobResumed';
  const wanted = newCondition('Suspended', reason, `Job ${verb}`, now, suspended ? 'True' : 'False');
  const conditions = withCondition(job.status?.conditions ?? [], wanted);
  if (conditions === undefined) return undefined;
  actions.events.event(job, 'Normal', suspended ? 'Suspended' : 'Resumed', wanted.message ?? '');
  const { startTime: _, ...status } = statusOf(job);
  return { ...status, conditions, ...(suspended ? {} : { startTime: timeText(now) }) };
}

/** First write, finalizers, second write: semantics 3.6. */
async function writeProgress(seen: Observation, managed: Managed, counted: Tally, actions: SyncActions): Promise<void> {
  let job = withStatus(seen.job, counted.status);
  if (counted.changed) {
    job = await actions.writeStatus(job);
    actions.keepBackoff(seen.backoffAfter);
  }
  const released = counted.release.length > 0 ? await actions.pods.release(job, counted.release) : { done: [] };
  const held = new Set(counted.held);
  for (const pod of released.done) held.delete(uidOf(pod));
  const settled = settleUncounted(statusOf(job), held);
  const failure = 'error' in released ? released.error : undefined;
  if (failure !== undefined) {
    if (settled.changed) await actions.writeStatus(withStatus(job, settled.status));
    throw failure;
  }
  await writeEnd(seen, managed, counted, { job, ...settled }, actions);
}

async function writeEnd(
  seen: Observation,
  { ending, numbers }: Managed,
  counted: Tally,
  settled: { readonly job: Job; readonly status: JobStatus; readonly changed: boolean },
  actions: SyncActions,
): Promise<void> {
  const terminal =
    ending && counted.complete ? terminalStatus(settled.status, ending, numbers.terminating, seen.now) : undefined;
  if (!settled.changed && terminal === undefined) return;
  const job = await actions.writeStatus(withStatus(settled.job, terminal ?? settled.status));
  if (ending && terminal) {
    reportEnd(job, ending, actions.events);
    actions.markFinished(job);
  }
}

function reportEnd(job: Job, ending: Ending, events: Events): void {
  if (!ending.succeeded) {
    events.event(job, 'Warning', ending.reason, ending.message);
    return;
  }
  if ((job.status?.succeeded ?? 0) > (job.spec?.completions ?? Number.POSITIVE_INFINITY)) {
    const message = 'Too many succeeded pods running after completion count reached';
    events.event(job, 'Warning', 'TooManySucceededPods', message);
  }
  events.event(job, 'Normal', 'Completed', 'Job completed');
}

function numbersChanged(job: Job, numbers: PodNumbers): boolean {
  const { active = 0, ready, terminating } = job.status ?? {};
  return active !== numbers.active || ready !== numbers.ready || terminating !== numbers.terminating;
}

function statusOf(job: Job): JobStatus {
  return job.status ?? {};
}
