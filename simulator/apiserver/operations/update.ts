/**
 * Replace and patch: everything that makes a new version of an object. Source: upstream registry/rest/update.go;
 * semantics 1.9, 1.12, 1.13.
 */
import { ownMember } from '../../../world/members.ts';
import type { Attributes } from '../admission/policies/attributes.ts';
import { mutateByPolicies } from '../admission/policies/mutating.ts';
import { validateByPolicies } from '../admission/policies/validating.ts';
import { type Backend, readStored, ruleContext, shown, tableOf, type WriteRequest } from '../backend.ts';
import { badRequest, conflict, invalid, modifiedConflict, notFound } from '../errors.ts';
import { type ApiObject, isRecord, recordAt, sameJson } from '../json.ts';
import { asWritten, decodeObject, withDefaults, withDefaultsLike } from '../kinds/decode.ts';
import type { Resource } from '../kinds/resource.ts';
import { checkChange } from './checks.ts';
import { agreeOnNamespace, createObject } from './create.ts';
import { managedFieldsAfter, setManagedFields } from './managed.ts';

export interface UpdateRequest extends WriteRequest {
  readonly name: string;
  /** `status`, `finalize` ...; undefined for the object itself. */
  readonly subresource?: string;
}

export interface UpdateOptions {
  /** managedFields are set by the caller (server-side apply). */
  readonly managed?: boolean;
  /** The subresource under which owners are noted, when the whole object is written on its behalf. */
  readonly managedAs?: 'scale';
  /** A client's PUT; a patch may leave out the resourceVersion of any kind. */
  readonly put: boolean;
}

export interface Written {
  readonly object: ApiObject;
  readonly created: boolean;
}

/** PUT of the object or of a subresource that is a part of it. */
export async function replaceObject(backend: Backend, request: UpdateRequest, body: unknown): Promise<Written> {
  const stored = readStored(backend, request, request.name);
  if (!stored && request.resource.strategy.createOnUpdate && !request.subresource) {
    agreeOnName(request, decodeObject(request, body));
    return { object: await createObject(backend, request, body), created: true };
  }
  const decoded = decodeObject(request, body, stored);
  if (!stored) {
    agreeOnName(request, decoded);
    throw notFound(request.resource, request.name);
  }
  const candidate = withDefaultsLike(request.resource, decoded, stored);
  return { object: writeChange(backend, request, stored, candidate, { put: true }), created: false };
}

/** Checks the candidate against what is stored and stores it; the answer in the resource's view. */
export function writeChange(
  backend: Backend,
  request: UpdateRequest,
  old: ApiObject,
  candidate: ApiObject,
  options: UpdateOptions,
): ApiObject {
  const { resource, subresource } = request;
  agreeOnNamespace(request, candidate);
  agreeOnName(request, candidate);
  checkPreconditions(resource, old, candidate, options);
  keepSystemFields(candidate, old);
  if (subresource === 'status' && resource.strategy.statusKeepsLabels) keepLabels(candidate, old);
  const managed =
    options.managed === true
      ? candidate.metadata.managedFields
      : managedFieldsAfter(backend, request, old, candidate, subresource ?? options.managedAs);
  const attributes = attributesOf(request, old, candidate);
  // A scale is written as one, and policies do not see it.
  const hasPolicies = options.managedAs !== 'scale';
  const admitted = hasPolicies ? mutateByPolicies(backend, request, attributes) : candidate;
  const next = asWritten(resource, prepareChange(backend, request, old, admitted));
  setManagedFields(next, managed);
  const generation = subresource === undefined ? nextGeneration(resource, old, next) : old.metadata.generation;
  if (generation !== undefined) next.metadata.generation = generation;
  checkChange(request, next, old, subresource);
  if (hasPolicies) validateByPolicies(backend, { ...attributes, object: next }, request.warn);
  return shown(resource, commit(backend, request, old, next));
}

function attributesOf(
  { resource, subresource = '', name, namespace, caller, dryRun }: UpdateRequest,
  oldObject: ApiObject,
  object: ApiObject,
): Attributes & { readonly object: ApiObject } {
  return { operation: 'UPDATE', resource, subresource, name, namespace, object, oldObject, caller, dryRun };
}

