/** Defaults of CronJobs (semantics 2.1). The Job's own are left to the Jobs that it makes. */
import type { CronJob, JobSpec } from '../../../kubernetes/objects.ts';
import { defaultTemplateOf } from './job.ts';

export function defaultCronJob(cronJob: CronJob): CronJob {
  const spec: Partial<NonNullable<CronJob['spec']>> = cronJob.spec ?? {};
  const template = spec.jobTemplate ?? {};
  return {
    ...cronJob,
    spec: {
      ...spec,
      schedule: spec.schedule ?? '',
      concurrencyPolicy: spec.concurrencyPolicy || 'Allow',
      suspend: spec.suspend ?? false,
      jobTemplate: { ...template, spec: defaultTemplateOf(template.spec ?? ({} as JobSpec)) },
      successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
      failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
    },
  };
}
