/** Which functions judge which kind. */
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Deployment,
  V1ReplicaSet,
  V1Role,
  V1RoleBinding,
  V1Service,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import type {
  ConfigMap,
  CronJob,
  CustomResourceDefinition,
  Event,
  Job,
  KubernetesObject,
  Lease,
  Namespace,
  Node,
  Pod,
  ReplicationController,
  Secret,
  Wire,
} from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain } from '../schema/names.ts';
import {
  mutatingBindingRule,
  mutatingPolicyRule,
  validatingBindingRule,
  validatingPolicyRule,
} from './admission-policies.ts';
import { validateDeployment, validateDeploymentUpdate, validateReplicaSet, validateReplicaSetUpdate } from './apps.ts';
import {
  validateLease,
  validateLeaseUpdate,
  validateNamespaceObject,
  validateNamespaceUpdate,
  validateNode,
  validateNodeUpdate,
  validateServiceAccount,
} from './cluster.ts';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from './config.ts';
import { validateCustomResourceDefinition, validateCustomResourceDefinitionUpdate } from './crd.ts';
import { validateCronJob, validateCronJobUpdate } from './cronjob.ts';
import { coreView, validateEvent, validateEventUpdate } from './event.ts';
import { validateJob, validateJobUpdate } from './job.ts';
import { validateJobStatusUpdate } from './job-status.ts';
import type { KindOfObject } from './kind-of-object.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { plainRules } from './plain.ts';
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from './pod.ts';
import { validateRole, validateRoleBinding, validateRoleBindingUpdate, validateRoleUpdate } from './rbac.ts';
import { validateReplicaStatus } from './replica-counts.ts';
import { validateReplicationController, validateReplicationControllerUpdate } from './replication-controller.ts';
import { validateService, validateServiceUpdate } from './service.ts';
import { warnAboutService } from './service-warnings.ts';
import { storedRules } from './stored.ts';
import { warnAboutCronJob, warnAboutFinalizers, warnAboutJob, warnAboutPod, warnAboutReplicated } from './warnings.ts';

/** The judges of one kind. */
export interface Rule {
  create(object: KubernetesObject): FieldError[];
  update(object: KubernetesObject, old: KubernetesObject, subresource?: string): FieldError[];
  warnings?(object: KubernetesObject, old?: KubernetesObject): string[];
}

/** A kind whose functions are typed; objects of the kind come from the wire, where only the decoder checks types. */
function typed<T extends KubernetesObject>(rule: {
  create(object: T): FieldError[];
  update(object: T, old: T, subresource?: string): FieldError[];
  warnings?(object: T, old?: T): string[];
}): Rule {
  return rule as unknown as Rule;
}

type Deployment = Wire<V1Deployment>;
type Role = Wire<V1Role> | Wire<V1ClusterRole>;
type Binding = Wire<V1RoleBinding> | Wire<V1ClusterRoleBinding>;

const roles = (namespaced: boolean): Rule =>
  typed<Role>({
    create: (role) => validateRole(role, namespaced),
    update: (role, old) => validateRoleUpdate(role, old, namespaced),
  });

const bindings = (namespaced: boolean): Rule =>
  typed<Binding>({
    create: (binding) => validateRoleBinding(binding, namespaced),
    update: (binding, old) => validateRoleBindingUpdate(binding, old, namespaced),
  });

