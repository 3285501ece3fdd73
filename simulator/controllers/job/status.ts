/** Conditions of a Job and the form in which its status is written. Source: semantics 3.6, 3.7. */
import type { Job, JobCondition, JobStatus } from '../../../kubernetes/objects.ts';
import { timeText } from './facts.ts';

export function newCondition(
  type: string,
  reason: string,
  message: string,
  now: number,
  status = 'True',
): JobCondition {
  const at = timeText(now);
  return { type, status, lastProbeTime: at, lastTransitionTime: at, reason, message };
}

/** The condition of that type if it is True. */
export function trueCondition(status: JobStatus | undefined, type: string): JobCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/**
 * The conditions with this one in force: replaced in place when its status differs, put at the end when it is new;
 * undefined if nothing changes. A condition that was never there is not added just to say False.
 */
export function withCondition(conditions: readonly JobCondition[], wanted: JobCondition): JobCondition[] | undefined {
  const position = conditions.findIndex((condition) => condition.type === wanted.type);
  const present = conditions[position];
  if (present === undefined) return wanted.status === 'False' ? undefined : [...conditions, wanted];
  if (present.status === wanted.status && present.reason === wanted.reason && present.message === wanted.message) {
    return undefined;
  }
  return conditions.with(position, wanted);
}

/**
 * The Job with this status as Kubernetes writes it: counters of 0 and empty lists are left out, `ready` and
 * `terminating` are not.
 */
export function withStatus(job: Job, status: JobStatus): Job {
  const { active, succeeded, failed, completedIndexes, conditions, uncountedTerminatedPods, ...others } = status;
  return {
    ...job,
    status: {
      ...(conditions?.length ? { conditions } : {}),
      ...others,
      ...(active ? { active } : {}),
      ...(succeeded ? { succeeded } : {}),
      ...(failed ? { failed } : {}),
      ...(completedIndexes ? { completedIndexes } : {}),
      uncountedTerminatedPods: {
        ...(uncountedTerminatedPods?.succeeded?.length ? { succeeded: uncountedTerminatedPods.succeeded } : {}),
        ...(uncountedTerminatedPods?.failed?.length ? { failed: uncountedTerminatedPods.failed } : {}),
      },
    },
  };
}
