/**
 * What the server's admission plug-ins decide before an object is stored: the life of its namespace, its service
 * account, the taint of a new node.
 */
import { type Backend, forbidden, type WriteRequest } from '../backend.ts';
import { ApiError, notFound } from '../errors.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';
import { namespaceResource, serviceAccountResource } from '../kinds/groups/core.ts';
import { allocateNew } from '../services/allocate.ts';
import { servicePool } from '../services/stored-pool.ts';

/** How long a pod waits for the service account of a namespace that is a moment old. */
const accountWaitMs = 1500;
const accountPollMs = 50;

/** May change the object. 404 for a missing namespace, 403 for one that is being deleted. Source: semantics 1.17. */
export async function admitCreate(backend: Backend, request: WriteRequest, object: ApiObject): Promise<void> {
  if (request.resource.kind === 'Node' && request.resource.group === '') taint(object);
  protect(request.resource, object);
  if (request.resource.kind === 'CertificateSigningRequest') nameRequester(request, object);
  if (!request.resource.namespaced) return;
  checkNamespace(backend, request, object);
  if (request.resource.kind === 'Pod' && request.resource.group === '') await admitPod(backend, request, object);
  if (request.resource.kind === 'Service' && request.resource.group === '') allocateNew(object, servicePool(backend));
  if (request.resource.custom) checkDefinition(backend, request, object);
}

/**
 * What pods or claims may use is not removed while they do; a controller lifts the finalizer. Upstream:
 * StorageObjectInUseProtection.
 */
const protections: Readonly<Record<string, string>> = {
  '/PersistentVolumeClaim': 'kubernetes.io/pvc-protection',
  '/PersistentVolume': 'kubernetes.io/pv-protection',
  'storage.k8s.io/VolumeAttributesClass': 'kubernetes.io/vac-protection',
};

function protect({ group, kind }: WriteRequest['resource'], object: ApiObject): void {
  const finalizer = protections[`${group}/${kind}`];
  const { finalizers = [] } = object.metadata;
  if (finalizer === undefined || finalizers.includes(finalizer)) return;
  object.metadata = { ...object.metadata, finalizers: [...finalizers, finalizer] };
}

/** A signing request says who asks, whatever its author wrote. */
function nameRequester({ caller }: WriteRequest, object: ApiObject): void {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = recordAt(object, 'spec');
  object.spec = {
    ...spec,
    username: caller.user,
    ...(caller.uid === undefined ? {} : { uid: caller.uid }),
    ...(caller.groups.length > 0 ? { groups: caller.groups } : {}),
  };
}

/** A new node takes no pods until somebody has seen it ready and lifted the taint. */
function taint(node: ApiObject): void {
  const key = 'node.kubernetes.io/not-ready';
  const taints = listAt(node.spec, 'taints');
  if (taints.some((each) => textAt(each, 'key') === key)) return;
  node.spec = { ...recordAt(node, 'spec'), taints: [...taints, { key, effect: 'NoSchedule' }] };
}

/** A refusal names what has no name yet by the beginning of it. */
function nameIn({ metadata }: ApiObject): string {
  return metadata.name || (metadata.generateName ?? '');
}

function checkNamespace(backend: Backend, request: WriteRequest, object: ApiObject): void {
  const namespace = backend.store.table(namespaceResource.table).get('', request.namespace)?.object;
  if (!namespace) throw notFound(namespaceResource, request.namespace);
  if (textAt(namespace.status, 'phase') !== 'Terminating' && !namespace.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${request.namespace} because it is being terminated`;
  const refusal = forbidden(request.resource, nameIn(object), why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${request.namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new ApiError(403, 'Forbidden', refusal.message, { ...refusal.status.details, causes: [cause] });
}

/**
 * Gives the pod its account. The default one of its namespace is waited for, since a controller makes it; any other
 * that is missing is refused.
 */
async function admitPod(backend: Backend, request: WriteRequest, pod: ApiObject): Promise<void> {
  if (!isRecord(pod.spec)) return;
  const given = textAt(pod.spec, 'serviceAccountName') || textAt(pod.spec, 'serviceAccount');
  const name = given || 'default';
  const accounts = backend.store.table(serviceAccountResource.table);
  for (let waitedMs = 0; !accounts.get(request.namespace, name); waitedMs += accountPollMs) {
    if (name !== 'default' || waitedMs >= accountWaitMs) {
      const why = `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`;
      throw forbidden(request.resource, nameIn(pod), why);
    }
    await backend.world.clock.sleep(accountPollMs);
  }
  pod.spec = { ...pod.spec, serviceAccountName: name, serviceAccount: name, ...priorityOf(backend, request, pod) };
  if (isRecord(pod.spec) && pod.spec.overhead !== undefined && pod.spec.runtimeClassName === undefined) {
    const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
    throw forbidden(request.resource, nameIn(pod), why);
  }
  // The namespace may have ended during the wait.
  checkNamespace(backend, request, pod);
}

/** Priority and preemption by the pod's class, which must exist. */
function priorityOf(backend: Backend, request: WriteRequest, pod: ApiObject): object {
  const name = textAt(pod.spec, 'priorityClassName');
  if (name === '') return {};
  const found = backend.store.table('priorityclasses.scheduling.k8s.io').get('', name)?.object;
  const priority = found?.value;
  if (priority !== undefined) return { priority, preemptionPolicy: found?.preemptionPolicy ?? 'PreemptLowerPriority' };
  const why = `no PriorityClass with name ${name} was found`;
  throw forbidden(request.resource, nameIn(pod), why);
}

/** 403 while the definition is on its way out: what is made now would never be cleaned up. */
function checkDefinition(backend: Backend, request: WriteRequest, object: ApiObject): void {
  const name = request.resource.custom?.definition ?? '';
  const definition = backend.store.table('customresourcedefinitions.apiextensions.k8s.io').get('', name)?.object;
  if (definition && !definition.metadata.deletionTimestamp) return;
  const why = 'create not allowed while custom resource definition is terminating';
  throw forbidden(request.resource, nameIn(object), why);
}
