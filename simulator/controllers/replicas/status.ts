/** What a ReplicaSet's status is to say of its pods. Pure. Source: Kubernetes' `replica_set_utils.go`. */

import type { Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import { isReady, timeText } from '../job/facts.ts';
import { isAvailable } from './availability.ts';

export type ReplicaSetStatus = NonNullable<ReplicaSet['status']>;
type Condition = NonNullable<ReplicaSetStatus['conditions']>[number];

const failureType = 'ReplicaFailure';

export interface SeenPods {
  readonly active: readonly Pod[];
  /** Absent: this kind does not count them. */
  readonly terminating?: readonly Pod[];
  /** Why pods could not be created or deleted, if so. */
  readonly failure?: unknown;
  /** Epoch ms. */
  readonly now: number;
}

/** The new status; zeros are left out as the wire leaves them out, but for `replicas`. */
export function statusOf(set: ReplicaSet, seen: SeenPods): ReplicaSetStatus {
  const { active, terminating, now } = seen;
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const templateLabels = Object.entries(set.spec?.template?.metadata?.labels ?? {});
  const fullyLabeled = active.filter((pod) =>
    templateLabels.every(([key, value]) => ownMember(pod.metadata?.labels, key) === value),
  );
  const counts = {
    fullyLabeledReplicas: fullyLabeled.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
  };
  const conditions = conditionsOf(set, seen);
  return {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(terminating ? { terminatingReplicas: terminating.length } : {}),
    ...(set.status?.observedGeneration === undefined ? {} : { observedGeneration: set.status.observedGeneration }),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function conditionsOf(set: ReplicaSet, { active, failure, now }: SeenPods): Condition[] {
  const before = set.status?.conditions ?? [];
  if (failure === undefined) return before.filter(({ type }) => type !== failureType);
  if (before.some(({ type }) => type === failureType)) return before;
  const missing = (set.spec?.replicas ?? 1) - active.length;
  const condition: Condition = {
    type: failureType,
    status: 'True',
    lastTransitionTime: timeText(now),
    ...(missing === 0 ? {} : { reason: missing > 0 ? 'FailedCreate' : 'FailedDelete' }),
    message: failure instanceof Error ? failure.message : String(failure),
  };
  return [...before, condition];
}

/** True if there is something to write: the counts, the conditions or the generation that was acted upon. */
export function statusDiffers(set: ReplicaSet, next: ReplicaSetStatus): boolean {
  const before: Partial<ReplicaSetStatus> = set.status ?? {};
  return (
    countsOf(before).join() !== countsOf(next).join() ||
    before.terminatingReplicas !== next.terminatingReplicas ||
    set.metadata?.generation !== before.observedGeneration ||
    JSON.stringify(before.conditions ?? []) !== JSON.stringify(next.conditions ?? [])
  );
}

function countsOf(status: Partial<ReplicaSetStatus>): number[] {
  const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  return [replicas, fullyLabeledReplicas, readyReplicas, availableReplicas];
}
