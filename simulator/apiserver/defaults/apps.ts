/** Defaults of Deployments and ReplicaSets. */
import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
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
