/**
 * Delete: preconditions, grace of pods, finalizers by propagation, removal. Source: upstream
 * registry/generic/registry/store.go; semantics 1.13.
 */
import { quote } from '../../../cron/go-text.ts';
import { beginNamespaceDeletion, checkNamespaceDeletion } from '../admission/namespaces.ts';
import { validateByPolicies } from '../admission/policies/validating.ts';
import { type Backend, shown, tableOf, timeText, type WriteRequest } from '../backend.ts';
import { conflict, type FieldErrorReason, invalid, notFound } from '../errors.ts';
import { type ApiObject, listAt, recordAt, sameJson, textAt } from '../json.ts';
import { beginDefinitionDeletion } from '../kinds/definition-status.ts';
import { cleanupFinalizer, type Resource } from '../kinds/resource.ts';

export interface Deletion {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface DeleteContext {
  /** One of many that a request deletes without naming them. */
  readonly unnamed?: boolean;
}

export interface Deleted {
  /** The object as it is now or was last, in the resource's view. */
  readonly object: ApiObject;
  readonly removed: boolean;
}

const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** Removes the object or, when something holds it, marks it. */
export function deleteObject(
  backend: Backend,
  request: WriteRequest,
  name: string,
  deletion: Deletion,
  { unnamed = false }: DeleteContext = {},
): Deleted {
  const { resource } = request;
  checkDeletion(resource, deletion);
  const old = tableOf(backend, resource).get(request.namespace, name)?.object;
  if (!old) throw notFound(resource, name);
  if (isNamespace(resource)) checkNamespaceDeletion(resource, name);
  if (resource.strategy.orphanByDefault && resource.group === 'batch' && policyOf(deletion) === undefined) {
    request.warn(orphanWarning);
  }
  checkPreconditions(resource, old, deletion);
  const { namespace, caller, dryRun } = request;
  const asked = { operation: 'DELETE', resource, subresource: '', namespace, caller, dryRun } as const;
  validateByPolicies(backend, { ...asked, name: unnamed ? '' : name, object: undefined, oldObject: old }, request.warn);
  const graceSeconds = graceOf(resource, old, deletion);
  const next = marked(backend, resource, old, deletion, graceSeconds);
  const held = graceSeconds > 0 || (next.metadata.finalizers ?? []).length > 0 || contentHolds(resource, old, next);
  if (held) return keep(backend, request, old, next);
  // What may have a grace period is marked in a write of its own even when it has none: watchers see both.
  const isMarked = old.metadata.deletionTimestamp !== undefined && old.metadata.deletionGracePeriodSeconds === 0;
  return remove(backend, request, isPod(resource) && !isMarked ? keep(backend, request, old, next).object : old);
}

function keep(backend: Backend, request: WriteRequest, old: ApiObject, next: ApiObject): Deleted {
  const view = (object: ApiObject) => shown(request.resource, object);
  if (sameJson(old, next)) return { object: view(old), removed: false };
  if (request.dryRun) return { object: view(next), removed: false };
  const { object } = tableOf(backend, request.resource).write(request.namespace, old.metadata.name ?? '', next);
  return { object: view(object), removed: false };
}

function remove(backend: Backend, request: WriteRequest, last: ApiObject): Deleted {
  const removed = request.dryRun
    ? undefined
    : tableOf(backend, request.resource).remove(request.namespace, last.metadata.name ?? '');
  const version = removed ? { resourceVersion: String(removed.version) } : {};
  const object = { ...last, metadata: { ...last.metadata, ...version } };
  return { object: shown(request.resource, object), removed: true };
}

function policyOf(deletion: Deletion): string | undefined {
  if (deletion.orphanDependents !== undefined) return deletion.orphanDependents ? 'Orphan' : 'Background';
  return deletion.propagationPolicy;
}

function checkDeletion(resource: Resource, deletion: Deletion): void {
  const { propagationPolicy, orphanDependents } = deletion;
  const bad = (reason: FieldErrorReason, message: string) =>
    invalid({ group: 'meta.k8s.io', plural: resource.plural, kind: 'DeleteOptions' }, '', [
      { reason, field: 'propagationPolicy', message },
    ]);
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    throw bad(
      'FieldValueInvalid',
      `Invalid value: ${quote(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`,
    );
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    throw bad(
      'FieldValueNotSupported',
      `Unsupported value: ${quote(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
    );
  }
}

function checkPreconditions(resource: Resource, old: ApiObject, deletion: Deletion): void {
  const { uid, resourceVersion } = deletion.preconditions ?? {};
  const { metadata } = old;
  // Upstream names the kind here, where every other conflict names the resource.
  const refuse = (what: string, given: string, found: string | undefined, why: string) =>
    conflict(
      { ...resource, plural: resource.kind },
      metadata.name ?? '',
      `the ${what} in the precondition (${given}) does not match the ${what} in record (${found}). The object might have been ${why}`,
    );
  if (uid !== undefined && uid !== metadata.uid) throw refuse('UID', uid, metadata.uid, 'deleted and then recreated');
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refuse('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified');
  }
}

/** Only pods have one; none for a pod that no node runs. A later delete may only shorten it. */
function graceOf(resource: Resource, old: ApiObject, deletion: Deletion): number {
  if (!isPod(resource)) return 0;
  const phase = textAt(old.status, 'phase');
  const idle = textAt(old.spec, 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed';
  const asked = deletion.gracePeriodSeconds ?? Number(recordAt(old, 'spec').terminationGracePeriodSeconds ?? 0);
  const wanted = asked < 0 ? 1 : asked;
  const running = old.metadata.deletionTimestamp ? (old.metadata.deletionGracePeriodSeconds ?? 0) : undefined;
  if (running !== undefined && running > 0 && deletion.gracePeriodSeconds === undefined) return running;
  if (idle && running === undefined) return 0;
  return running === undefined ? wanted : Math.min(wanted, running);
}

function marked(
  backend: Backend,
  resource: Resource,
  old: ApiObject,
  deletion: Deletion,
  graceSeconds: number,
): ApiObject {
  const metadata = { ...old.metadata };
  const finalizers = propagated(resource, old, deletion);
  if (isDefinition(resource) && !finalizers.includes(cleanupFinalizer)) finalizers.push(cleanupFinalizer);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  const first = metadata.deletionTimestamp === undefined;
  if (first || graceSeconds < (metadata.deletionGracePeriodSeconds ?? 0)) {
    const startedAt = first
      ? backend.world.clock.now()
      : Date.parse(String(metadata.deletionTimestamp)) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    const end = new Date(startedAt + graceSeconds * 1000).toISOString();
    metadata.deletionTimestamp = `${end.slice(0, 19)}Z` as typeof metadata.deletionTimestamp;
    if (!isNamespace(resource) && !isDefinition(resource)) metadata.deletionGracePeriodSeconds = graceSeconds;
  }
  if (first && metadata.generation !== undefined && !isDefinition(resource)) metadata.generation += 1;
  const next = { ...old, metadata };
  if (isDefinition(resource)) return first ? beginDefinitionDeletion(next, timeText(backend)) : next;
  return isNamespace(resource) ? beginNamespaceDeletion(next) : next;
}

function isPod(resource: Resource): boolean {
  return resource.kind === 'Pod' && resource.group === '';
}

function isNamespace(resource: Resource): boolean {
  return resource.kind === 'Namespace' && resource.group === '';
}

function isDefinition(resource: Resource): boolean {
  return resource.kind === 'CustomResourceDefinition' && resource.group === 'apiextensions.k8s.io';
}

/** Finalizers with `orphan` and `foregroundDeletion` as the policy wants them. */
function propagated(resource: Resource, old: ApiObject, deletion: Deletion): string[] {
  const before = old.metadata.finalizers ?? [];
  const policy = policyOf(deletion) ?? defaultPolicy(resource, before);
  const wanted = policy === 'Orphan' ? 'orphan' : policy === 'Foreground' ? 'foregroundDeletion' : undefined;
  const others = before.filter((each) => each !== 'orphan' && each !== 'foregroundDeletion');
  if (wanted === undefined) return others;
  return before.includes(wanted)
    ? before.filter((each) => each === wanted || others.includes(each))
    : [...others, wanted];
}

/** A finalizer that is there already decides, then the kind. */
function defaultPolicy(resource: Resource, finalizers: readonly string[]): string {
  if (finalizers.includes('orphan')) return 'Orphan';
  if (finalizers.includes('foregroundDeletion')) return 'Foreground';
  return resource.strategy.orphanByDefault ? 'Orphan' : 'Background';
}

/** The first deletion of a namespace only marks it. */
function contentHolds(resource: Resource, old: ApiObject, next: ApiObject): boolean {
  if (!isNamespace(resource)) return false;
  return old.metadata.deletionTimestamp === undefined || listAt(next.spec, 'finalizers').length > 0;
}

/** The Status that answers a removal; pods answer with the pod instead. */
export function deletedStatus(resource: Resource, object: ApiObject): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  };
}
