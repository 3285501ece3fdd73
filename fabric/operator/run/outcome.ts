/**
 * What a run is doing and how it ended, derived from its Job and pods. Pure.
 *
 * An end is a terminal condition of the Job, not SuccessCriteriaMet or FailureTarget, which announce it (semantics
 * 3.6); a Job that is deleted before that is CANCELLED.
 */

import { conditionOf } from '../../../kubernetes/conditions.ts';
import type { ContainerStatus, Job, JobCondition, Pod } from '../../../kubernetes/objects.ts';
import { reportedAnnotation, taskContainer } from '../../task/labels.ts';
import type { TaskState } from '../../task/state.ts';
import { millisOf } from './time.ts';

export type RunState = Extract<TaskState, 'QUEUED' | 'ACTIVE' | 'COMPLETE' | 'FAILED' | 'CANCELLED'>;

export interface RunFacts {
  readonly state: RunState;
  /** Why it is in this state: Kubernetes' reason word, then, if there is more to say, `: ` and a sentence. */
  readonly statusReason: string;
  /** Of the container that ended last, or of the one that made the run complete. */
  readonly exitCode?: number;
  /** Of an attempt that has ended while the run goes on: what is left when its pod is gone. */
  readonly lastExitCode?: number;
  /** Epoch ms. */
  readonly startTime?: number;
  readonly endTime?: number;
}

/**
 * @param pods the Job's pods, in the order of their attempts; those that have been removed are missing
 * @param whyDeleted the reason word if the Job is being deleted before its end
 */
export function runFacts(job: Job, pods: readonly Pod[], whyDeleted: 'Deleted' | 'Replaced' = 'Deleted'): RunFacts {
  const startTime = millisOf(job.status?.startTime) ?? startOf(pods);
  const started = startTime === undefined ? {} : { startTime };
  const complete = conditionOf(job, 'Complete');
  if (complete) return { ...started, ...completeFacts(job, complete) };
  const failed = conditionOf(job, 'Failed');
  if (failed) return { ...started, ...failedFacts(failed, pods) };
  if (job.metadata?.deletionTimestamp) return { ...started, ...cancelledFacts(job, pods, whyDeleted) };
  if (hasBegun(job, pods)) return { ...started, ...activeFacts(job, pods) };
  return { ...started, state: 'QUEUED', statusReason: waitingReason(job, pods) };
}

/** True if the Job was let go: nothing more is reported or shipped of it. */
export function isReleased(job: Job): boolean {
  return job.metadata?.annotations?.[reportedAnnotation] !== undefined;
}

/** The status of the Task's container in a pod; undefined while the node agent has not reported one. */
function taskStatusOf(pod: Pod): ContainerStatus | undefined {
  const statuses = pod.status?.containerStatuses ?? [];
  return statuses.find((status) => status.name === taskContainer) ?? statuses[0];
}

/** True once the pod's container has begun: it has, or may have, a log. */
export function hasStarted(pod: Pod): boolean {
  const status = taskStatusOf(pod);
  return status?.state?.running !== undefined || terminationOf(status) !== undefined;
}

type Termination = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

function terminationOf(status: ContainerStatus | undefined): Termination | undefined {
  return status?.state?.terminated ?? status?.lastState?.terminated;
}

/** A pod that ended or was removed was there; so was one that is counted. */
function hasBegun(job: Job, pods: readonly Pod[]): boolean {
  const { succeeded = 0, failed = 0 } = job.status ?? {};
  return succeeded + failed > 0 || pods.some((pod) => hasStarted(pod) || pod.status?.phase === 'Running');
}

