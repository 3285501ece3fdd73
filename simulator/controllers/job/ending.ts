/** Whether a Job ends in this sync, and by which rule: the first that applies. Source: semantics 3.4 (5, 6). */
import type { Job, JobCondition, Pod } from '../../../kubernetes/objects.ts';
import { backoffLimitOf, completionsOf, isSuspended, timeOf } from './facts.ts';
import { countIndexes } from './indexes.ts';
import type { Observation } from './observation.ts';
import { failJobMessage, successPolicyMessage } from './policies.ts';
import { newCondition, trueCondition } from './status.ts';

/**
 * How the Job ends: the interim condition that is written before pods are let go (undefined if an earlier sync has
 * written it), and the terminal one that follows when all is counted. Both have the same reason and message.
 */
export interface Ending {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly message: string;
  readonly interim?: JobCondition;
}

/**
 * The rules that end a Job whatever its pods still do. Failure beats success, the back-off limit beats the deadline.
 */
export function decideEnding(seen: Observation): Ending | undefined {
  const { job, now, pods } = seen;
  const met = trueCondition(job.status, 'SuccessCriteriaMet');
  if (met) return { succeeded: true, reason: met.reason ?? '', message: met.message ?? '' };
  const target = trueCondition(job.status, 'FailureTarget');
  if (target) return { succeeded: false, reason: target.reason ?? '', message: target.message ?? '' };
  const policyMessage = failJobMessage(job, pods);
  if (policyMessage !== undefined) return failure('PodFailurePolicy', policyMessage, now);
  if (seen.failed > backoffLimitOf(job) || exceedsRestarts(job, pods)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit', now);
  }
  if (remainingActiveMs(job, now) === 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline', now);
  }
  return decideByIndexes(seen);
}

/** The end by count, once pods have been managed: `active` is what is left of them then. */
export function decideCompletion(seen: Observation, active: number): Ending | undefined {
  const wanted = seen.job.spec?.completions;
  const reached = wanted === undefined ? seen.succeeded > 0 : seen.succeeded >= wanted;
  if (!reached || active > 0) return undefined;
  return success('CompletionsReached', 'Reached expected number of succeeded pods', seen.now);
}

/** Milliseconds until activeDeadlineSeconds are over, 0 if they are; undefined if none run. */
export function remainingActiveMs(job: Job, now: number): number | undefined {
  const startedAt = timeOf(job.status?.startTime);
  const seconds = job.spec?.activeDeadlineSeconds;
  if (seconds === undefined || startedAt === undefined || isSuspended(job)) return undefined;
  return Math.max(0, startedAt + seconds * 1000 - now);
}

function decideByIndexes({ job, now, indexes }: Observation): Ending | undefined {
  if (indexes === undefined) return undefined;
  const failed = countIndexes(indexes.failed ?? []);
  if (failed > (job.spec?.maxFailedIndexes ?? Number.POSITIVE_INFINITY)) {
    const message = 'Job has exceeded the specified maximal number of failed indexes';
    return failure('MaxFailedIndexesExceeded', message, now);
  }
  if (failed > 0 && failed + countIndexes(indexes.succeeded) >= completionsOf(job)) {
    return failure('FailedIndexes', 'Job has failed indexes', now);
  }
  const message = successPolicyMessage(job, indexes.succeeded);
  return message === undefined ? undefined : success('SuccessPolicy', message, now);
}

/** For restartPolicy OnFailure, where the node restarts containers in place and no pod fails. */
function exceedsRestarts(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .flatMap((pod) => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])])
    .reduce((total, status) => total + status.restartCount, 0);
  const limit = backoffLimitOf(job);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function failure(reason: string, message: string, now: number): Ending {
  return { succeeded: false, reason, message, interim: newCondition('FailureTarget', reason, message, now) };
}

function success(reason: string, message: string, now: number): Ending {
  return { succeeded: true, reason, message, interim: newCondition('SuccessCriteriaMet', reason, message, now) };
}
