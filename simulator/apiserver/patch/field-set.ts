/**
 * Sets of field paths, as managedFields hold them (FieldsV1), and their algebra. Upstream: structured-merge-diff,
 * fieldpath.
 */
import type { JsonObject } from '../schema/json.ts';
import { isObject } from '../schema/json.ts';
import { compareElements, type FieldPath, type PathElement } from './path-element.ts';

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

/**
 * What FieldsV1 that were written here, and frozen ones that were read, stand for: an object keeps most of its sets at
 * a write.
 */
const decoded = new WeakMap<object, FieldSet>();

/**
 * Sets that were made of late, found by going through what is in them: elements that are owned themselves, then others,
 * each followed by the set below it. Objects of one kind have much the same owners, so that most sets, what is made of
 * them and how they are written is known already.
 */
interface Step {
  readonly next: Map<PathElement | FieldSet, Step>;
  set: FieldSet | undefined;
}

const stepsMax = 50_000;
let steps = 0;
let start: Step = { next: new Map(), set: undefined };

function stepTo(what: PathElement | FieldSet, from: Step): Step {
  let step = from.next.get(what);
  if (step === undefined) {
    step = { next: new Map(), set: undefined };
    from.next.set(what, step);
    steps++;
  }
  return step;
}

/** Forgets them all when they have become too many. */
function startOfSteps(): Step {
  if (steps >= stepsMax) {
    start = { next: new Map(), set: undefined };
    steps = 0;
  }
  return start;
}

/** What an operation has made of a set and another one. */
type Results = WeakMap<FieldSet, FieldSet>;

/** An immutable set of paths. An operation that changes nothing returns the very same set. */
export class FieldSet {
  /** Elements that are owned themselves. */
  readonly members: ReadonlySet<PathElement>;
  /** What is owned below elements; never an empty set. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;
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
    let step = startOfSteps();
    for (const element of members) step = stepTo(element, step);
    for (const [element, below] of children) step = stepTo(below, stepTo(element, step));
    step.set ??= new FieldSet(members, children);
    return step.set;
  }

  /**
   * Elements that are all owned themselves, none of them twice, and what is below each. Makes nothing for a set that is
   * known.
   */
  static ofOwned(elements: readonly PathElement[], belows: readonly FieldSet[]): FieldSet {
    if (elements.length === 0) return FieldSet.empty;
    let step = startOfSteps();
    for (const element of elements) step = stepTo(element, step);
    for (const [index, below] of belows.entries()) {
      if (!below.isEmpty()) step = stepTo(below, stepTo(elements[index] ?? '', step));
    }
    if (step.set === undefined) {
      const children = elements.map((element, index) => [element, belows[index] ?? FieldSet.empty] as const);
      step.set = new FieldSet(new Set(elements), new Map(children.filter(([, below]) => !below.isEmpty())));
    }
    return step.set;
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

/** Collects paths, then becomes a set. */
export class FieldSetBuilder {
  readonly #members = new Set<PathElement>();
  readonly #children = new Map<PathElement, FieldSetBuilder>();
  /** Below elements, as they were given. */
  #given: Map<PathElement, FieldSet> | undefined;

  /**
   * The path, and the paths of `below` under it. The empty path stands for the whole object, which nobody owns. The
   * path may be reused after.
   */
  insert(path: FieldPath, below: FieldSet = FieldSet.empty): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let builder: FieldSetBuilder = this;
    for (let index = 0; index < path.length - 1; index++) builder = builder.#below(path[index] ?? '');
    builder.#members.add(last);
    if (!below.isEmpty()) builder.#give(last, below);
  }

  #give(element: PathElement, below: FieldSet): void {
    this.#given ??= new Map();
    this.#given.set(element, below.union(this.#given.get(element) ?? FieldSet.empty));
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
    for (const [element, below] of this.#given ?? []) {
      children.set(element, below.union(children.get(element) ?? FieldSet.empty));
    }
    return FieldSet.ofBuilt(this.#members, children);
  }
}

/** FieldsV1 marks an owned element by an empty object, or by a `.` when there is more below it. */
function isLeaf(below: JsonObject): boolean {
  return Object.keys(below).length === 0 || Object.hasOwn(below, '.');
}
