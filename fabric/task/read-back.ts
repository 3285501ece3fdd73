/**
 * The Task's words, read back from a Job or CronJob that was made of it. A run may outlive its Task, and runs of a
 * schedule have no Task of their own: what a record says comes from the Job.
 */
import type { Container, Job, JobSpec } from '../../kubernetes/objects.ts';
import { isOwnVariable } from './artifacts.ts';
import {
  annotatedFields,
  type BeforePodSpec,
  jobTypeLabel,
  limitsAnnotation,
  persistAnnotation,
  taskLabel,
} from './labels.ts';
import { unescapeArgument } from './payload.ts';
import type { TaskSpec } from './task.ts';

/** Name of the Task that a Job was made for, or of the schedule that it is a run of; undefined for a foreign Job. */
export function taskNameOf(job: Job): string | undefined {
  return job.metadata?.labels?.[taskLabel];
}

export function jobTypeOf(job: Job): 'cron' | 'onetime' {
  return job.metadata?.labels?.[jobTypeLabel] === 'cron' ? 'cron' : 'onetime';
}

/** Whether records and logs of this Job leave the cluster. */
export function isPersisted(job: Job): boolean {
  return job.metadata?.annotations?.[persistAnnotation] !== 'false';
}

/**
 * The Task's spec as far as the Job shows it: all fields but those of a pause (`suspend`), which a run does not have.
 */
export function taskSpecOf(job: Job): TaskSpec {
  return specFrom(job.metadata?.annotations ?? {}, job.spec);
}

function specFrom(annotations: Record<string, string>, jobSpec: JobSpec | undefined): TaskSpec {
  const spec: Record<string, unknown> = {};
  for (const [field, annotation] of Object.entries(annotatedFields)) {
    const value = annotations[annotation];
    if (value !== undefined) spec[field] = value;
  }
  const { beforePodSpec, ...limits } = limitsFrom(annotations[limitsAnnotation]);
  Object.assign(spec, limits);
  if (jobSpec?.backoffLimit !== undefined) spec.backoffLimit = jobSpec.backoffLimit;
  if (jobSpec?.activeDeadlineSeconds !== undefined) spec.activeDeadlineSeconds = jobSpec.activeDeadlineSeconds;
  const container = jobSpec?.template.spec?.containers[0];
  const required = { projectId: '', skillName: '', actionName: '', image: '' };
  return { ...required, ...spec, ...(container ? containerFields(container, beforePodSpec) : {}) };
}

/** The annotation is ours, but anybody may have written it. */
function limitsFrom(text: string | undefined): Partial<TaskSpec> & { readonly beforePodSpec?: BeforePodSpec } {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What `podSpec` has added is left out: it stands in that field. */
function containerFields(container: Container, before?: BeforePodSpec): Partial<TaskSpec> {
  const args = container.args ?? [];
  const payload = args.at(-1);
  const variables = (container.env ?? []).filter(({ name }) => !isOwnVariable(name)).slice(0, before?.variables);
  const own = variables.filter(({ valueFrom }) => valueFrom === undefined);
  const environment = Object.fromEntries(own.map(({ name, value }) => [name, value ?? '']));
  const { requests, limits } = (before ? before.resources : container.resources) ?? {};
  return {
    image: container.image ?? '',
    ...(container.command ? { command: container.command } : {}),
    ...(args.length > 1 ? { args: args.slice(0, -1) } : {}),
    ...(payload === undefined ? {} : { payload: unescapeArgument(payload) }),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(requests || limits ? { resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) } } : {}),
  };
}
