/**
 * What the collector does to one object: delete it, let it go, free it of owners that are gone, orphan what it owns.
 * Each attempt reads the object and its owners live before it acts. Source: Kubernetes' `attemptToDeleteItem` and
 * `attemptToOrphanWorker` (semantics 5.2).
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { KubernetesObject, OwnerReference } from '../../../kubernetes/objects.ts';
import type { ResourceType } from '../../../kubernetes/resources.ts';
import { findKind } from '../kinds.ts';
import { foregroundFinalizer, type Graph, type GraphNode, orphanFinalizer, refersTo } from './graph.ts';

/** An owner's kind that the API server does not serve (yet): tried again for ever, the object stays. */
export class UnknownOwnerKindError extends Error {
  override readonly name = 'UnknownOwnerKindError';
  readonly owner: OwnerReference;

  constructor(owner: OwnerReference) {
    super(`no kind ${owner.kind} in ${owner.apiVersion}, named as an owner with the name ${owner.name}`);
    this.owner = owner;
  }
}

/**
 * An owner that is there and that no cache shows yet, say because its kind is followed only later: nothing would tell
 * that it goes. So the object is looked at again until the owner is seen or gone. Upstream: virtual nodes.
 */
export class UnseenOwnerError extends Error {
  override readonly name = 'UnseenOwnerError';
  readonly owner: OwnerReference;

  constructor(owner: OwnerReference) {
    super(`the owner ${owner.kind} ${owner.name} in ${owner.apiVersion} is there and is not in the cache yet`);
    this.owner = owner;
  }
}

export interface Surroundings {
  readonly client: KubernetesClient;
  readonly graph: Graph;
  resources(): readonly ResourceType[];
  /** Has the object looked at (again). */
  wake(uid: string): void;
  /** The object is found gone before its cache said so. */
  gone(uid: string): void;
}

interface Owners {
  readonly solid: readonly OwnerReference[];
  readonly dangling: readonly OwnerReference[];
  /** Owners that wait for their dependents to be deleted. */
  readonly waiting: readonly OwnerReference[];
}

/** Deletes the object if nothing that is there owns it; lets it go if it waits for dependents that are gone. */
export async function attemptToDelete(around: Surroundings, uid: string): Promise<void> {
  const node = around.graph.get(uid);
  if (!node || (node.beingDeleted && !node.deletingDependents)) return;
  if (!node.deletingDependents && ownersStand(around.graph, node)) return;
  const latest = await read(around, node);
  if (!latest) return around.gone(uid);
  if (node.deletingDependents) return finishForeground(around, node);
  const references = latest.metadata?.ownerReferences ?? [];
  if (references.length === 0) return;
  const owners = await classify(around, node, references);
  if (!owners) return;
  if (owners.solid.length > 0) {
    await removeOwners(around, node, [...owners.dangling, ...owners.waiting]);
    const unseen = owners.solid.find((owner) => !around.graph.get(owner.uid));
    if (unseen) throw new UnseenOwnerError(unseen);
    return;
  }
  if (owners.waiting.length > 0 && around.graph.dependentsOf(uid).length > 0) {
    const circular = around.graph.dependentsOf(uid).some((dependent) => dependent.deletingDependents);
    if (circular) await unblockOwners(around, node);
    return deleteNode(around, node, circular ? await read(around, node) : latest, 'Foreground');
  }
  return deleteNode(around, node, latest, policyOf(latest));
}

/** Takes the owner off all its dependents, then lets it go. */
export async function attemptToOrphan(around: Surroundings, uid: string): Promise<void> {
  const node = around.graph.get(uid);
  if (!node) return;
  for (const dependent of around.graph.dependentsOf(uid)) {
    await removeOwners(
      around,
      dependent,
      dependent.owners.filter((owner) => owner.uid === uid),
    );
  }
  await removeFinalizer(around, node, orphanFinalizer);
}

/** By the caches alone: every owner is there and stays. Whatever changes that wakes the object again. */
function ownersStand(graph: Graph, node: GraphNode): boolean {
  return node.owners.every((reference) => {
    const owner = graph.get(reference.uid);
    return owner !== undefined && !owner.deletingDependents && refersTo(reference, node.namespace, owner);
  });
}

/** undefined if it is gone, or another object has its name. */
async function read(around: Surroundings, node: GraphNode): Promise<KubernetesObject | undefined> {
  const object = await readNamed(around, node.type, node.namespace, node.name);
  return object?.metadata?.uid === node.uid ? object : undefined;
}

