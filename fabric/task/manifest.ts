/**
 * What a Task becomes: a Job, or with a schedule a CronJob. Pure and total: the same Task gives the same manifest, one
 * that an API server accepts, or a TaskError that names the fields at fault.
 */
import { createHash } from 'node:crypto';
import type { CronJob, Job } from '../../kubernetes/objects.ts';
import { clusterTaskIssues } from './check.ts';
import { TaskError } from './errors.ts';
import { isScheduled, type Task } from './task.ts';
import { toCronJob } from './to-cronjob.ts';
import { checkedTask, toJob } from './to-job.ts';

export type Manifest =
  | { readonly kind: 'Job'; readonly manifest: Job }
  | { readonly kind: 'CronJob'; readonly manifest: CronJob };

/**
 * @param options.persist false: the Task's pool keeps records and logs in the cluster.
 * @throws TaskError when the Task cannot be run as it is; nothing else.
 */
export function manifestFor(task: Task, options: { readonly persist?: boolean } = {}): Manifest {
  const issues = clusterTaskIssues(task);
  const { spec } = task;
  if (issues.length > 0 || spec === undefined) throw new TaskError(issues);
  const checked = checkedTask(task, spec, options.persist ?? true);
  return isScheduled(spec)
    ? { kind: 'CronJob', manifest: toCronJob(checked) }
    : { kind: 'Job', manifest: toJob(checked) };
}

/** A short text that differs when the manifest does. */
export function manifestHash(manifest: Job | CronJob): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex').slice(0, 16);
}
