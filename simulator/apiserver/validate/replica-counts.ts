/**
 * What a status counts of the replicas of a Deployment, ReplicaSet or ReplicationController. Upstream:
 * `ValidateDeploymentStatus` and its like.
 */

import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { invalid, nonNegative } from './field.ts';
import { validateMetadataUpdate } from './metadata.ts';

type Counts = Readonly<Record<string, unknown>>;

/** Kind by kind, in upstream's order. */
const counted = {
  Deployment: [
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'terminatingReplicas',
    'collisionCount',
  ],
  ReplicaSet: [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
    'terminatingReplicas',
  ],
  ReplicationController: [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
  ],
} as const;

type Replicated = KubernetesObject & { readonly status?: object };

export function validateReplicaStatus(kind: keyof typeof counted, object: Replicated, old: Replicated): FieldError[] {
  const status = (object.status ?? {}) as Counts;
  const before = (old.status ?? {}) as Counts;
  return [
    ...validateMetadataUpdate(object, old),
    ...counted[kind].flatMap((name) => nonNegative(`status.${name}`, countOf(status, name))),
    ...partsOf(kind).flatMap((name) => atMost(status, name, 'replicas', 'cannot be greater than status.replicas')),
    ...atMost(status, 'availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'),
    ...(countOf(status, 'collisionCount') < countOf(before, 'collisionCount')
      ? [invalid('status.collisionCount', countOf(status, 'collisionCount'), 'cannot be decremented')]
      : []),
  ];
}

/** Counts of which none may be more than all replicas. */
function partsOf(kind: keyof typeof counted): string[] {
  const first = kind === 'Deployment' ? 'updatedReplicas' : 'fullyLabeledReplicas';
  return [first, 'readyReplicas', 'availableReplicas'];
}

function atMost(status: Counts, name: string, other: string, message: string): FieldError[] {
  const count = countOf(status, name);
  return count > countOf(status, other) ? [invalid(`status.${name}`, count, message)] : [];
}

function countOf(status: Counts, name: string): number {
  const count = status[name];
  return typeof count === 'number' ? count : 0;
}
