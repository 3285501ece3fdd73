/**
 * Operations on typed values: the set of fields that a value names, a merge, and the removal of a set of fields;
 * `comparison.ts` has the difference of two values. Upstream: structured-merge-diff,
 * typed/{tofieldset,merge,remove}.go, named field by field after it.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { equal, isObject, member, setMember } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { FieldSet, FieldSetBuilder } from './field-set.ts';
import { type FieldPath, fieldElement, type PathElement } from './path-element.ts';
import type { ListAtom, MapAtom } from './typed-value.ts';
import { anything, atomOf, elementOf, isAtomic, isEmptyContainer, itemsByElement } from './typed-value.ts';

/** Every leaf and every list element that the value names. */
export function fieldSetOf(value: Json, structure: Structure): FieldSet {
  const set = new FieldSetBuilder();
  collect(value, structure, [], set);
  return set.build();
}

function collect(value: Json, structure: Structure, path: FieldPath, set: FieldSetBuilder): void {
  const atom = atomOf(structure, value);
  if (atom.kind === 'scalar') set.insert(path);
  else if (atom.kind === 'map') {
    if (atom.isAtomic) set.insert(path);
    else if (isObject(value)) collectMembers(value, atom, path, set);
  } else if (!atom.isAssociative) set.insert(path);
  else {
    for (const [element, items] of itemsByElement(atom, value)) {
      const below = [...path, element];
      const [item] = items;
      if (items.length === 1 && item !== undefined) collect(item, atom.items, below, set);
      set.insert(below);
    }
  }
}

function collectMembers(value: JsonObject, atom: MapAtom, path: FieldPath, set: FieldSetBuilder): void {
  for (const [name, item] of Object.entries(value)) {
    const below = [...path, fieldElement(name)];
    collect(item, atom.child(name) ?? anything, below, set);
    const isEmptyMap = isObject(item) && Object.keys(item).length === 0;
    if (item === null || isEmptyMap || !atom.isNamed(name)) set.insert(below);
  }
}

/**
 * `applied` over `live`: nothing is removed, `applied` wins; undefined when neither has anything. The result shares its
 * parts with both, and is `live` itself where nothing differs.
 */
export function mergeValues(live: Json | undefined, applied: Json | undefined, structure: Structure): Json | undefined {
  if (applied === undefined || live === undefined) return applied === undefined ? live : applied;
  const atom = atomOf(structure, applied);
  const isOther = atom.kind !== atomOf(structure, live).kind || (isEmptyContainer(live) && isEmptyContainer(applied));
  if (isOther || isAtomic(atom)) return equal(live, applied) ? live : applied;
  if (atom.kind === 'map') return mergeMembers(atom, live, applied);
  return atom.kind === 'list' ? mergeItems(atom, live, applied) : applied;
}

function mergeMembers(atom: MapAtom, live: Json, applied: Json): Json | undefined {
  const left = isObject(live) ? live : {};
  const right = isObject(applied) ? applied : {};
  const merged: JsonObject = {};
  let isLive = isObject(live);
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const before = member(left, name);
    const value = mergeValues(before, member(right, name), atom.child(name) ?? anything);
    if (value !== before) isLive = false;
    if (value !== undefined) setMember(merged, name, value);
  }
  if (Object.keys(merged).length === 0) return undefined;
  return isLive ? live : merged;
}

interface Item {
  readonly element: PathElement;
  readonly value: Json;
}

function itemsOf(atom: ListAtom, list: Json): Item[] {
  return (Array.isArray(list) ? list : []).flatMap((value) => {
    const element = elementOf(atom, value);
    return element === undefined ? [] : [{ element, value }];
  });
}

/** Items of both: shared ones in the order of `applied`, the others kept near where they were. */
function mergeItems(atom: ListAtom, live: Json, applied: Json): Json | undefined {
  const left = itemsOf(atom, live);
  const right = itemsOf(atom, applied);
  const byLeft = itemsByElement(atom, live);
  const byRight = itemsByElement(atom, applied);
  const shared = right.filter(({ element }) => byLeft.has(element)).map(({ element }) => element);
  const merged: Json[] = [];
  const done = new Set<PathElement>();
  const push = (element: PathElement, value: Json): void => {
    const counterparts = byLeft.get(element) ?? [];
    // Of an element that is there twice nothing is merged.
    const counterpart = counterparts.length === 1 ? counterparts[0] : undefined;
    const result = mergeValues(counterpart, value, atom.items);
    if (result !== undefined) merged.push(result);
    done.add(element);
    if (shared[0] === element) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const mine = left[l];
    const theirs = right[r];
    if (mine !== undefined && theirs !== undefined) {
      if (mine.element === theirs.element) {
        push(theirs.element, theirs.value);
        l += 1;
        r += 1;
        continue;
      }
      if (byRight.has(mine.element) && shared.length > 0 && shared[0] !== mine.element) {
        l += 1;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!byRight.has(mine.element)) {
        merged.push(mine.value);
        l += 1;
        continue;
      }
      if (done.has(mine.element)) l += 1;
    }
    if (theirs !== undefined) {
      push(theirs.element, theirs.value);
      r += 1;
    }
  }
  if (merged.length === 0) return undefined;
  return Array.isArray(live) && isSameList(live, merged) ? live : merged;
}

function isSameList(one: readonly Json[], other: readonly Json[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/**
 * The value without the fields and elements of `removed`; undefined when nothing is left of it. Where a free container
 * is emptied that another manager owns as empty, the real server writes null and then refuses it; here it is left out.
 */
export function removeFields(value: Json, removed: FieldSet, structure: Structure): Json | undefined {
  const atom = atomOf(structure, value);
  if (atom.kind === 'scalar') return value;
  if (atom.kind === 'map') {
    if (!isObject(value) || Object.keys(value).length === 0 || atom.isAtomic) return undefined;
    return removeMembers(value, removed, atom);
  }
  if (!Array.isArray(value) || value.length === 0 || !atom.isAssociative) return undefined;
  const kept = value.flatMap((item) => {
    const element = elementOf(atom, item);
    if (element === undefined || removed.members.has(element)) return element === undefined ? [item] : [];
    const below = removed.below(element);
    const rest = below.isEmpty() ? item : removeFields(item, below, atom.items);
    return rest === undefined ? [] : [rest];
  });
  return kept.length > 0 ? kept : undefined;
}

function removeMembers(value: JsonObject, removed: FieldSet, atom: MapAtom): JsonObject | undefined {
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const element = fieldElement(name);
    if (removed.members.has(element)) continue;
    const below = removed.below(element);
    const rest = below.isEmpty() ? item : removeFields(item, below, atom.child(name) ?? anything);
    if (rest !== undefined) setMember(kept, name, rest);
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/**
 * The set with the named fields on the way to each path: `spec.replicas` owns `spec` as well, but no free map key or
 * element.
 */
export function withNamedFields(set: FieldSet, structure: Structure | undefined): FieldSet {
  const atom = structure === undefined ? undefined : atomOf(structure, undefined);
  const named = [...set.children.keys()].filter(
    (element) => atom?.kind === 'map' && element.startsWith('f:') && atom.isNamed(element.slice(2)),
  );
  const children = [...set.children].map(([element, below]) => {
    let child: Structure | undefined;
    if (atom?.kind === 'map' && element.startsWith('f:')) child = atom.child(element.slice(2));
    else if (atom?.kind === 'list' && element.startsWith('k:')) child = atom.items;
    return [element, withNamedFields(below, child)] as const;
  });
  return FieldSet.from([...set.members, ...named], children);
}