const rules: Readonly<Record<string, Rule>> = {
  '/Pod': typed<Pod>({
    create: validatePod,
    update: (pod, old, subresource) =>
      subresource === 'status' ? validatePodStatusUpdate(pod, old) : validatePodUpdate(pod, old),
    warnings: warnAboutPod,
  }),
  '/Namespace': typed<Namespace>({ create: validateNamespaceObject, update: validateNamespaceUpdate }),
  '/Node': typed<Node>({ create: validateNode, update: validateNodeUpdate }),
  '/ConfigMap': typed<ConfigMap>({ create: validateConfigMap, update: validateConfigMapUpdate }),
  '/Secret': typed<Secret>({ create: validateSecret, update: validateSecretUpdate }),
  '/Service': typed<Wire<V1Service>>({
    create: validateService,
    update: (service, old, subresource) =>
      subresource === 'status' ? validateMetadataUpdate(service, old) : validateServiceUpdate(service, old),
    warnings: warnAboutService,
  }),
  '/ServiceAccount': typed<Wire<V1ServiceAccount>>({
    create: validateServiceAccount,
    update: (account, old) => [...validateMetadataUpdate(account, old), ...validateServiceAccount(account)],
  }),
  '/Event': typed<Event>({
    create: (event) => validateEvent(event, false),
    update: (event, old) => validateEventUpdate(event, old, false),
  }),
  'events.k8s.io/Event': {
    create: (event) => validateEvent(coreView({ ...event }), true),
    update: (event, old) => validateEventUpdate(coreView({ ...event }), coreView({ ...old }), true),
  },
  '/ReplicationController': typed<ReplicationController>({
    create: validateReplicationController,
    update: (controller, old, subresource) =>
      subresource === 'status'
        ? validateReplicaStatus('ReplicationController', controller, old)
        : validateReplicationControllerUpdate(controller, old),
    warnings: warnAboutReplicated,
  }),
  'batch/Job': typed<Job>({
    create: validateJob,
    update: (job, old, subresource) =>
      subresource === 'status' ? validateJobStatusUpdate(job, old) : validateJobUpdate(job, old),
    warnings: warnAboutJob,
  }),
  // Status writes of CronJobs are not looked at, not even their metadata.
  'batch/CronJob': typed<CronJob>({
    create: validateCronJob,
    update: (cronJob, old, subresource) => (subresource === 'status' ? [] : validateCronJobUpdate(cronJob, old)),
    warnings: warnAboutCronJob,
  }),
  'coordination.k8s.io/Lease': typed<Lease>({ create: validateLease, update: validateLeaseUpdate }),
  'apps/Deployment': typed<Deployment>({
    create: validateDeployment,
    update: (deployment, old, subresource) =>
      subresource === 'status'
        ? validateReplicaStatus('Deployment', deployment, old)
        : validateDeploymentUpdate(deployment, old),
    warnings: warnAboutReplicated,
  }),
  'apps/ReplicaSet': typed<Wire<V1ReplicaSet>>({
    create: validateReplicaSet,
    update: (set, old, subresource) =>
      subresource === 'status' ? validateReplicaStatus('ReplicaSet', set, old) : validateReplicaSetUpdate(set, old),
    warnings: warnAboutReplicated,
  }),
  'apiextensions.k8s.io/CustomResourceDefinition': typed<CustomResourceDefinition>({
    create: validateCustomResourceDefinition,
    update: validateCustomResourceDefinitionUpdate,
  }),
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': typed(mutatingPolicyRule),
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': typed(mutatingBindingRule),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': typed(validatingPolicyRule),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': typed(validatingBindingRule),
  'rbac.authorization.k8s.io/Role': roles(true),
  'rbac.authorization.k8s.io/ClusterRole': roles(false),
  'rbac.authorization.k8s.io/RoleBinding': bindings(true),
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindings(false),
  ...storedRules,
  ...plainRules,
};

/**
 * The rule of a kind; for one that is not listed, metadata only: that is all there is for a custom resource beside its
 * schema.
 */
export function ruleOf(type: KindOfObject): Rule {
  return rules[`${type.group}/${type.kind}`] ?? customRule(type.namespaced);
}

function customRule(namespaced: boolean | undefined): Rule {
  return {
    create: (object) => validateMetadata(object, { namespaced, name: dnsSubdomain }),
    update: (object, old) => validateMetadataUpdate(object, old, false),
    warnings: warnAboutFinalizers,
  };
}
