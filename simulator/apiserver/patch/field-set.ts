/**
 * Sets of field paths, as managedFields hold them (FieldsV1), and their algebra. Upstream: structured-merge-diff, fieldpath.
 *
 * A path is a list of elements in the wire's form: `f:name` a field, `k:{"name":"c"}` an element of a keyed list, `v:"text"` an
 * element of a set. Owning a container does not mean owning what is in it, nor the other way round.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { compareText, isObject, sortedNames } from '../schema/json.ts';
import { goQuoted } from './go-format.ts';

export type PathElement = string;
export type FieldPath = readonly PathElement[];

const fieldElements = new Map<string, PathElement>();
const fieldElementsMax = 4096;

export function fieldElement(name: string): PathElement {
  let element = fieldElements.get(name);
  if (element === undefined) {
    if (fieldElements.size >= fieldElementsMax) fieldElements.clear();
    element = `f:${name}`;
    fieldElements.set(name, element);
  }
  return element;
}

/** Go escapes these in JSON text. */
function jsonText(value: Json): string {
  return JSON.stringify(value).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** The element of a keyed list with these key fields. */
export function keyElement(keys: JsonObject): PathElement {
  const fields = sortedNames(keys).map((name) => `${jsonText(name)}:${jsonText(keys[name] ?? null)}`);
  return `k:{${fields.join(',')}}`;
}

export function valueElement(value: Json): PathElement {
  return `v:${jsonText(value)}`;
}

function isField(element: PathElement): boolean {
  return element.startsWith('f:');
}

const kindOrder = 'fkvi';

/** Fields before keyed elements before set elements before indexes; numbers before texts before booleans. */
function compareElements(one: PathElement, other: PathElement): number {
  const byKind = kindOrder.indexOf(one.charAt(0)) - kindOrder.indexOf(other.charAt(0));
  if (byKind !== 0) return byKind;
  if (isField(one)) return compareText(one, other);
  return compareValues(JSON.parse(one.slice(2)), JSON.parse(other.slice(2)));
}

function rank(value: Json): number {
  const order = ['number', 'string', 'boolean'];
  if (value === null) return 5;
  if (Array.isArray(value)) return 3;
  return isObject(value) ? 4 : order.indexOf(typeof value);
}

function compareValues(one: Json, other: Json): number {
  const byType = rank(one) - rank(other);
  if (byType !== 0) return byType;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
  if (isObject(one) && isObject(other)) return compareObjects(one, other);
  return compareText(JSON.stringify(one), JSON.stringify(other));
}

function compareObjects(one: JsonObject, other: JsonObject): number {
  const left = sortedNames(one);
  const right = sortedNames(other);
  for (const [index, name] of left.entries()) {
    const counterpart = right[index];
    if (counterpart === undefined) return 1;
    const difference = compareText(name, counterpart) || compareValues(one[name] ?? null, other[counterpart] ?? null);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function elementText(element: PathElement): string {
  if (isField(element)) return `.${element.slice(2)}`;
  if (element.startsWith('i:')) return `[${element.slice(2)}]`;
  const value: Json = JSON.parse(element.slice(2));
  const text = (part: Json | undefined): string =>
    typeof part === 'string' ? goQuoted(part) : JSON.stringify(part ?? null);
  if (!isObject(value)) return `[=${text(value)}]`;
  return `[${sortedNames(value)
    .map((name) => `${name}=${text(value[name])}`)
    .join(',')}]`;
}

/** `.spec.template.spec.containers[name="c"].image` */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('');
}

/** The elements that it keeps; the very same set when that is all of them. */
function only(set: ReadonlySet<PathElement>, keeps: (element: PathElement) => boolean): ReadonlySet<PathElement> {
  let kept: Set<PathElement> | undefined;
  for (const element of set) {
    if (keeps(element)) continue;
    kept ??= new Set(set);
    kept.delete(element);
  }
  return kept ?? set;
}

/** Both; the very same set when the other adds nothing. */
function joined(set: ReadonlySet<PathElement>, other: ReadonlySet<PathElement>): ReadonlySet<PathElement> {
  let all: Set<PathElement> | undefined;
  for (const element of other) {
    if (set.has(element)) continue;
    all ??= new Set(set);
    all.add(element);
  }
  return all ?? set;
}

const noElements: ReadonlySet<PathElement> = new Set();
const noChildren: ReadonlyMap<PathElement, FieldSet> = new Map();

/** What FieldsV1 that were written here, and frozen ones that were read, stand for: an object keeps most of its sets at a write. */
const decoded = new WeakMap<object, FieldSet>();

/**
 * Sets that were made of late, by what is in them. Objects of one kind have much the same owners, so that most sets, what is made
 * of them and how they are written is known already.
 */
const shared = new Map<string, FieldSet>();
const sharedMax = 4096;
let count = 0;

/** What an operation has made of a set and another one. */
type Results = WeakMap<FieldSet, FieldSet>;

/** An immutable set of paths. An operation that changes nothing returns the very same set. */
export class FieldSet {
  /** Elements that are owned themselves. */
  readonly members: ReadonlySet<PathElement>;
  /** What is owned below elements; never an empty set. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;
  readonly #id = ++count;
  #asMember: JsonObject | undefined;
  #asRoot: JsonObject | undefined;
  #unions: Results | undefined;
  #differences: Results | undefined;
  #recursiveDifferences: Results | undefined;

  private constructor(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>) {
    this.members = members;
    this.children = children;
  }

  static readonly empty = new FieldSet(noElements, noChildren);

  static of(...paths: FieldPath[]): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.insert(path);
    return builder.build();
  }

  static from(members: Iterable<PathElement>, children: Iterable<readonly [PathElement, FieldSet]>): FieldSet {
    const below = new Map<PathElement, FieldSet>();
    for (const [element, set] of children) if (!set.isEmpty()) below.set(element, set);
    const own = new Set(members);
    return FieldSet.ofBuilt(own, below);
  }

  /** Takes both over: they are not to be changed any more. Children are not empty. */
  static ofBuilt(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>): FieldSet {
    if (members.size === 0 && children.size === 0) return FieldSet.empty;
    const key = keyOf(members, children, (set) => set.#id);
    const known = shared.get(key);
    if (known !== undefined) return known;
    if (shared.size >= sharedMax) shared.clear();
    const made = new FieldSet(members, children);
    shared.set(key, made);
    return made;
  }

  /** Reads FieldsV1; what is no object counts as empty. */
  static fromFieldsV1(fields: unknown): FieldSet {
    if (!isObject(fields)) return FieldSet.empty;
    const known = decoded.get(fields);
    if (known !== undefined) return known;
    const members: PathElement[] = [];
    const children: [PathElement, FieldSet][] = [];
    for (const [element, below] of Object.entries(fields)) {
      if (element === '.') continue;
      if (!isObject(below) || isLeaf(below)) members.push(element);
      children.push([element, FieldSet.fromFieldsV1(below)]);
    }
    const set = FieldSet.from(members, children);
    if (Object.isFrozen(fields)) decoded.set(fields, set);
    return set;
  }

  /** Writes FieldsV1, in the server's order; frozen, and made once. */
  toFieldsV1(isMember = false): JsonObject {
    if (isMember) {
      this.#asMember ??= this.#written(true);
      return this.#asMember;
    }
    this.#asRoot ??= this.#written(false);
    return this.#asRoot;
  }

  #written(isMember: boolean): JsonObject {
    const elements = [...this.members];
    for (const element of this.children.keys()) if (!this.members.has(element)) elements.push(element);
    if (elements.length > 1) elements.sort(compareElements);
    const fields: JsonObject = isMember && elements.length > 0 ? { '.': {} } : {};
    for (const element of elements) {
      fields[element] = this.below(element).toFieldsV1(this.members.has(element));
    }
    Object.freeze(fields);
    decoded.set(fields, this);
    return fields;
  }

  isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0;
  }

  has(path: FieldPath): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.members.has(first) : this.below(first).has(rest);
  }

  below(element: PathElement): FieldSet {
    return this.children.get(element) ?? FieldSet.empty;
  }

  equals(other: FieldSet): boolean {
    return this.difference(other).isEmpty() && other.difference(this).isEmpty();
  }

  /** All paths, containers before their contents. */
  paths(): FieldPath[] {
    const own = [...this.members].sort(compareElements).map((element) => [element]);
    const below = [...this.children].sort(([one], [other]) => compareElements(one, other));
    return [...own, ...below.flatMap(([element, set]) => set.paths().map((path) => [element, ...path]))];
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty() || other === this) return this;
    if (this.isEmpty()) return other;
    this.#unions ??= new WeakMap();
    const known = this.#unions.get(other);
    if (known !== undefined) return known;
    const result = this.#union(other);
    this.#unions.set(other, result);
    return result;
  }

  #union(other: FieldSet): FieldSet {
    const members = joined(this.members, other.members);
    let children: Map<PathElement, FieldSet> | undefined;
    for (const [element, set] of other.children) {
      const before = this.below(element);
      const after = before.union(set);
      if (after === before) continue;
      children ??= new Map(this.children);
      children.set(element, after);
    }
    if (members === this.members && children === undefined) return this;
    return FieldSet.ofBuilt(members, children ?? this.children);
  }

  intersection(other: FieldSet): FieldSet {
    return this.#combine(
      only(this.members, (element) => other.members.has(element)),
      (set, element) => set.intersection(other.below(element)),
    );
  }

  difference(other: FieldSet): FieldSet {
    if (other.isEmpty() || this.isEmpty()) return this;
    this.#differences ??= new WeakMap();
    const known = this.#differences.get(other);
    if (known !== undefined) return known;
    const result = this.#combine(
      only(this.members, (element) => !other.members.has(element)),
      (set, element) => set.difference(other.below(element)),
    );
    this.#differences.set(other, result);
    return result;
  }

  /** Like `difference`, and what lies below a path of `other` goes as well. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty() || this.isEmpty()) return this;
    this.#recursiveDifferences ??= new WeakMap();
    const known = this.#recursiveDifferences.get(other);
    if (known !== undefined) return known;
    const result = this.#combine(
      only(this.members, (element) => !other.members.has(element)),
      (set, element) => (other.members.has(element) ? FieldSet.empty : set.recursiveDifference(other.below(element))),
    );
    this.#recursiveDifferences.set(other, result);
    return result;
  }

  #combine(members: ReadonlySet<PathElement>, below: (set: FieldSet, element: PathElement) => FieldSet): FieldSet {
    let children: Map<PathElement, FieldSet> | undefined;
    for (const [element, set] of this.children) {
      const rest = below(set, element);
      if (rest === set) continue;
      children ??= new Map(this.children);
      if (rest.isEmpty()) children.delete(element);
      else children.set(element, rest);
    }
    if (members === this.members && children === undefined) return this;
    return FieldSet.ofBuilt(members, children ?? this.children);
  }
}

function keyOf(
  members: ReadonlySet<PathElement>,
  children: ReadonlyMap<PathElement, FieldSet>,
  idOf: (set: FieldSet) => number,
): string {
  let key = '';
  for (const element of members) key += `${element.length}:${element}`;
  key += '|';
  for (const [element, set] of children) key += `${element.length}:${element}${idOf(set)};`;
  return key;
}

/** Collects paths, then becomes a set. */
export class FieldSetBuilder {
  readonly #members = new Set<PathElement>();
  readonly #children = new Map<PathElement, FieldSetBuilder>();

  /** The empty path stands for the whole object, which nobody owns. The path may be reused after. */
  insert(path: FieldPath): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let builder: FieldSetBuilder = this;
    for (let index = 0; index < path.length - 1; index++) builder = builder.#below(path[index] ?? '');
    builder.#members.add(last);
  }

  #below(element: PathElement): FieldSetBuilder {
    let below = this.#children.get(element);
    if (below === undefined) {
      below = new FieldSetBuilder();
      this.#children.set(element, below);
    }
    return below;
  }

  build(): FieldSet {
    if (this.#members.size === 0 && this.#children.size === 0) return FieldSet.empty;
    const children = new Map<PathElement, FieldSet>();
    for (const [element, builder] of this.#children) children.set(element, builder.build());
    return FieldSet.ofBuilt(this.#members, children);
  }
}

/** FieldsV1 marks an owned element by an empty object, or by a `.` when there is more below it. */
function isLeaf(below: JsonObject): boolean {
  return Object.keys(below).length === 0 || Object.hasOwn(below, '.');
}
