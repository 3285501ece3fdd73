/** When a finished Job is to be removed (semantics 5.1). Pure. */
import type { Job } from '../../../kubernetes/objects.ts';

/** Epoch ms at which the Job expires; undefined if it has no time to live, is not finished, or is being deleted. */
export function expiryOf(job: Job): number | undefined {
  const ttlSeconds = job.spec?.ttlSecondsAfterFinished;
  if (ttlSeconds === undefined || job.metadata?.deletionTimestamp !== undefined) return undefined;
  const end = job.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  if (end?.lastTransitionTime === undefined) return undefined;
  return Date.parse(end.lastTransitionTime) + ttlSeconds * 1000;
}
