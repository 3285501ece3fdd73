/**
 * What a Deployment's status is to say of its ReplicaSets, and whether its rollout gets on. Pure. Source: Kubernetes'
 * `progress.go`.
 */
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { timeOf } from '../job/facts.ts';
import {
  findCondition,
  newCondition,
  replicaFailure,
  withCondition,
  withoutCondition,
  withTime,
} from './conditions.ts';
import {
  type DeploymentCondition,
  type DeploymentStatus,
  hasProgressDeadline,
  isComplete,
  makesProgress,
  maximumUnavailable,
  progressDeadlineMs,
  replicasOf,
} from './facts.ts';
import { countedBy, terminatingIn, wantedBy } from './sets.ts';

export interface SeenSets {
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
  /** Epoch ms. */
  readonly now: number;
}

/** Counts, and the condition Available; the other conditions as they are. Zeros are left out, as on the wire. */
export function statusOf(deployment: Deployment, { newSet, oldSets, now }: SeenSets): DeploymentStatus {
  const all = [...oldSets, newSet];
  const available = countedBy(all, 'availableReplicas');
  const { generation } = deployment.metadata ?? {};
  const { conditions = [], collisionCount } = deployment.status ?? {};
  const counts = {
    observedGeneration: generation ?? 0,
    replicas: countedBy(all, 'replicas'),
    updatedReplicas: countedBy([newSet], 'replicas'),
    readyReplicas: countedBy(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wantedBy(all) - available),
  };
  const terminatingReplicas = terminatingIn(all);
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(terminatingReplicas === undefined ? {} : { terminatingReplicas }),
    conditions: withCondition(conditions, availability(deployment, available, now)),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

function availability(deployment: Deployment, available: number, now: number): DeploymentCondition {
  return available >= replicasOf(deployment) - maximumUnavailable(deployment)
    ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : newCondition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        now,
      );
}

/** As `statusOf`, with the conditions Progressing and ReplicaFailure brought up to date. */
export function rolloutStatusOf(deployment: Deployment, seen: SeenSets): DeploymentStatus {
  const status = statusOf(deployment, seen);
  const progressed = withProgress(deployment, status, seen);
  const failure = replicaFailure(seen.newSet, seen.oldSets);
  const conditions = failure ? withCondition(progressed, failure) : withoutCondition(progressed, 'ReplicaFailure');
  return { ...status, conditions };
}

function withProgress(deployment: Deployment, status: DeploymentStatus, seen: SeenSets): DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, 'Progressing');
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (settled && current?.reason === 'NewReplicaSetAvailable') return [...conditions];
  const { newSet, now } = seen;
  const subject = newSet ? `ReplicaSet "${newSet.metadata?.name}"` : `Deployment "${deployment.metadata?.name}"`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, newCondition('Progressing', 'True', 'NewReplicaSetAvailable', message, now));
  }
  if (makesProgress(deployment, status)) {
    // Written even if nothing but the time of the update changes: it is what the deadline is counted from.
    const message = `${subject} is progressing.`;
    const condition = newCondition('Progressing', 'True', 'ReplicaSetUpdated', message, now);
    const kept = current?.status === 'True' ? withTime(condition, current.lastTransitionTime) : condition;
    return [...withoutCondition(conditions, 'Progressing'), kept];
  }
  if (isTimedOut(deployment, conditions, now)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', message, now));
  }
  return [...conditions];
}

function isTimedOut(deployment: Deployment, conditions: readonly DeploymentCondition[], now: number): boolean {
  const condition = findCondition(conditions, 'Progressing');
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return (timeOf(condition.lastUpdateTime) ?? 0) + progressDeadlineMs(deployment) < now;
}

/** Milliseconds until the Deployment is to be looked at for its deadline; undefined if there is nothing to wait for. */
export function untilDeadlineMs(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || current === undefined) return undefined;
  if (isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded') return undefined;
  return (timeOf(current.lastUpdateTime) ?? 0) + progressDeadlineMs(deployment) - now;
}
