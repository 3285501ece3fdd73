/** Defaults of Deployments, ReplicaSets, ReplicationControllers, StatefulSets and DaemonSets. */
import type { V1DaemonSet, V1Deployment, V1ReplicaSet, V1StatefulSet } from '@kubernetes/client-node';
import type { ReplicationController, Wire } from '../../../kubernetes/objects.ts';
import { defaultPodTemplate } from './pod.ts';

type Deployment = Wire<V1Deployment>;
type ReplicaSet = Wire<V1ReplicaSet>;

export function defaultDeployment(deployment: Deployment): Deployment {
  const spec: Partial<NonNullable<Deployment['spec']>> = deployment.spec ?? {};
  return {
    ...deployment,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: defaultPodTemplate(spec.template ?? {}),
      strategy: defaultStrategy(spec.strategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    },
  } as Deployment;
}

type Strategy = NonNullable<NonNullable<Deployment['spec']>['strategy']>;

function defaultStrategy(strategy: Strategy): Strategy {
  const type = strategy.type || 'RollingUpdate';
  if (type !== 'RollingUpdate') return { ...strategy, type };
  const { maxUnavailable = '25%', maxSurge = '25%' } = strategy.rollingUpdate ?? {};
  return { ...strategy, type, rollingUpdate: { ...strategy.rollingUpdate, maxUnavailable, maxSurge } };
}

export function defaultReplicaSet(set: ReplicaSet): ReplicaSet {
  const spec: Partial<NonNullable<ReplicaSet['spec']>> = set.spec ?? {};
  const template = spec.template ? defaultPodTemplate(spec.template) : undefined;
  return { ...set, spec: { ...spec, replicas: spec.replicas ?? 1, ...(template ? { template } : {}) } } as ReplicaSet;
}

/** Selector and labels are those of the template where there are none. */
export function defaultReplicationController(controller: ReplicationController): ReplicationController {
  const { metadata, spec = {} } = controller;
  const template = spec.template ? defaultPodTemplate(spec.template) : undefined;
  const labels = template?.metadata?.labels;
  const without = (labelled: object | undefined) => Object.keys(labelled ?? {}).length === 0;
  return {
    ...controller,
    ...(labels && without(metadata?.labels) ? { metadata: { ...metadata, labels } } : {}),
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      ...(labels && without(spec.selector) ? { selector: labels } : {}),
      ...(template ? { template } : {}),
    },
  };
}

type StatefulSet = Wire<V1StatefulSet>;

export function defaultStatefulSet(set: StatefulSet): StatefulSet {
  const spec: Partial<NonNullable<StatefulSet['spec']>> = set.spec ?? {};
  const { rollingUpdate, type = 'RollingUpdate' } = spec.updateStrategy ?? {};
  const updateStrategy =
    type === 'RollingUpdate'
      ? { ...spec.updateStrategy, type, rollingUpdate: { ...rollingUpdate, partition: rollingUpdate?.partition ?? 0 } }
      : { ...spec.updateStrategy, type };
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return {
    ...set,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: defaultPodTemplate(spec.template ?? {}),
      podManagementPolicy: spec.podManagementPolicy || 'OrderedReady',
      updateStrategy,
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    },
  } as StatefulSet;
}

type DaemonSet = Wire<V1DaemonSet>;

export function defaultDaemonSet(set: DaemonSet): DaemonSet {
  const spec: Partial<NonNullable<DaemonSet['spec']>> = set.spec ?? {};
  const { rollingUpdate, type = 'RollingUpdate' } = spec.updateStrategy ?? {};
  const { maxSurge = 0, maxUnavailable = 1 } = rollingUpdate ?? {};
  const updateStrategy =
    type === 'RollingUpdate'
      ? { ...spec.updateStrategy, type, rollingUpdate: { ...rollingUpdate, maxSurge, maxUnavailable } }
      : { ...spec.updateStrategy, type };
  const annotations = { 'deprecated.daemonset.template.generation': '1', ...set.metadata?.annotations };
  return {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: {
      ...spec,
      template: defaultPodTemplate(spec.template ?? {}),
      updateStrategy,
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    },
  } as DaemonSet;
}
