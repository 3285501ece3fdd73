/** Which finished Jobs a CronJob's history limits remove (semantics 2.5, step 1). Pure. */
import type { CronJob, Job } from '../../../kubernetes/objects.ts';

/** `Complete` or `Failed` if the Job has come to its end. */
export function finishedCondition(job: Job): 'Complete' | 'Failed' | undefined {
  for (const { type, status } of job.status?.conditions ?? []) {
    if (status === 'True' && (type === 'Complete' || type === 'Failed')) return type;
  }
  return undefined;
}

/** What is beyond the limits: complete Jobs first, then failed ones, of each the oldest first. */
export function jobsBeyondLimits(cronJob: CronJob, jobs: readonly Job[]): Job[] {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec ?? {};
  return [
    ...oldestBeyond(successfulJobsHistoryLimit, jobs, 'Complete'),
    ...oldestBeyond(failedJobsHistoryLimit, jobs, 'Failed'),
  ];
}

function oldestBeyond(limit: number | undefined, jobs: readonly Job[], condition: 'Complete' | 'Failed'): Job[] {
  if (limit === undefined) return [];
  const finished = jobs.filter((job) => finishedCondition(job) === condition);
  return finished.sort(byStartTime).slice(0, Math.max(0, finished.length - limit));
}

/** A Job without a start time is the youngest; ties are by name. */
function byStartTime(one: Job, other: Job): number {
  const [oneAt, otherAt] = [startedAt(one), startedAt(other)];
  if (oneAt !== otherAt) return oneAt < otherAt ? -1 : 1;
  const [oneName, otherName] = [one.metadata?.name ?? '', other.metadata?.name ?? ''];
  return oneName < otherName ? -1 : oneName > otherName ? 1 : 0;
}

function startedAt(job: Job): number {
  const { startTime } = job.status ?? {};
  return startTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(startTime);
}
