/** Templates of pods: are two the same but for the hash in their labels, and which hash does one have. Pure. */
import type { PodTemplate } from '../../../kubernetes/objects.ts';
import { hashKey } from './facts.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** Source: Kubernetes' `EqualIgnoreHash`. */
export function sameTemplate(one: PodTemplate | undefined, other: PodTemplate | undefined): boolean {
  return canonical(withoutHash(one)) === canonical(withoutHash(other));
}

export function withoutHash(template: PodTemplate = {}): PodTemplate {
  const { [hashKey]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/**
 * Letters that follow from the template and from how often they have met another template's. Upstream hashes Go's
 * memory layout, so that the letters differ from a cluster's; all else is as there (FNV-1a, 32 bits).
 */
export function hashOf(template: PodTemplate, collisions: number | undefined): string {
  const text = canonical(template) + (collisions === undefined ? '' : ` ${collisions}`);
  let hash = fnvOffset;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, fnvPrime) >>> 0;
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** JSON with members in order, without what is empty. */
function canonical(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? '';
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(ordered);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const members = Object.entries(value)
    .map(([name, member]) => [name, ordered(member)] as const)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Source: Go's DeepEqual on the types, for which a zero is as good as nothing. */
export function sameStatus(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}