async function readNamed(
  { client }: Surroundings,
  type: ResourceType,
  namespace: string,
  name: string,
): Promise<KubernetesObject | undefined> {
  try {
    return await client.get<KubernetesObject>(type, type.namespaced ? namespace : undefined, name);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** undefined for an object outside namespaces that names an owner inside one: such a reference is left alone. */
async function classify(
  around: Surroundings,
  node: GraphNode,
  references: readonly OwnerReference[],
): Promise<Owners | undefined> {
  const owners = { solid: [] as OwnerReference[], dangling: [] as OwnerReference[], waiting: [] as OwnerReference[] };
  for (const reference of references) {
    const type = findKind(around.resources(), reference.apiVersion, reference.kind);
    if (!type) throw new UnknownOwnerKindError(reference);
    if (type.namespaced && node.namespace === '') return undefined;
    const owner = await readNamed(around, type, node.namespace, reference.name);
    if (owner?.metadata?.uid !== reference.uid) owners.dangling.push(reference);
    else owners[isWaiting(owner) ? 'waiting' : 'solid'].push(reference);
  }
  return owners;
}

function isWaiting({ metadata }: KubernetesObject): boolean {
  return metadata?.deletionTimestamp !== undefined && (metadata.finalizers?.includes(foregroundFinalizer) ?? false);
}

function policyOf({ metadata }: KubernetesObject): 'Orphan' | 'Foreground' | 'Background' {
  if (metadata?.finalizers?.includes(orphanFinalizer)) return 'Orphan';
  return metadata?.finalizers?.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

async function deleteNode(
  around: Surroundings,
  node: GraphNode,
  latest: KubernetesObject | undefined,
  propagationPolicy: 'Orphan' | 'Foreground' | 'Background',
): Promise<void> {
  if (!latest) return around.gone(node.uid);
  const preconditions = { uid: node.uid, resourceVersion: latest.metadata?.resourceVersion };
  try {
    await around.client.delete(node.type, namespaceOf(node), node.name, { propagationPolicy, preconditions });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    around.gone(node.uid);
  }
}

async function finishForeground(around: Surroundings, node: GraphNode): Promise<void> {
  const blocking = around.graph.blockingDependentsOf(node.uid);
  if (blocking.length === 0) return removeFinalizer(around, node, foregroundFinalizer);
  for (const dependent of blocking) {
    if (!dependent.deletingDependents) around.wake(dependent.uid);
  }
}

function removeFinalizer(around: Surroundings, node: GraphNode, finalizer: string): Promise<void> {
  return patchMetadata(around, node, ({ finalizers = [] }) =>
    finalizers.includes(finalizer) ? { finalizers: finalizers.filter((each) => each !== finalizer) } : undefined,
  );
}

async function removeOwners(
  around: Surroundings,
  node: GraphNode,
  references: readonly OwnerReference[],
): Promise<void> {
  if (references.length === 0) return;
  const gone = new Set(references.map(({ uid }) => uid));
  await patchMetadata(around, node, ({ ownerReferences = [] }) =>
    ownerReferences.some(({ uid }) => gone.has(uid))
      ? { ownerReferences: ownerReferences.filter(({ uid }) => !gone.has(uid)) }
      : undefined,
  );
}

/** Two that own each other would wait for each other for ever. */
function unblockOwners(around: Surroundings, node: GraphNode): Promise<void> {
  return patchMetadata(around, node, ({ ownerReferences = [] }) => ({
    ownerReferences: ownerReferences.map((owner) => ({ ...owner, blockOwnerDeletion: false })),
  }));
}

type Metadata = NonNullable<KubernetesObject['metadata']>;

/** A merge patch on the object as it is now; nothing if it is gone or `change` finds nothing to change. */
async function patchMetadata(
  around: Surroundings,
  node: GraphNode,
  change: (metadata: Metadata) => Partial<Metadata> | undefined,
): Promise<void> {
  const latest = await read(around, node);
  const changed = change(latest?.metadata ?? {});
  if (!latest || !changed) return;
  const patch = { metadata: { uid: node.uid, resourceVersion: latest.metadata?.resourceVersion, ...changed } };
  try {
    await around.client.patch(node.type, namespaceOf(node), node.name, 'merge', patch);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

function namespaceOf(node: GraphNode): string | undefined {
  return node.type.namespaced ? node.namespace : undefined;
}
