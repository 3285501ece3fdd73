/**
 * The two kinds that keep a number of pods running. A ReplicationController is turned into a ReplicaSet on its way in
 * and back on its way out, so that one implementation serves both. Source: Kubernetes' replication controller, which
 * does the same.
 */
import type { ReplicaSet, ReplicationController } from '../../../kubernetes/objects.ts';
import { type ResourceType, replicaSets, replicationControllers } from '../../../kubernetes/resources.ts';

export interface ReplicaKind<T extends ReplicaSet | ReplicationController = ReplicaSet | ReplicationController> {
  readonly type: ResourceType;
  /** The source of its events. */
  readonly component: string;
  /** Pods that are ending stand in its status. */
  readonly countsTerminating: boolean;
  /** apiVersion and kind stay those of the original: owner references and events are made from them. */
  toSet(object: T): ReplicaSet;
  fromSet(set: ReplicaSet): T;
}

export const replicaSetKind: ReplicaKind<ReplicaSet> = {
  type: replicaSets,
  component: 'replicaset-controller',
  countsTerminating: true,
  toSet: (set) => set,
  fromSet: (set) => set,
};

export const replicationControllerKind: ReplicaKind<ReplicationController> = {
  type: replicationControllers,
  component: 'replication-controller',
  countsTerminating: false,
  toSet(controller) {
    const { selector, ...spec } = controller.spec ?? {};
    const labelSelector = selector === undefined ? {} : { matchLabels: selector };
    return { ...controller, spec: { ...spec, selector: labelSelector } } as ReplicaSet;
  },
  fromSet(set) {
    const { selector, ...spec } = set.spec ?? {};
    const labels = selector?.matchLabels;
    return { ...set, spec: { ...spec, ...(labels ? { selector: labels } : {}) } } as ReplicationController;
  },
};
