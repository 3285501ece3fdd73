/** Conditions of a Deployment's status. Pure. Source: Kubernetes' `deployment_util.go` and `progress.go`. */
import type { ReplicaSet } from '../../../kubernetes/objects.ts';
import { timeText } from '../job/facts.ts';
import type { DeploymentCondition } from './facts.ts';
import { present } from './sets.ts';

type Conditions = readonly DeploymentCondition[];
export type ConditionType = 'Available' | 'Progressing' | 'ReplicaFailure';

export function findCondition(conditions: Conditions | undefined, type: ConditionType) {
  return conditions?.find((condition) => condition.type === type);
}

/** `now` in epoch ms. */
export function newCondition(
  type: ConditionType,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = timeText(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/**
 * Nothing changes if status and reason stay; the time of the transition stays with the status. The changed one stands
 * last.
 */
export function withCondition(conditions: Conditions, condition: DeploymentCondition): DeploymentCondition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return [...conditions];
  const { lastTransitionTime } = before?.status === condition.status ? before : condition;
  return [...conditions.filter(({ type }) => type !== condition.type), withTime(condition, lastTransitionTime)];
}

export function withoutCondition(conditions: Conditions, type: ConditionType): DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** With that time of transition. */
export function withTime(condition: DeploymentCondition, lastTransitionTime: string | undefined): DeploymentCondition {
  return { ...condition, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
}

/** The failure of a set as one of the Deployment; the new set's before those of others. */
export function replicaFailure(
  newSet: ReplicaSet | undefined,
  sets: readonly (ReplicaSet | undefined)[],
): DeploymentCondition | undefined {
  for (const { status } of present([newSet, ...sets])) {
    const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (failure) return { ...failure, lastUpdateTime: failure.lastTransitionTime } as DeploymentCondition;
  }
  return undefined;
}
