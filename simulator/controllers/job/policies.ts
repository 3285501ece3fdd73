/** podFailurePolicy and successPolicy of a Job. Source: semantics 3.8. */

import { keyOf } from '../../../kubernetes/meta.ts';
import type { ContainerStatus, Job, JobSpec, Pod } from '../../../kubernetes/objects.ts';
import { completionsOf, failureCountOf, isPodFailed } from './facts.ts';
import { countCommonIndexes, countIndexes, type Indexes, parseIndexes } from './indexes.ts';

type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<FailureRule['onExitCodes']>;
type SuccessRule = NonNullable<JobSpec['successPolicy']>['rules'][number];

export interface FailureVerdict {
  /** False if the failure must not count against any limit. */
  readonly counted: boolean;
  readonly action?: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  /** Why the whole Job fails, with FailJob. */
  readonly message?: string;
}

/** What the Job's policy makes of this failed pod: the first rule that matches decides. */
export function judgeFailure(job: Job, pod: Pod): FailureVerdict {
  for (const [position, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const match = matchFailureRule(rule, pod);
    if (match === undefined) continue;
    if (rule.action === 'Ignore') return { counted: false, action: 'Ignore' };
    if (rule.action === 'FailIndex' || rule.action === 'Count') return { counted: true, action: rule.action };
    if (rule.action === 'FailJob') {
      return { counted: true, action: 'FailJob', message: `${match} matching FailJob rule at index ${position}` };
    }
  }
  return { counted: true };
}

/** The message of the first failed pod that fails the whole Job, if there is one. */
export function failJobMessage(job: Job, pods: readonly Pod[]): string | undefined {
  if (job.spec?.podFailurePolicy === undefined) return undefined;
  for (const pod of pods) {
    const message = isPodFailed(pod, job) ? judgeFailure(job, pod).message : undefined;
    if (message !== undefined) return message;
  }
  return undefined;
}

/** True if this pod's failure is the end of its index. */
export function failsItsIndex(job: Job, pod: Pod): boolean {
  if (!isPodFailed(pod, job)) return false;
  const verdict = judgeFailure(job, pod);
  if (verdict.action === 'FailIndex') return true;
  return verdict.counted && failureCountOf(pod) >= (job.spec?.backoffLimitPerIndex ?? Number.POSITIVE_INFINITY);
}

/** `Matched rules at index N` for the first rule of the success policy that is met. */
export function successPolicyMessage(job: Job, succeeded: Indexes): string | undefined {
  if (succeeded.length === 0) return undefined;
  const rules = job.spec?.successPolicy?.rules ?? [];
  const position = rules.findIndex((rule) => meetsSuccessRule(rule, succeeded, completionsOf(job)));
  return position < 0 ? undefined : `Matched rules at index ${position}`;
}

function meetsSuccessRule(rule: SuccessRule, succeeded: Indexes, completions: number): boolean {
  const enough = rule.succeededCount ?? Number.POSITIVE_INFINITY;
  if (rule.succeededIndexes === undefined) return countIndexes(succeeded) >= enough;
  const required = parseIndexes(rule.succeededIndexes, completions);
  if (required.length === 0) return false;
  const done = countCommonIndexes(required, succeeded);
  return done === countIndexes(required) || done >= enough;
}

/** What matched, in the words of the message; undefined if nothing did. */
function matchFailureRule(rule: FailureRule, pod: Pod): string | undefined {
  if (rule.onExitCodes !== undefined) {
    const status = matchExitCodes(rule.onExitCodes, pod);
    if (status === undefined) return undefined;
    return `Container ${status.name} for pod ${keyOf(pod)} failed with exit code ${status.state?.terminated?.exitCode}`;
  }
  const patterns = rule.onPodConditions ?? [];
  const condition = (pod.status?.conditions ?? []).find((candidate) =>
    patterns.some((pattern) => pattern.type === candidate.type && (pattern.status ?? 'True') === candidate.status),
  );
  return condition === undefined ? undefined : `Pod ${keyOf(pod)} has condition ${condition.type}`;
}

function matchExitCodes(wanted: ExitCodes, pod: Pod): ContainerStatus | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.find((status) => {
    const exitCode = status.state?.terminated?.exitCode ?? 0;
    if (exitCode === 0) return false;
    if (wanted.containerName !== undefined && wanted.containerName !== status.name) return false;
    return wanted.values.includes(exitCode) === (wanted.operator === 'In');
  });
}
