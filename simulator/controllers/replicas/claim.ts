/**
 * Which objects belong to an owner by its selector: its own, those that nobody owns (adopted), and no longer those
 * whose labels have changed (released). Source: Kubernetes' `controller_ref_manager.go`.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { controllerOf, isBeingDeleted, keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { KubernetesObject, OwnerReference, ReplicaSet } from '../../../kubernetes/objects.ts';
import { apiVersionOf, type ResourceType } from '../../../kubernetes/resources.ts';
import { matchesSelector } from '../job/claim.ts';

export type Selector = NonNullable<ReplicaSet['spec']>['selector'];

/** Thrown when an orphan cannot be adopted because its new owner, read anew, is being deleted or has been replaced. */
export class CannotAdoptError extends Error {
  override readonly name = 'CannotAdoptError';
  readonly owner: string;

  constructor(owner: KubernetesObject, kind: string, why: string) {
    super(`${kind} ${keyOf(owner)} cannot adopt: ${why}`);
    this.owner = keyOf(owner);
  }
}

/** What to do with a candidate. Pure. */
export function claimOf(
  owner: KubernetesObject,
  selector: Selector | undefined,
  candidate: KubernetesObject,
): 'keep' | 'adopt' | 'release' | 'ignore' {
  const controller = controllerOf(candidate);
  const matches = matchesSelector(selector, candidate.metadata?.labels);
  if (controller !== undefined) {
    if (controller.uid !== uidOf(owner)) return 'ignore';
    if (matches) return 'keep';
    return isBeingDeleted(owner) ? 'ignore' : 'release';
  }
  return matches && !isBeingDeleted(owner) && !isBeingDeleted(candidate) ? 'adopt' : 'ignore';
}

export function controllerReference(owner: KubernetesObject, type: ResourceType): OwnerReference {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name: owner.metadata?.name ?? '',
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

export interface Claim<T extends KubernetesObject> {
  readonly client: KubernetesClient;
  readonly owner: KubernetesObject;
  readonly ownerType: ResourceType;
  readonly selector: Selector | undefined;
  readonly candidates: readonly T[];
  readonly type: ResourceType;
}

/**
 * Those that the owner keeps; adopts and releases on the way. Rejects with the first refusal, after all have been
 * tried.
 */
export async function claimAll<T extends KubernetesObject>(claim: Claim<T>): Promise<T[]> {
  const claimed: T[] = [];
  const refusals: unknown[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const candidate of claim.candidates) {
    const wanted = claimOf(claim.owner, claim.selector, candidate);
    try {
      if (wanted === 'keep') claimed.push(candidate);
      if (wanted === 'release') await release(claim, candidate);
      if (wanted === 'adopt') {
        mayAdopt ??= checkLive(claim);
        await mayAdopt;
        await adopt(claim, candidate);
        claimed.push(candidate);
      }
    } catch (error) {
      // What is gone is nobody's.
      if (!hasReason(error, 'NotFound')) refusals.push(error);
    }
  }
  if (refusals.length > 0) throw refusals[0];
  return claimed;
}

/** The cache may not show yet that the owner goes or has been replaced. */
async function checkLive({ client, owner, ownerType }: Claim<KubernetesObject>): Promise<void> {
  const { namespace, name = '' } = owner.metadata ?? {};
  const live = await client.get<KubernetesObject>(ownerType, namespace, name);
  if (uidOf(live) !== uidOf(owner)) {
    throw new CannotAdoptError(owner, ownerType.kind, `it has been replaced by ${uidOf(live)}`);
  }
  if (isBeingDeleted(live)) {
    throw new CannotAdoptError(owner, ownerType.kind, `it has been deleted at ${live.metadata?.deletionTimestamp}`);
  }
}

async function adopt(claim: Claim<KubernetesObject>, candidate: KubernetesObject): Promise<void> {
  await patch(claim, candidate, { ownerReferences: [controllerReference(claim.owner, claim.ownerType)] });
}

async function release(claim: Claim<KubernetesObject>, candidate: KubernetesObject): Promise<void> {
  try {
    await patch(claim, candidate, { ownerReferences: [{ $patch: 'delete', uid: uidOf(claim.owner) }] });
  } catch (error) {
    // Released by somebody else, or another object of that name.
    if (!hasReason(error, 'Invalid')) throw error;
  }
}

/** Refused if the name has come to mean another object. */
async function patch({ client, type }: Claim<KubernetesObject>, candidate: KubernetesObject, metadata: object) {
  const { namespace, name = '' } = candidate.metadata ?? {};
  await client.patch(type, namespace, name, 'strategic-merge', { metadata: { uid: uidOf(candidate), ...metadata } });
}
