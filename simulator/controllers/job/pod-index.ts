/**
 * The cached pods by their controller's UID, and those without one by namespace: a sync must not go through all pods.
 */

import { controllerOf, keyOf } from '../../../kubernetes/meta.ts';
import type { Pod } from '../../../kubernetes/objects.ts';
import { compareText } from './removal.ts';

export class PodIndex {
  readonly #groups = new Map<string, Map<string, Pod>>();

  put(pod: Pod): void {
    const group = groupOf(pod);
    const members = this.#groups.get(group) ?? new Map<string, Pod>();
    members.set(keyOf(pod), pod);
    this.#groups.set(group, members);
  }

  remove(pod: Pod): void {
    const group = groupOf(pod);
    const members = this.#groups.get(group);
    members?.delete(keyOf(pod));
    if (members?.size === 0) this.#groups.delete(group);
  }

  /** Pods whose controller has that UID, by name. */
  ownedBy(uid: string): Pod[] {
    return this.#members(`owner ${uid}`);
  }

  /** Pods of the namespace that nobody controls, by name. */
  orphansIn(namespace: string): Pod[] {
    return this.#members(`orphans ${namespace}`);
  }

  #members(group: string): Pod[] {
    const members = [...(this.#groups.get(group)?.values() ?? [])];
    return members.sort((a, b) => compareText(keyOf(a), keyOf(b)));
  }
}

function groupOf(pod: Pod): string {
  const owner = controllerOf(pod);
  return owner ? `owner ${owner.uid}` : `orphans ${pod.metadata?.namespace ?? ''}`;
}
