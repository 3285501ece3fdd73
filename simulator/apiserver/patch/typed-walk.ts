/**
 * Operations on typed values: the set of fields that a value names, the difference of two values, a merge, and the removal of a set
 * of fields. Upstream: structured-merge-diff, typed/{tofieldset,compare,merge,remove}.go, named field by field after it.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { equal, isObject, member, setMember } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import type { FieldPath, PathElement } from './field-set.ts';
import { FieldSet, FieldSetBuilder, fieldElement } from './field-set.ts';
import { inGoShape, withGoFields } from './go-shape.ts';
import type { Atom } from './typed-value.ts';
import { atomOf, elementOf } from './typed-value.ts';

type ListAtom = Atom & { kind: 'list' };

const anything: Structure = { type: 'any' };

function isEmptyContainer(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
}

/** Items by their element, in order; an element that occurs twice has several items. */
function itemsByElement(atom: ListAtom, list: Json | undefined): Map<PathElement, Json[]> {
  const items = new Map<PathElement, Json[]>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = elementOf(atom, item);
    if (element === undefined) continue;
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}

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

function collectMembers(value: JsonObject, atom: Atom & { kind: 'map' }, path: FieldPath, set: FieldSetBuilder): void {
  for (const [name, item] of Object.entries(value)) {
    const below = [...path, fieldElement(name)];
    collect(item, atom.child(name) ?? anything, below, set);
    const isEmptyMap = isObject(item) && Object.keys(item).length === 0;
    if (item === null || isEmptyMap || !atom.isNamed(name)) set.insert(below);
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

class Comparer {
  readonly added = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();
  /** Where the walk is. */
  readonly #path: PathElement[] = [];
  readonly #isGoShaped: boolean;

  /** `isGoShaped`: values are looked at as `inGoShape` would make them. */
  constructor(isGoShaped: boolean) {
    this.#isGoShaped = isGoShaped;
  }

  compare(before: Json | undefined, after: Json | undefined, structure: Structure): void {
    // Parts that two versions share have not changed.
    if (before === after) return;
    if (this.#isGoShaped) this.#compare(withGoFields(before, structure), withGoFields(after, structure), structure);
    else this.#compare(before, after, structure);
  }

  #compare(before: Json | undefined, after: Json | undefined, structure: Structure): void {
    const left = before === undefined ? undefined : atomOf(structure, before);
    const right = after === undefined ? undefined : atomOf(structure, after);
    let isLeaf = false;
    // A value of undeclared structure that changes its shape is looked at in both shapes.
    if (left !== undefined && right !== undefined && left.kind !== right.kind) {
      isLeaf = this.#visit(left, before, after, structure);
      this.#visit(right, before, after, structure);
    } else {
      const atom = right ?? left;
      if (atom !== undefined) isLeaf = this.#visit(atom, before, after, structure);
    }
    if (isLeaf) return;
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
  }

  #below(element: PathElement, before: Json | undefined, after: Json | undefined, structure: Structure): void {
    this.#path.push(element);
    this.compare(before, after, structure);
    this.#path.pop();
  }

  /** True when the place is a leaf and has been dealt with. */
  #visit(atom: Atom, before: Json | undefined, after: Json | undefined, structure: Structure): boolean {
    const isAtomic =
      atom.kind === 'scalar' ||
      (atom.kind === 'map' ? atom.isAtomic : !atom.isAssociative) ||
      (isEmptyContainer(before) && isEmptyContainer(after));
    if (isAtomic) this.#leaf(before, after, structure);
    else if (atom.kind === 'map') this.#members(atom, before, after);
    else if (atom.kind === 'list') this.#items(atom, before, after);
    return isAtomic;
  }

  #leaf(before: Json | undefined, after: Json | undefined, structure: Structure): void {
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
    else if (!this.#isEqual(before, after, structure)) this.modified.insert(this.#path);
  }

  #isEqual(before: Json, after: Json, structure: Structure): boolean {
    if (equal(before, after)) return true;
    return this.#isGoShaped && equal(inGoShape(before, structure), inGoShape(after, structure));
  }

  #members(atom: Atom & { kind: 'map' }, before: Json | undefined, after: Json | undefined): void {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const name of Object.keys(left)) this.#member(atom, name, left[name], member(right, name));
    for (const name of Object.keys(right)) {
      if (!Object.hasOwn(left, name)) this.#member(atom, name, undefined, right[name]);
    }
  }

  #member(atom: Atom & { kind: 'map' }, name: string, before: Json | undefined, after: Json | undefined): void {
    if (before !== after) this.#below(fieldElement(name), before, after, atom.child(name) ?? anything);
  }

  #items(atom: ListAtom, before: Json | undefined, after: Json | undefined): void {
    const left = itemsByElement(atom, before);
    const right = itemsByElement(atom, after);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      this.#path.push(element);
      this.#sameElement(atom, left.get(element) ?? [], right.get(element) ?? []);
      this.#path.pop();
    }
  }

  /** Items of one element, which should be at most one on each side. */
  #sameElement(atom: ListAtom, old: Json[], now: Json[]): void {
    if (old.length <= 1 && now.length <= 1) this.compare(old[0], now[0], atom.items);
    else if (old.length >= 2 && now.length >= 2) {
      if (!this.#isEqual(old, now, { type: 'list', items: atom.items })) this.modified.insert(this.#path);
    } else if (old.length >= 2) {
      if (now.length === 1) this.compare(undefined, now[0], atom.items);
      this.removed.insert(this.#path);
    } else {
      if (old.length === 1) this.compare(old[0], undefined, atom.items);
      this.added.insert(this.#path);
    }
  }
}

function comparison(before: Json, after: Json, structure: Structure, isGoShaped: boolean): Comparison {
  const comparer = new Comparer(isGoShaped);
  comparer.compare(before, after, structure);
  return { added: comparer.added.build(), modified: comparer.modified.build(), removed: comparer.removed.build() };
}

/** What a change from one value to the other adds, modifies and removes. */
export function compareValues(before: Json, after: Json, structure: Structure): Comparison {
  return comparison(before, after, structure, false);
}

/** As `compareValues` of both values as Go would write them, without making these. */
export function compareInGoShape(before: Json, after: Json, structure: Structure): Comparison {
  return comparison(before, after, structure, true);
}

/**
 * `applied` over `live`: nothing is removed, `applied` wins; undefined when neither has anything. The result shares its parts with both, and
 * is `live` itself where nothing differs.
 */
export function mergeValues(live: Json | undefined, applied: Json | undefined, structure: Structure): Json | undefined {
  if (applied === undefined || live === undefined) return applied === undefined ? live : applied;
  const atom = atomOf(structure, applied);
  if (atom.kind !== atomOf(structure, live).kind || (isEmptyContainer(live) && isEmptyContainer(applied))) {
    return applied;
  }
  if (atom.kind === 'map' && !atom.isAtomic) return mergeMembers(atom, live, applied);
  if (atom.kind === 'list' && atom.isAssociative) return mergeItems(atom, live, applied);
  return applied;
}

function mergeMembers(atom: Atom & { kind: 'map' }, live: Json, applied: Json): Json | undefined {
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
  return merged.length > 0 ? merged : undefined;
}

/**
 * The value without the fields and elements of `removed`; undefined when nothing is left of it. Where a free container is emptied that
 * another manager owns as empty, the real server writes null and then refuses it; here it is left out.
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

function removeMembers(value: JsonObject, removed: FieldSet, atom: Atom & { kind: 'map' }): JsonObject | undefined {
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const element = fieldElement(name);
    if (removed.members.has(element)) continue;
    const below = removed.below(element);
    const rest = below.isEmpty() ? item : removeFields(item, below, atom.child(name) ?? anything);
    if (rest !== undefined) kept[name] = rest;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The set with the named fields on the way to each path: `spec.replicas` owns `spec` as well, but no free map key or element. */
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
