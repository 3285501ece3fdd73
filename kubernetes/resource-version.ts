/**
 * Which of two versions of an object is the newer one. Since Kubernetes 1.35 clients may compare resource versions, as
 * whole numbers (apimachinery `pkg/util/resourceversion`, CompareResourceVersion).
 */
import type { KubernetesObject } from './objects.ts';

/** True if `one` was stored after `other`; false where either has no version that can be compared. */
export function isNewer(one: KubernetesObject, other: KubernetesObject): boolean {
  const [a, b] = [versionOf(one), versionOf(other)];
  return a !== undefined && b !== undefined && a > b;
}

function versionOf(object: KubernetesObject): bigint | undefined {
  const text = object.metadata?.resourceVersion ?? '';
  return /^[1-9]\d*$/.test(text) ? BigInt(text) : undefined;
}
