/**
 * Values of expressions. Booleans, texts and null are the language's own, an int is a bigint, a double a number, bytes
 * a Uint8Array, a list an array; the others are classes here. A value is never changed.
 */
import type { Type } from '../check/types.ts';

export const INT_MIN = -(2n ** 63n);
export const INT_MAX = 2n ** 63n - 1n;
export const UINT_MAX = 2n ** 64n - 1n;

export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** An instant, in nanoseconds since 1970. */
export class Timestamp {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class Optional {
  static readonly none = new Optional(undefined);
  /** Undefined: none. */
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** A type as a value: `type(1) == int`. */
export class TypeValue {
  readonly type: Type;

  constructor(type: Type) {
    this.type = type;
  }
}

/** A value of a library's own type. */
export abstract class Opaque {
  abstract readonly type: Type;
  abstract equals(other: Opaque): boolean;
  /** For costs; an address has its bytes. */
  get size(): number {
    return 1;
  }
}

/** An object with declared members: what is absent is undefined. */
export abstract class Structure {
  abstract readonly type: Type;
  abstract get(field: string): Value | undefined;
  /** Members that are there. */
  abstract names(): readonly string[];
  abstract equals(other: Structure): boolean;
}

export type Key = string | boolean | bigint | Uint;

/** Entries by key; an int and an uint of one value are one key. */
export class CelMap {
  readonly #entries = new Map<string | boolean | bigint, readonly [key: Key, value: Value]>();

  static of(entries: Iterable<readonly [Key, Value]>): CelMap {
    const made = new CelMap();
    for (const [key, value] of entries) made.#entries.set(normal(key), [key, value]);
    return made;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Any value may be asked for; what can be no key is not there. */
  get(key: Value): Value | undefined {
    const known = keyOf(key);
    return known === undefined ? undefined : this.#entries.get(known)?.[1];
  }

  has(key: Value): boolean {
    const known = keyOf(key);
    return known !== undefined && this.#entries.has(known);
  }

  keys(): Key[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  entries(): (readonly [Key, Value])[] {
    return [...this.#entries.values()];
  }

  /** Adds to a map that nobody else has seen yet. */
  insert(key: Key, value: Value): void {
    this.#entries.set(normal(key), [key, value]);
  }
}

function normal(key: Key): string | boolean | bigint {
  return key instanceof Uint ? key.value : key;
}

function keyOf(value: Value): string | boolean | bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return isKey(value) ? normal(value) : undefined;
}

export function isKey(value: Value): value is Key {
  return ['string', 'boolean', 'bigint'].includes(typeof value) || value instanceof Uint;
}

export type List = readonly Value[];

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | Optional
  | TypeValue
  | Opaque
  | Structure
  | CelMap
  | List;

export function isList(value: Value): value is List {
  return Array.isArray(value);
}
