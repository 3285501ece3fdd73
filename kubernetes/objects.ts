/**
 * Kubernetes objects as they travel: the shapes of `@kubernetes/client-node`'s models, with times as RFC 3339 text
 * (its own classes turn them into Dates and drop what they do not know; see docs/decisions/0004-kubernetes-client.md).
 */
import type {
  CoreV1Event,
  V1ConfigMap,
  V1Container,
  V1ContainerStatus,
  V1CronJob,
  V1CustomResourceDefinition,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1JobCondition,
  V1JobSpec,
  V1JobStatus,
  V1Lease,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1PodCondition,
  V1PodSpec,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1ReplicationController,
  V1Secret,
  V1Service,
  V1Status,
} from '@kubernetes/client-node';

/** A model class as JSON: Dates are text. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Element)[]
    ? Wire<Element>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

export type ObjectMeta = Wire<V1ObjectMeta>;
export type Service = Wire<V1Service>;
export type EndpointSlice = Wire<V1EndpointSlice>;
export type PodSpec = Wire<V1PodSpec>;
export type OwnerReference = Wire<V1OwnerReference>;
export type Status = Wire<V1Status>;

/** What every object has. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** An object of a kind that the code does not know: its other members are untyped JSON. */
export type UnknownObject = KubernetesObject & { [member: string]: unknown };

export interface ListOf<T> {
  apiVersion?: string;
  kind?: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

export type Pod = Wire<V1Pod>;
export type PodTemplate = Wire<V1PodTemplateSpec>;
export type PodCondition = Wire<V1PodCondition>;
export type Container = Wire<V1Container>;
export type ContainerStatus = Wire<V1ContainerStatus>;
export type Job = Wire<V1Job>;
export type JobSpec = Wire<V1JobSpec>;
export type JobStatus = Wire<V1JobStatus>;
export type JobCondition = Wire<V1JobCondition>;
export type CronJob = Wire<V1CronJob>;
export type Deployment = Wire<V1Deployment>;
export type ReplicaSet = Wire<V1ReplicaSet>;
export type ReplicationController = Wire<V1ReplicationController>;
export type Namespace = Wire<V1Namespace>;
export type Node = Wire<V1Node>;
export type Event = Wire<CoreV1Event>;
export type Lease = Wire<V1Lease>;
export type ConfigMap = Wire<V1ConfigMap>;
export type Secret = Wire<V1Secret>;
export type CustomResourceDefinition = Wire<V1CustomResourceDefinition>;
