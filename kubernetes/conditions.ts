/** Conditions of Jobs. */
import type { Job, JobCondition } from './objects.ts';

/** The Job's condition of that type, if it is True. */
export function conditionOf(job: Job, type: 'Complete' | 'Failed' | 'Suspended'): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** True if the Job has ended by itself. */
export function isFinished(job: Job): boolean {
  return conditionOf(job, 'Complete') !== undefined || conditionOf(job, 'Failed') !== undefined;
}