function startOf(pods: readonly Pod[]): number | undefined {
  const times = pods.flatMap((pod) => millisOf(pod.status?.startTime) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function completeFacts(job: Job, condition: JobCondition): RunFacts {
  const endTime = millisOf(job.status?.completionTime) ?? millisOf(condition.lastTransitionTime);
  return { state: 'COMPLETE', statusReason: 'Completed', exitCode: 0, ...ending(endTime) };
}

function failedFacts(condition: JobCondition, pods: readonly Pod[]): RunFacts {
  const last = lastTermination(pods);
  const reason = condition.reason ?? 'Failed';
  const sentences = [condition.message, last && describe(last)].filter((text) => text);
  return {
    state: 'FAILED',
    statusReason: sentences.length === 0 ? reason : `${reason}: ${sentences.join('; ')}`,
    ...(last ? { exitCode: last.exitCode } : {}),
    // A failed Job has no completionTime (semantics 3, for the operator author).
    ...ending(millisOf(condition.lastTransitionTime)),
  };
}

function cancelledFacts(job: Job, pods: readonly Pod[], why: string): RunFacts {
  const last = lastTermination(pods);
  const reason = last ? `${why}: ${describe(last)}` : why;
  return {
    state: 'CANCELLED',
    statusReason: reason,
    ...(last ? { exitCode: last.exitCode } : {}),
    ...ending(millisOf(job.metadata?.deletionTimestamp)),
  };
}

function activeFacts(job: Job, pods: readonly Pod[]): RunFacts {
  const failures = job.status?.failed ?? 0;
  const attempts = (job.spec?.backoffLimit ?? 6) + 1;
  const last = lastTermination(pods);
  const ended = last ? { lastExitCode: last.exitCode } : {};
  // Beyond the last attempt the Job is ending, by its deadline or by its limit.
  if (failures === 0 || failures >= attempts) return { state: 'ACTIVE', statusReason: 'Running', ...ended };
  const why = last ? `, the last one: ${describe(last)}` : '';
  return { state: 'ACTIVE', statusReason: `Retrying: attempt ${failures + 1} of ${attempts}${why}`, ...ended };
}

const ending = (endTime: number | undefined) => (endTime === undefined ? {} : { endTime });

/** The container that ended last, with a non-zero code before a zero one of the same second. */
function lastTermination(pods: readonly Pod[]): Termination | undefined {
  let last: Termination | undefined;
  for (const pod of pods) {
    const termination = terminationOf(taskStatusOf(pod));
    if (
      termination &&
      (last === undefined || (millisOf(termination.finishedAt) ?? 0) >= (millisOf(last.finishedAt) ?? 0))
    ) {
      last = termination;
    }
  }
  return last;
}

/** Kubernetes keeps 4 KiB of what a container says of its own end. */
const ownWordsMaximum = 512;

function describe(termination: Termination): string {
  const { exitCode, reason, signal, message } = termination;
  const named = reason === undefined || reason === 'Error' || reason === 'Completed' ? '' : ` (${reason})`;
  const own = message === undefined ? '' : message.trim().replace(/\s+/g, ' ').slice(0, ownWordsMaximum);
  const words = own === '' ? '' : `: ${own}`;
  return `${signal ? `ended by signal ${signal}` : `exit code ${exitCode}`}${named}${words}`;
}

/** Why no container runs yet: the image, the scheduler, a suspended Job; or nothing in particular. */
function waitingReason(job: Job, pods: readonly Pod[]): string {
  if (job.spec?.suspend) return 'Suspended: the job is suspended';
  const pod = pods.at(-1);
  if (!pod) return 'Created: waiting for its pod';
  const waiting = taskStatusOf(pod)?.state?.waiting;
  if (waiting?.reason) return waiting.message ? `${waiting.reason}: ${waiting.message}` : waiting.reason;
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return `${scheduled.reason ?? 'Unschedulable'}: ${scheduled.message ?? 'no node has room'}`;
  return 'Pending: waiting for its container';
}

/** Each state is told, each new attempt, and that a queued run is stuck; not each step of its pod's start. */
export function noteworthy(facts: RunFacts): unknown {
  if (facts.state === 'ACTIVE') return [facts.state, facts.statusReason, facts.startTime];
  if (facts.state !== 'QUEUED') return facts;
  const stuck =
    /^(Unschedulable|Suspended|InvalidImageName|ErrImage|ImagePull|ErrImageNeverPull|CreateContainer|RunContainer)/.exec(
      facts.statusReason,
    );
  return [facts.state, stuck?.[1]?.replace('ErrImage', 'ImagePull')];
}
