/**
 * Strategic merge patch: a merge patch that knows which lists merge by key, with directives `$patch`,
 * `$setElementOrder/LIST`, `$retainKeys` and `$deleteFromPrimitiveList/LIST`. Upstream: apimachinery strategicpatch,
 * StrategicMergeMapPatch; semantics 1.10.
 */
import { setMember } from '../../../world/members.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { equal, isObject, member } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { identity, inElementOrder, positionOf } from './element-order.ts';
import { goText } from './go-format.ts';
import { decoderTypeName, internalPatchError, malformedPatch, PatchError } from './patch-error.ts';

const directive = '$patch';
const retainKeysDirective = '$retainKeys';
const orderPrefix = '$setElementOrder/';
const deletionPrefix = '$deleteFromPrimitiveList/';

const anything: Structure = { type: 'any' };

function childOf(structure: Structure, name: string): Structure {
  return structure.fields?.get(name) ?? structure.values ?? anything;
}

function strategyOf(structure: Structure): string | undefined {
  return structure.strategies?.find((strategy) => strategy !== 'retainKeys');
}

function noMergeKey(element: JsonObject, mergeKey: string): PatchError {
  return internalPatchError(`map: ${goText(element)} does not contain declared merge key: ${mergeKey}`);
}

/** The value without anything that carries a directive; undefined when it carries one itself. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const rest = withoutDirectives(item);
    if (rest !== undefined) setMember(kept, name, rest);
  }
  return kept;
}

/** Nulls that delete nothing are not stored. */
function withoutNullMembers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNullMembers);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNullMembers(item)]));
}

function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const retained = member(patch, retainKeysDirective);
  if (retained === undefined) return original;
  const malformed = (): PatchError => malformedPatch('invalid patch format of retainKeys');
  if (!Array.isArray(retained)) throw malformed();
  for (const [name, value] of Object.entries(patch)) {
    const isDirective = name === retainKeysDirective || name.startsWith(deletionPrefix) || name.startsWith(orderPrefix);
    if (!isDirective && value !== null && !retained.includes(name)) throw malformed();
  }
  return Object.fromEntries(Object.entries(original).filter(([name]) => retained.includes(name)));
}

interface ElementsAndPatch {
  readonly elements: Json[];
  readonly patch: JsonObject[];
  /** The list that orders what only the server has; empty after a replacement. */
  readonly serverOrder: readonly Json[];
}

/** Takes out `$patch: delete` and `$patch: replace` elements and does what they say. */
function applyElementDirectives(original: readonly Json[], patch: readonly Json[], mergeKey: string): ElementsAndPatch {
  let elements = [...original];
  let replaces = false;
  const rest: JsonObject[] = [];
  for (const element of patch) {
    if (!isObject(element))
      throw internalPatchError('interface conversion: interface {} is not map[string]interface {}');
    const kind = member(element, directive);
    if (kind === undefined) rest.push(element);
    else if (kind === 'replace') replaces = true;
    else if (kind === 'delete') {
      const key = member(element, mergeKey);
      if (key === undefined) throw noMergeKey(element, mergeKey);
      elements = elements.filter((candidate) => !equal(identity(candidate, mergeKey), key));
    } else if (kind === 'merge') throw internalPatchError('merging lists cannot yet be specified in the patch');
    else throw internalPatchError(`unknown patch type: ${goText(kind)} in map: ${goText(element)}`);
  }
  return replaces ? { elements: rest, patch: [], serverOrder: [] } : { elements, patch: rest, serverOrder: elements };
}

function mergeElements(elements: Json[], patch: readonly JsonObject[], mergeKey: string, item: Structure): Json[] {
  const merged = [...elements];
  for (const element of patch) {
    if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
    const position = positionOf(merged, element, mergeKey);
    const present = merged[position];
    if (isObject(present)) merged[position] = mergeMap(present, element, item);
    else merged.push(element);
  }
  return merged;
}

function deduplicated(list: readonly Json[]): Json[] {
  return list.filter((item, index) => list.findIndex((other) => equal(other, item)) === index);
}

function mergeList(original: Json[], patch: Json[], structure: Structure): Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  const all = [...original, ...patch];
  if (all.some((item) => Array.isArray(item))) {
    throw new PatchError(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      'lists of lists are not supported',
    );
  }
  const kinds = new Set(all.map((item) => (isObject(item) ? 'map' : typeof item)));
  if (kinds.size > 1) throw internalPatchError(`list element types are not identical: ${goText(all)}`);
  if (!kinds.has('map')) return inElementOrder(deduplicated(all), patch, original, undefined);
  const { mergeKey } = structure;
  if (mergeKey === undefined) {
    throw internalPatchError(`cannot merge lists without merge key for ${structure.typeName ?? structure.type}`);
  }
  const prepared = applyElementDirectives(original, patch, mergeKey);
  const merged = mergeElements(prepared.elements, prepared.patch, mergeKey, structure.items ?? anything);
  for (const element of merged) {
    if (isObject(element) && !Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
  }
  return inElementOrder(merged, prepared.patch, prepared.serverOrder, mergeKey);
}

