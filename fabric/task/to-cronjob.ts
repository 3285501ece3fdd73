/**
 * From a checked Task with a schedule to a native CronJob.
 *
 * Its own history limits are set so high that they never act: they could remove a run that a stopped operator has not
 * seen. The operator applies the Task's.
 */
import type { CronJob } from '../../kubernetes/objects.ts';
import { labelsFor } from './labels.ts';
import { type CheckedTask, jobAnnotations, ownedBy, toJobSpec } from './to-job.ts';

/** More than two months of minutely runs. */
const cronJobHistoryLimit = 100_000;

/** The CronJob of a schedule; it has the Task's name, which no Job's owner but itself then has. */
export function toCronJob(task: CheckedTask): CronJob {
  const { spec } = task;
  const labels = labelsFor(task.name, spec);
  const annotations = jobAnnotations(task);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: task.name,
      namespace: task.namespace,
      labels,
      annotations,
      ownerReferences: [ownedBy(task)],
    },
    spec: {
      schedule: spec.schedule ?? '',
      ...(spec.timeZone === undefined ? {} : { timeZone: spec.timeZone }),
      ...(spec.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: spec.startingDeadlineSeconds }),
      concurrencyPolicy: spec.concurrencyPolicy ?? 'Allow',
      suspend: spec.suspend ?? false,
      successfulJobsHistoryLimit: cronJobHistoryLimit,
      failedJobsHistoryLimit: cronJobHistoryLimit,
      jobTemplate: { metadata: { labels, annotations }, spec: toJobSpec(task) },
    },
  };
}