export function agreeOnName(request: UpdateRequest, candidate: ApiObject): void {
  const { name } = candidate.metadata;
  if (name === request.name) return;
  if (!name)
    throw badRequest(`the name of the object (${request.name} based on URL) was undeterminable: name must be provided`);
  throw badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`);
}

function checkPreconditions(resource: Resource, old: ApiObject, candidate: ApiObject, options: UpdateOptions): void {
  const { resourceVersion, uid } = candidate.metadata;
  const name = old.metadata.name ?? '';
  if (options.put && uid && uid !== old.metadata.uid) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${storageKey(resource, old)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== '0') {
    if (resourceVersion !== old.metadata.resourceVersion) throw modifiedConflict(resource, name);
  } else if (!resource.strategy.unconditionalUpdate && options.put) {
    // The wrong word for the kind is upstream's.
    throw invalid({ ...resource, kind: resource.plural }, name, [
      {
        reason: 'FieldValueInvalid',
        field: 'metadata.resourceVersion',
        message: 'Invalid value: 0: must be specified for an update',
      },
    ]);
  }
}

/** Some kinds have had other names once. */
const oldFolders: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  ingresses: 'ingress',
};

/** The key in the real server's storage, which its message names. */
function storageKey(resource: Resource, object: ApiObject): string {
  const { namespace, name } = object.metadata;
  const folder = resource.custom
    ? `${resource.group}/${resource.plural}`
    : (ownMember(oldFolders, resource.plural) ?? resource.plural);
  return `/registry/${folder}/${namespace ? `${namespace}/` : ''}${name}`;
}

/**
 * Times stay as stored; what else the client leaves out of the server's own fields stays, and what it changes is for
 * validation to refuse.
 */
function keepSystemFields(candidate: ApiObject, old: ApiObject): void {
  const { metadata } = candidate;
  const before = old.metadata;
  if (!metadata.uid && before.uid) metadata.uid = before.uid;
  if (before.creationTimestamp) metadata.creationTimestamp = before.creationTimestamp;
  if (before.deletionTimestamp) {
    metadata.deletionTimestamp = before.deletionTimestamp;
    const { deletionGracePeriodSeconds } = before;
    if (deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= deletionGracePeriodSeconds;
  }
  if (before.generation !== undefined) metadata.generation = before.generation;
  else delete metadata.generation;
  metadata.resourceVersion = old.metadata.resourceVersion;
  delete metadata.selfLink;
}

function keepLabels({ metadata }: ApiObject, old: ApiObject): void {
  if (old.metadata.labels === undefined) delete metadata.labels;
  else metadata.labels = old.metadata.labels;
}

function prepareChange(backend: Backend, request: UpdateRequest, old: ApiObject, candidate: ApiObject): ApiObject {
  const { resource, subresource } = request;
  const { strategy, custom } = resource;
  const context = ruleContext(backend);
  if (subresource === 'status') {
    const next = withStatusOf(resource, old, candidate);
    strategy.prepareStatus?.(next, old, context);
    return next;
  }
  if (subresource === 'approval') return approved(old, candidate);
  if (subresource === 'finalize') return { ...old, metadata: { ...old.metadata }, spec: finalizedSpec(candidate) };
  const kept = custom ? (custom.statusSubresource ? ['status'] : []) : strategy.statusMembers;
  for (const member of kept) {
    if (old[member] === undefined) delete candidate[member];
    else candidate[member] = old[member];
  }
  strategy.prepareUpdate?.(candidate, old, context);
  return candidate;
}

/** A signing request as it was, with what was decided on it. */
function approved(old: ApiObject, candidate: ApiObject): ApiObject {
  const { conditions } = recordAt(candidate, 'status');
  const status = { ...recordAt(old, 'status'), ...(conditions === undefined ? {} : { conditions }) };
  return { ...old, metadata: candidate.metadata, status };
}

/** The spec of a namespace without what no longer holds it. */
function finalizedSpec(candidate: ApiObject): object {
  const { finalizers, ...spec } = recordAt(candidate, 'spec');
  return Array.isArray(finalizers) && finalizers.length > 0 ? { ...spec, finalizers } : spec;
}

/** A status write takes the status; built-in kinds take the metadata too, custom ones do not (semantics 1.9). */
function withStatusOf(resource: Resource, old: ApiObject, candidate: ApiObject): ApiObject {
  const metadata = resource.custom ? { ...old.metadata } : candidate.metadata;
  const next: ApiObject = { ...old, metadata };
  if (candidate.status === undefined) delete next.status;
  else next.status = candidate.status;
  return next;
}

function nextGeneration(resource: Resource, old: ApiObject, next: ApiObject): number | undefined {
  const { generation } = old.metadata;
  if (resource.strategy.generation === 'none') return generation;
  const changed = !sameJson(counted(resource, old), counted(resource, next));
  // A kind may leave it out until the first change.
  return changed || generation !== undefined ? (generation ?? 0) + (changed ? 1 : 0) : undefined;
}

function counted(resource: Resource, object: ApiObject): unknown {
  if (resource.strategy.generation === 'spec') return object.spec;
  if (resource.strategy.generation === 'spec and annotations') return [object.spec, object.metadata.annotations ?? {}];
  const { metadata, status, ...rest } = object;
  if (resource.strategy.generation === 'all and labels') return [rest, metadata.labels ?? {}];
  return resource.custom?.statusSubresource ? rest : { ...rest, status };
}

/** Stores the version; or nothing, when nothing changed; or removes the object, when the last that held it is gone. */
function commit(backend: Backend, request: UpdateRequest, old: ApiObject, written: ApiObject): ApiObject {
  const table = tableOf(backend, request.resource);
  const next = asWritten(request.resource, withDefaults(request.resource, written));
  if (sameJson(old, next) || sameButTimes(old, next)) return old;
  if (releasable(next)) {
    if (!request.dryRun) table.remove(request.namespace, request.name);
    return next;
  }
  return request.dryRun ? next : table.write(request.namespace, request.name, next).object;
}

/**
 * True when nothing differs but when its owners last wrote: that is no write. Upstream:
 * ignoreManagedFieldsTimestampsTransformer.
 */
function sameButTimes(old: ApiObject, next: ApiObject): boolean {
  const before = old.metadata.managedFields ?? [];
  const after = next.metadata.managedFields ?? [];
  if (before.length === 0 || before.length !== after.length) return false;
  const untimed = (entries: typeof before) => entries.map(({ time: _time, ...entry }) => entry);
  if (!sameJson(untimed(before), untimed(after))) return false;
  return sameJson(old, { ...next, metadata: { ...next.metadata, managedFields: before } });
}

/**
 * True when a deletion has begun and neither a finalizer nor a grace period nor a namespace's content holds the object.
 */
function releasable(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (!deletionTimestamp || (finalizers ?? []).length > 0) return false;
  if ((deletionGracePeriodSeconds ?? 0) > 0) return false;
  const specFinalizers = object.kind === 'Namespace' && isRecord(object.spec) ? object.spec.finalizers : undefined;
  return !Array.isArray(specFinalizers) || specFinalizers.length === 0;
}
