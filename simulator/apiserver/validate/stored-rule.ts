/** How the rules of kinds that are stored and not acted upon are put together: metadata, and a check of their own. */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain } from '../schema/names.ts';
import { semanticallyEqual } from './equal.ts';
import { immutableMessage, invalid } from './field.ts';
import { type NameRule, validateMetadata, validateMetadataUpdate } from './metadata.ts';

export type Members = Readonly<Record<string, unknown>>;
/** `old` is there for a change. */
export type Check = (object: Members, old: Members | undefined) => FieldError[];

interface Facts {
  readonly namespaced: boolean;
  readonly name?: NameRule;
  /** What is wrong with its own members; `old` is there for a change. */
  readonly check: Check;
}

export interface StoredRule {
  create(object: KubernetesObject): FieldError[];
  update(object: KubernetesObject, old: KubernetesObject, subresource?: string): FieldError[];
  warnings?(object: KubernetesObject): string[];
}

function rule({ namespaced, name = dnsSubdomain, check }: Facts): StoredRule {
  const members = (object: KubernetesObject) => object as unknown as Members;
  return {
    create: (object) => [
      ...validateMetadata(object, { namespaced, name, qualifiedFinalizers: true }),
      ...check(members(object), undefined),
    ],
    update: (object, old, subresource) => [
      ...validateMetadataUpdate(object, old),
      ...(subresource === undefined ? check(members(object), members(old)) : []),
    ],
  };
}

export const namespaced = (check: Check, name?: NameRule) =>
  rule({ namespaced: true, check, ...(name ? { name } : {}) });
export const clusterWide = (check: Check, name?: NameRule) =>
  rule({ namespaced: false, check, ...(name ? { name } : {}) });

/** A member that never changes. */
export function kept(field: string, value: unknown, before: unknown, old: Members | undefined): FieldError[] {
  return !old || semanticallyEqual(value, before) ? [] : [invalid(field, value, immutableMessage)];
}
