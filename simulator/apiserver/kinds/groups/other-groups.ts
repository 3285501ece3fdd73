/**
 * Resources of the other built-in groups: apps, coordination, RBAC, policy, scheduling, and the definitions of custom
 * ones.
 */
import { customResourceDefinitions, leases, type ResourceType } from '../../../../kubernetes/resources.ts';
import { type ApiObject, isRecord, listAt, recordAt, sameJson, textAt } from '../../json.ts';
import {
  defineResource,
  type Resource,
  type Strategy,
  type Subresource,
  scaleSubresource,
  statusOf,
  type Verb,
} from '../resource.ts';

const type = (group: string, plural: string, kind: string, namespaced = true): ResourceType => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced,
});

const withEmptyStatus = {
  generation: 'spec' as const,
  statusMembers: ['status'],
  prepareCreate(object: ApiObject): void {
    object.status = {};
  },
};

/** All but DaemonSets are scaled. */
const partsOf = (kind: ResourceType): Subresource[] =>
  kind.kind === 'DaemonSet' ? [statusOf(kind)] : [scaleSubresource, statusOf(kind)];

const workload = (plural: string, kind: string, shortName: string, rules: Partial<Strategy> = {}): Resource =>
  defineResource(
    type('apps', plural, kind),
    { ...withEmptyStatus, ...rules },
    { shortNames: [shortName], categories: ['all'], subresources: partsOf(type('apps', plural, kind)) },
  );

const templateGeneration = 'deprecated.daemonset.template.generation';

/** Counts the changes of the template in an annotation, as old clients want it. */
function countTemplates(object: ApiObject, old: ApiObject): void {
  const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1);
  const changed = !sameJson(recordAt(object, 'spec').template, recordAt(old, 'spec').template);
  const annotations = { ...object.metadata.annotations, [templateGeneration]: String(before + (changed ? 1 : 0)) };
  object.metadata = { ...object.metadata, annotations };
}

const rbac = (plural: string, kind: string, namespaced: boolean) =>
  defineResource(type('rbac.authorization.k8s.io', plural, kind, namespaced), { createOnUpdate: true });

const budgets = type('policy', 'poddisruptionbudgets', 'PodDisruptionBudget');
const review: readonly Verb[] = ['create'];

/** Resources that only answer a question: their objects are never stored. */
export const reviewResources: readonly Resource[] = [
  defineResource(
    type('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', false),
    {},
    { verbs: review },
  ),
  defineResource(
    type('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', false),
    {},
    { verbs: review },
  ),
  defineResource(
    type('authorization.k8s.io', 'localsubjectaccessreviews', 'LocalSubjectAccessReview'),
    {},
    { verbs: review },
  ),
  defineResource(
    type('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', false),
    {},
    { verbs: review },
  ),
  defineResource(type('authentication.k8s.io', 'tokenreviews', 'TokenReview', false), {}, { verbs: review }),
  defineResource(
    type('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview', false),
    {},
    { verbs: review },
  ),
];

/** From now on objects may be stored in the version that is the storage version now; earlier ones stay listed. */
function rememberStorageVersion(definition: ApiObject): void {
  const storage = listAt(definition.spec, 'versions').find((each) => isRecord(each) && each.storage === true);
  const name = textAt(storage, 'name');
  const status = recordAt(definition, 'status');
  const stored = listAt(status, 'storedVersions');
  if (name !== '' && !stored.includes(name)) definition.status = { ...status, storedVersions: [...stored, name] };
}

export const definitionResource = defineResource(
  customResourceDefinitions,
  {
    generation: 'spec',
    statusMembers: ['status'],
    prepareUpdate: rememberStorageVersion,
  },
  {
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: [statusOf(customResourceDefinitions)],
  },
);

export const priorityClassResource = defineResource(
  type('scheduling.k8s.io', 'priorityclasses', 'PriorityClass', false),
  { generation: 'spec' },
  { shortNames: ['pc'] },
);

export const otherResources: readonly Resource[] = [
  workload('deployments', 'Deployment', 'deploy', { generation: 'spec and annotations', statusKeepsLabels: true }),
  workload('replicasets', 'ReplicaSet', 'rs'),
  workload('statefulsets', 'StatefulSet', 'sts'),
  workload('daemonsets', 'DaemonSet', 'ds', { prepareUpdate: countTemplates }),
  defineResource(leases, { createOnUpdate: true, unconditionalUpdate: false }),
  rbac('roles', 'Role', true),
  rbac('rolebindings', 'RoleBinding', true),
  rbac('clusterroles', 'ClusterRole', false),
  rbac('clusterrolebindings', 'ClusterRoleBinding', false),
  defineResource(
    budgets,
    { ...withEmptyStatus, unconditionalUpdate: false },
    { shortNames: ['pdb'], subresources: [statusOf(budgets)] },
  ),
  priorityClassResource,
  definitionResource,
];
