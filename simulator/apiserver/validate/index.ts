/**
 * Validation of built-in kinds, and of the metadata of custom resources. Everything here is a pure function of objects
 * that have been decoded strictly, defaulted (`../defaults/index.ts`) and prepared (`../defaults/generated.ts`); nulls
 * are gone. Messages are those of Kubernetes 1.36, word for word. Begin reading in `rules.ts`.
 */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import type { KindOfObject } from './kind-of-object.ts';
import { validateMetadataAgain, validateMetadataUpdate } from './metadata.ts';
import { ruleOf } from './rules.ts';

/** Everything wrong with a new object; an empty list when it may be stored. */
export function validateCreate(type: KindOfObject, object: KubernetesObject): FieldError[] {
  return ruleOf(type).create(object);
}

/**
 * Everything wrong with the change of an object, the stored one being `old`. Upstream checks metadata for every kind
 * and most kinds check it again, so that errors repeat. The new object carries the stored resourceVersion unless
 * the client gave one. `subresource`: `status`, or `finalize` of a namespace.
 */
export function validateUpdate(
  type: KindOfObject,
  object: KubernetesObject,
  old: KubernetesObject,
  subresource?: string,
): FieldError[] {
  return [
    ...validateMetadataUpdate(object, old, false),
    ...validateMetadataAgain(object, old),
    ...ruleOf(type).update(object, old, subresource),
  ];
}

/**
 * What is accepted and yet advised against, for `Warning` headers. Writes to subresources have none: do not ask for
 * them.
 */
export function warningsFor(type: KindOfObject, object: KubernetesObject, old?: KubernetesObject): string[] {
  return ruleOf(type).warnings?.(object, old) ?? [];
}
