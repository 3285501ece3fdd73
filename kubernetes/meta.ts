/** What the metadata of any object says: its name, its owner, its end. */
import type { OwnerReference } from './objects.ts';

/** `namespace/name`. */
export function keyOf(object: { metadata?: { namespace?: string; name?: string } }): string {
  return `${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`;
}

export function uidOf(object: { metadata?: { uid?: string } }): string {
  return object.metadata?.uid ?? '';
}

/** The owner that manages it. */
export function controllerOf(object: {
  metadata?: { ownerReferences?: OwnerReference[] };
}): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
}

export function isBeingDeleted(object: { metadata?: { deletionTimestamp?: string } }): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}
