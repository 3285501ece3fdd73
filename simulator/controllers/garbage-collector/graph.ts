/**
 * Who owns whom, by uid, as the caches of all kinds have it, and what a change of it gives to do. Pure.
 * Source: Kubernetes' graph builder (semantics 5.2).
 */
import type { KubernetesObject, OwnerReference } from '../../../kubernetes/objects.ts';
import { apiVersionOf, type ResourceType } from '../../../kubernetes/resources.ts';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface GraphNode {
  readonly type: ResourceType;
  /** Empty for objects outside namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly OwnerReference[];
  readonly beingDeleted: boolean;
  /** Being deleted in the foreground: it waits for its dependents to go. */
  readonly deletingDependents: boolean;
  /** Being deleted; its dependents are to be set free first. */
  readonly orphaning: boolean;
}

/** Uids to look at: whether they are to be deleted (or may go), and whose dependents are to be orphaned. */
export interface Work {
  readonly toDelete: readonly string[];
  readonly toOrphan: readonly string[];
  /** Dependents in another namespace than the owner that they name. */
  readonly misplaced: readonly { readonly dependent: GraphNode; readonly owner: OwnerReference }[];
}

export function nodeOf(type: ResourceType, object: KubernetesObject): GraphNode {
  const {
    namespace = '',
    name = '',
    uid = '',
    ownerReferences = [],
    deletionTimestamp,
    finalizers,
  } = object.metadata ?? {};
  const beingDeleted = deletionTimestamp !== undefined;
  return {
    type,
    namespace,
    name,
    uid,
    owners: ownerReferences,
    beingDeleted,
    deletingDependents: beingDeleted && (finalizers?.includes(foregroundFinalizer) ?? false),
    orphaning: beingDeleted && (finalizers?.includes(orphanFinalizer) ?? false),
  };
}

/** True if the reference, made by an object in that namespace, means this very node. */
export function refersTo(reference: OwnerReference, namespace: string, owner: GraphNode): boolean {
  return (
    reference.uid === owner.uid &&
    reference.name === owner.name &&
    reference.kind === owner.type.kind &&
    reference.apiVersion === apiVersionOf(owner.type) &&
    (owner.namespace === '' || owner.namespace === namespace)
  );
}

export class Graph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): GraphNode[] {
    const dependents = [...(this.#dependents.get(uid) ?? [])].map((dependent) => this.#nodes.get(dependent));
    return dependents.filter((node) => node !== undefined);
  }

  /** Those that must be gone before a foreground deletion of the owner ends. */
  blockingDependentsOf(uid: string): GraphNode[] {
    return this.dependentsOf(uid).filter((node) =>
      node.owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
  }

  /** An object that is new or has changed. */
  put(node: GraphNode): Work {
    const before = this.#nodes.get(node.uid);
    this.#nodes.set(node.uid, node);
    for (const { uid } of before?.owners ?? []) this.#dependents.get(uid)?.delete(node.uid);
    for (const { uid } of node.owners) this.#addDependent(uid, node.uid);
    const strangers = before ? [] : this.#strangersTo(node);
    const added = node.owners.filter(({ uid }) => !before?.owners.some((owner) => owner.uid === uid));
    return {
      toDelete: [
        ...strangers.map(({ uid }) => uid),
        ...unblockedOwners(before, node),
        ...(added.some((owner) => !this.#isOwner(owner, node)) ? [node.uid] : []),
        ...(node.deletingDependents && !before?.deletingDependents
          ? [...this.dependentsOf(node.uid).map(({ uid }) => uid), node.uid]
          : []),
      ],
      toOrphan: node.orphaning && !before?.orphaning ? [node.uid] : [],
      misplaced: [
        ...this.#misplaced(node, added),
        ...strangers.flatMap((dependent) => this.#misplaced(dependent, dependent.owners)),
      ],
    };
  }

  /** An object that is gone. */
  remove(uid: string): Work {
    const node = this.#nodes.get(uid);
    if (!node) return { toDelete: [], toOrphan: [], misplaced: [] };
    this.#nodes.delete(uid);
    for (const owner of node.owners) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
    const waiting = node.owners.filter((owner) => this.#nodes.get(owner.uid)?.deletingDependents);
    return {
      toDelete: [...this.dependentsOf(uid), ...waiting].map((each) => each.uid),
      toOrphan: [],
      misplaced: [],
    };
  }

  /** Forgets a kind that is not served any more. */
  forget(type: ResourceType): void {
    for (const node of [...this.#nodes.values()]) {
      if (node.type.group === type.group && node.type.plural === type.plural) this.remove(node.uid);
    }
  }

  #addDependent(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner) ?? new Set();
    this.#dependents.set(owner, dependents.add(dependent));
  }

  #isOwner(reference: OwnerReference, dependent: GraphNode): boolean {
    const owner = this.#nodes.get(reference.uid);
    return owner !== undefined && refersTo(reference, dependent.namespace, owner);
  }

  /** Dependents that named the uid before it was seen, by other coordinates than it has. */
  #strangersTo(owner: GraphNode): GraphNode[] {
    return this.dependentsOf(owner.uid).filter((dependent) =>
      dependent.owners.some(
        (reference) => reference.uid === owner.uid && !refersTo(reference, dependent.namespace, owner),
      ),
    );
  }

  #misplaced(dependent: GraphNode, references: readonly OwnerReference[]): Work['misplaced'] {
    return references.flatMap((owner) => {
      const namespace = this.#nodes.get(owner.uid)?.namespace ?? '';
      return namespace !== '' && namespace !== dependent.namespace ? [{ dependent, owner }] : [];
    });
  }
}

/** Owners that the object has held up and does no more. */
function unblockedOwners(before: GraphNode | undefined, after: GraphNode): string[] {
  const blocked = before?.owners.filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true) ?? [];
  const stillBlocked = (uid: string) =>
    after.owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true);
  return blocked.map(({ uid }) => uid).filter((uid) => !stillBlocked(uid));
}