function patchedList(original: Json[], patch: Json[], structure: Structure): Json[] {
  return strategyOf(structure) === 'merge' ? mergeList(original, patch, structure) : patch;
}

/** Each element of the patch's list has to be named by the order, in the same sequence. */
function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string | undefined): void {
  if (order.length === 0 || patch.length === 0) return;
  const named = patch.filter((element) => !isObject(element) || !Object.hasOwn(element, directive));
  let next = 0;
  for (const element of order) {
    const wanted = named[next];
    if (wanted !== undefined && equal(identity(wanted, mergeKey), identity(element, mergeKey))) next += 1;
  }
  if (next < named.length) {
    throw internalPatchError(
      `The order in patch list:\n${goText([...patch])}\n doesn't match $setElementOrder list:\n${goText([...order])}\n`,
    );
  }
}

function listOf(value: Json | undefined): Json[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw internalPatchError(`expected a []interface {}, but received a ${decoderTypeName(value)}`);
}

/** The list under `$setElementOrder`; undefined when neither side has one. */
function orderedList(original: JsonObject, patch: JsonObject, name: string, parent: Structure): Json[] | undefined {
  const order = listOf(member(patch, `${orderPrefix}${name}`)) ?? [];
  if (parent.fields !== undefined && !parent.fields.has(name)) {
    const type = (parent.typeName ?? '').split('.').at(-1);
    throw internalPatchError(`unable to find api field in struct ${type} for the json field "${name}"`);
  }
  const structure = childOf(parent, name);
  const before = listOf(member(original, name));
  const named = listOf(member(patch, name));
  const mergeKey = structure.mergeKey;
  checkOrder(named ?? [], order, mergeKey);
  if (before === undefined && named === undefined) return undefined;
  const merged =
    named === undefined
      ? (before ?? [])
      : before === undefined
        ? ((withoutDirectives(named) as Json[] | undefined) ?? [])
        : patchedList(before, named, structure);
  return inElementOrder(merged, order, before ?? [], mergeKey);
}

function patchedValue(original: Json | undefined, patch: Json, structure: Structure): Json | undefined {
  if (isObject(original) && isObject(patch)) {
    return strategyOf(structure) === 'replace' ? patch : mergeMap(original, patch, structure);
  }
  if (Array.isArray(original) && Array.isArray(patch)) return patchedList(original, patch, structure);
  return withoutDirectives(withoutNullMembers(patch));
}

function mergeMap(original: JsonObject, patch: JsonObject, structure: Structure): JsonObject {
  const kind = member(patch, directive);
  if (kind === 'replace') {
    const { [directive]: _directive, ...rest } = patch;
    return rest;
  }
  if (kind === 'delete') return {};
  if (kind !== undefined) throw internalPatchError(`unknown patch type: ${goText(kind)} in map: ${goText(patch)}`);

  const merged = { ...retainKeys(original, patch) };
  const done = new Set<string>([retainKeysDirective]);
  for (const key of Object.keys(patch).filter((name) => name.startsWith(orderPrefix))) {
    const name = key.slice(orderPrefix.length);
    const list = orderedList(merged, patch, name, structure);
    if (list !== undefined) setMember(merged, name, list);
    done.add(key);
    if (Object.hasOwn(patch, name)) done.add(name);
  }
  // Deletions first: Go goes through the patch in no fixed order, and every order that a client may rely on agrees with
  // this one.
  const rest = Object.entries(patch).filter(([key]) => !done.has(key));
  const isDeletion = ([key]: [string, Json]): boolean => key.startsWith(deletionPrefix);
  for (const [key, value] of rest.filter(isDeletion)) {
    const name = key.slice(deletionPrefix.length);
    const present = member(merged, name);
    if (!Array.isArray(present) || !Array.isArray(value)) continue;
    setMember(
      merged,
      name,
      present.filter((item) => !value.some((deleted) => equal(deleted, item))),
    );
  }
  for (const [name, value] of rest.filter((entry) => !isDeletion(entry))) {
    const result = value === null ? undefined : patchedValue(member(merged, name), value, childOf(structure, name));
    if (result === undefined) delete merged[name];
    else setMember(merged, name, result);
  }
  return merged;
}

/**
 * The document after the patch; neither is touched, and it may share parts with both. `structure` is that of the
 * document's kind.
 * @throws PatchError 400 for a patch that is no object or misuses a directive, 500 (as the real server) for an element
 * without its merge key and for an order that does not fit.
 */
export function applyStrategicMergePatch(document: Json, patch: unknown, structure: Structure): Json {
  if (patch === null) return document;
  if (!isObject(patch)) {
    throw malformedPatch(
      `json: cannot unmarshal ${decoderTypeName(patch)} into Go value of type map[string]interface {}`,
    );
  }
  return mergeMap(isObject(document) ? document : {}, patch, structure);
}
