/**
 * Merge patch (RFC 7386) as the API server applies it.
 */
import type { Json } from '../schema/json.ts';
import { clone, compareText, isObject, member, setMember } from '../schema/json.ts';
import { decoderTypeName, malformedPatch } from './patch-error.ts';

/** What the patch puts where nothing mergeable was: nulls fall away, inside of lists only members of objects. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}

function byName([one]: [string, Json], [other]: [string, Json]): number {
  return compareText(one, other);
}

function merge(document: Json | undefined, patch: Json): Json {
  if (!isObject(document)) return withoutNulls(patch);
  if (!isObject(patch)) return clone(patch);
  const merged = { ...document };
  // A Go map is written by name: what the kind does not know is told of in that order.
  for (const [name, value] of Object.entries(patch).sort(byName)) {
    if (value === null) delete merged[name];
    else setMember(merged, name, merge(member(document, name) ?? undefined, value));
  }
  return merged;
}

/**
 * The document after the patch; neither is touched, and it may share parts with both.
 * @throws PatchError 400 when the patch is no object.
 */
export function applyMergePatch(document: Json, patch: unknown): Json {
  if (patch === null) throw malformedPatch('Invalid JSON Patch');
  if (!isObject(patch)) {
    const given = decoderTypeName(patch);
    throw malformedPatch(
      `error decoding patch: json: cannot unmarshal ${given} into Go value of type map[string]interface {}`,
    );
  }
  return merge(document, patch);
}
