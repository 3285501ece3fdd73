/**
 * The difference of two values, as sets of fields. Both are looked at as Go would write them. Upstream:
 * structured-merge-diff, typed/compare.go.
 */
import type { Json } from '../schema/json.ts';
import { equal, isObject, member } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { FieldSet, FieldSetBuilder } from './field-set.ts';
import { inGoShape, withGoFields } from './go-shape.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import type { Atom, ListAtom, MapAtom } from './typed-value.ts';
import { anything, atomOf, isAtomic, isEmptyContainer, itemsByElement } from './typed-value.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What a change from one value to the other adds, modifies and removes. */
export function compareInGoShape(before: Json, after: Json, structure: Structure): Comparison {
  const comparer = new Comparer();
  comparer.compare(before, after, structure);
  return { added: comparer.added.build(), modified: comparer.modified.build(), removed: comparer.removed.build() };
}

class Comparer {
  readonly added = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();
  /** Where the walk is. */
  readonly #path: PathElement[] = [];

  compare(before: Json | undefined, after: Json | undefined, structure: Structure): void {
    // Parts that two versions share have not changed.
    if (before === after) return;
    if (before === undefined) this.#appeared(after, structure);
    else if (after === undefined) this.removed.insert(this.#path, everythingIn(before, structure));
    else this.#both(withGoFields(before, structure), withGoFields(after, structure), structure);
  }

  #appeared(value: Json | undefined, structure: Structure): void {
    if (value !== undefined) this.added.insert(this.#path, everythingIn(value, structure));
  }

  #both(before: Json, after: Json, structure: Structure): void {
    const left = atomOf(structure, before);
    const right = atomOf(structure, after);
    // A value of undeclared structure that changes its shape is looked at in both shapes.
    if (left.kind !== right.kind) this.#as(left, before, after, structure);
    this.#as(right, before, after, structure);
  }

  #as(atom: Atom, before: Json, after: Json, structure: Structure): void {
    if (isAtomic(atom) || (isEmptyContainer(before) && isEmptyContainer(after))) {
      if (!isEqual(before, after, structure)) this.modified.insert(this.#path);
    } else if (atom.kind === 'map') this.#members(atom, before, after);
    else if (atom.kind === 'list') this.#items(atom, before, after);
  }

  #members(atom: MapAtom, before: Json, after: Json): void {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const name of Object.keys(left)) this.#member(atom, name, left[name], member(right, name));
    for (const name of Object.keys(right)) {
      if (!Object.hasOwn(left, name)) this.#member(atom, name, undefined, right[name]);
    }
  }

  #member(atom: MapAtom, name: string, before: Json | undefined, after: Json | undefined): void {
    if (before === after) return;
    this.#path.push(fieldElement(name));
    this.compare(before, after, atom.child(name) ?? anything);
    this.#path.pop();
  }

  #items(atom: ListAtom, before: Json, after: Json): void {
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
      if (!isEqual(old, now, { type: 'list', items: atom.items })) this.modified.insert(this.#path);
    } else if (old.length >= 2) {
      if (now.length === 1) this.compare(undefined, now[0], atom.items);
      this.removed.insert(this.#path);
    } else {
      if (old.length === 1) this.compare(old[0], undefined, atom.items);
      this.added.insert(this.#path);
    }
  }
}

function isEqual(before: Json, after: Json, structure: Structure): boolean {
  return equal(before, after) || equal(inGoShape(before, structure), inGoShape(after, structure));
}

/**
 * All below a value that has no counterpart: each leaf, each element and each container. Made from below, set by set: a
 * create is nothing but this.
 */
function everythingIn(given: Json, structure: Structure): FieldSet {
  const value = withGoFields(given, structure);
  const atom = atomOf(structure, value);
  if (isAtomic(atom) || isEmptyContainer(value)) return FieldSet.empty;
  const elements: PathElement[] = [];
  const belows: FieldSet[] = [];
  if (atom.kind === 'map' && isObject(value)) {
    for (const name of Object.keys(value)) {
      const item = value[name];
      if (item === undefined) continue;
      elements.push(fieldElement(name));
      belows.push(everythingIn(item, atom.child(name) ?? anything));
    }
  } else if (atom.kind === 'list') {
    for (const [element, [item, ...others]] of itemsByElement(atom, value)) {
      elements.push(element);
      // Of an element that is there twice nothing is told but that it is there.
      const isOne = item !== undefined && others.length === 0;
      belows.push(isOne ? everythingIn(item, atom.items) : FieldSet.empty);
    }
  }
  return FieldSet.ofOwned(elements, belows);
}
