/**
 * Defaults of built-in kinds: what the server fills in at decoding, for create, update and when reading back. Pure
 * functions.
 */

import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import { defaultPolicy, defaultPolicyBinding } from './admission-policies.ts';
import {
  defaultDaemonSet,
  defaultDeployment,
  defaultReplicaSet,
  defaultReplicationController,
  defaultStatefulSet,
} from './apps.ts';
import { defaultCustomResourceDefinition } from './crd.ts';
import { defaultCronJob } from './cronjob.ts';
import { defaultJob } from './job.ts';
import { defaultNamespace } from './namespace.ts';
import { defaultNode } from './node.ts';
import { defaultPod } from './pod.ts';
import { defaultBinding } from './rbac.ts';
import { defaultSecret } from './secret.ts';
import { defaultService } from './service.ts';
import { defaultClaim, defaultEndpoints, defaultLimitRange, defaultPriorityClass } from './small.ts';

import { storedDefaults } from './stored.ts';

type Default = (object: KubernetesObject) => KubernetesObject;

/** Objects of the kind come from the wire, where only the decoder checks types. */
function typed<T extends KubernetesObject>(fill: (object: T) => T): Default {
  return fill as unknown as Default;
}

const defaults: Readonly<Record<string, Default>> = {
  '/Pod': typed(defaultPod),
  '/Namespace': typed(defaultNamespace),
  '/Node': typed(defaultNode),
  '/Secret': typed(defaultSecret),
  '/Service': typed(defaultService),
  '/ReplicationController': typed(defaultReplicationController),
  'batch/Job': typed(defaultJob),
  'batch/CronJob': typed(defaultCronJob),
  'apps/Deployment': typed(defaultDeployment),
  'apps/ReplicaSet': typed(defaultReplicaSet),
  'apps/StatefulSet': typed(defaultStatefulSet),
  'apps/DaemonSet': typed(defaultDaemonSet),
  '/PersistentVolumeClaim': typed(defaultClaim),
  '/Endpoints': typed(defaultEndpoints),
  '/LimitRange': typed(defaultLimitRange),
  'scheduling.k8s.io/PriorityClass': typed(defaultPriorityClass),
  'rbac.authorization.k8s.io/RoleBinding': typed(defaultBinding),
  'rbac.authorization.k8s.io/ClusterRoleBinding': typed(defaultBinding),
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': typed(defaultPolicy),
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': typed(defaultPolicyBinding),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': typed(defaultPolicy),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': typed(defaultPolicyBinding),
  'apiextensions.k8s.io/CustomResourceDefinition': typed(defaultCustomResourceDefinition),
  ...storedDefaults,
};

/** Specs that have their defaults, by the kind that gave them. They count once they are frozen: then they keep them. */
const complete = new WeakMap<object, string>();

/** Kinds whose defaults are those of the spec, but for a Job's labels. */
const ofSpec: ReadonlySet<string> = new Set(['/Pod', 'batch/Job', 'batch/CronJob']);

function isComplete(kind: string, object: KubernetesObject & { readonly spec?: unknown }): boolean {
  const { spec, metadata } = object;
  if (typeof spec !== 'object' || spec === null || complete.get(spec) !== kind || !Object.isFrozen(spec)) return false;
  return kind !== 'batch/Job' || Object.keys(metadata?.labels ?? {}).length > 0;
}

/**
 * The object with its kind's defaults; the one given stays as it is, and comes back itself if it has them all. Kinds
 * without defaults (ConfigMap, Lease, Event, ServiceAccount, roles) and kinds that are not built in come back as they
 * are.
 */
export function applyBuiltInDefaults<T extends KubernetesObject>(
  type: { readonly group: string; readonly version: string; readonly kind: string },
  object: T,
): T {
  const kind = `${type.group}/${type.kind}`;
  const fill = ownMember(defaults, kind);
  if (!fill || isComplete(kind, object)) return object;
  const filled = fill(object) as T & { readonly spec?: object };
  if (ofSpec.has(kind) && filled.spec) complete.set(filled.spec, kind);
  return filled;
}
