/**
 * Defaults of Jobs (semantics 3.1). Labels too: a Job without labels takes its template's. That upstream shares the
 * map, so that labels which creation generates later show up on the Job, is told in `generated.ts`.
 */
import type { Job, JobSpec } from '../../../kubernetes/objects.ts';
import { defaultPodTemplate } from './pod.ts';

const unlimited = 2147483647;

export function defaultJob(job: Job): Job {
  const spec = defaultTemplateOf(job.spec ?? ({} as JobSpec));
  const labels = spec.template?.metadata?.labels;
  const bare = Object.keys(job.metadata?.labels ?? {}).length === 0;
  const { completions, parallelism } = defaultCounts(spec);
  return {
    ...job,
    // The very same map, as upstream: see prepareJobForCreate.
    ...(labels && bare ? { metadata: { ...job.metadata, labels } } : {}),
    spec: {
      ...spec,
      parallelism,
      ...(completions === undefined ? {} : { completions }),
      backoffLimit: spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? 6 : unlimited),
      manualSelector: spec.manualSelector ?? false,
      completionMode: spec.completionMode ?? 'NonIndexed',
      suspend: spec.suspend ?? false,
      podReplacementPolicy: spec.podReplacementPolicy ?? (spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'),
    },
  };
}

/** With neither given, one pod; with parallelism alone, a work queue without a number of completions. */
function defaultCounts(spec: JobSpec): { completions: number | undefined; parallelism: number } {
  const { completions, parallelism } = spec;
  if (completions === undefined && parallelism === undefined) return { completions: 1, parallelism: 1 };
  return { completions, parallelism: parallelism ?? 1 };
}

/**
 * What a Job's spec gets inside a CronJob too: the template's defaults and those of the failure policy's conditions.
 */
export function defaultTemplateOf(spec: JobSpec): JobSpec {
  const policy = spec.podFailurePolicy;
  return {
    ...spec,
    template: defaultPodTemplate(spec.template ?? {}),
    ...(policy?.rules
      ? {
          podFailurePolicy: {
            ...policy,
            rules: policy.rules.map((rule) =>
              rule.onPodConditions
                ? {
                    ...rule,
                    onPodConditions: rule.onPodConditions.map((one) => ({ ...one, status: one.status || 'True' })),
                  }
                : rule,
            ),
          },
        }
      : {}),
  };
}
