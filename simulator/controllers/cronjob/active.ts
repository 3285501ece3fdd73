/** A CronJob's list of running Jobs, `status.active`. */
import type { CronJob, Job } from '../../../kubernetes/objects.ts';

export function hasActive(cronJob: CronJob, uid: string | undefined): boolean {
  return cronJob.status?.active?.some((reference) => reference.uid === uid) ?? false;
}

/** A copy whose status may be changed; the rest is shared, and cached objects are frozen. */
export function withOwnStatus(cronJob: CronJob): CronJob {
  return { ...cronJob, status: { ...cronJob.status } };
}

/** Changes the status of the CronJob that is given. */
export function removeActive(cronJob: CronJob, uid: string | undefined): void {
  const { status } = cronJob;
  if (status?.active) status.active = status.active.filter((reference) => reference.uid !== uid);
}

/** Changes the status of the CronJob that is given. */
export function addActive(cronJob: CronJob, job: Job, scheduledAtMs: number): void {
  const { name, namespace, uid, resourceVersion } = job.metadata ?? {};
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
  cronJob.status = {
    ...cronJob.status,
    active: [...(cronJob.status?.active ?? []), reference],
    lastScheduleTime: `${new Date(scheduledAtMs).toISOString().slice(0, 19)}Z`,
  };
}
