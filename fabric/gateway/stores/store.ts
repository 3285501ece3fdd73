/**
 * The seam behind the gateway's records: collections of JSON documents with filters that mean what MongoDB means.
 * Implementations: `embedded` (SQLite) and `mongodb`; both pass `contract.ts`.
 */
import { Problem } from '../../http/index.ts';

/** A document as it is stored: JSON, without its id. */
export type Document = object;

/** A MongoDB filter: `{ state: 'FAILED', startTime: { $gte: 0 } }`. */
export type Filter = Readonly<Record<string, unknown>>;

export interface Query {
  readonly filter?: Filter;
  /**
   * Fields in the order of their weight; documents that are equal in all of them are sorted by id, in the direction of
   * the first.
   */
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  /** Absent: all. */
  readonly limit?: number;
  readonly skip?: number;
}

export interface CollectionDefinition {
  /** Letters and `_`. */
  readonly name: string;
  /**
   * Fields that hold a string, a number, a boolean or nothing in every document: only these are searched and sorted by
   * in the database itself.
   */
  readonly scalars: readonly string[];
  /** Lists of scalars that are often asked for together. */
  readonly indexes: readonly (readonly string[])[];
}

export interface Stored<T extends Document> {
  readonly id: string;
  readonly document: T;
}

export type Change<T extends Document> =
  | { readonly put: Stored<T> }
  /** Nothing there is fine. */
  | { readonly delete: string };

export interface Collection<T extends Document> {
  get(id: string): Promise<T | undefined>;
  /** FilterError when the filter is none. */
  find(query: Query): Promise<Stored<T>[]>;
  /**
   * Reads a document, changes it and stores it, with no other write in between. When `change` returns undefined nothing
   * is stored; when it throws, neither. Resolves with what is stored in the end.
   */
  update(id: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined>;
  /**
   * Each change as a whole, in order. When one of them is no JSON, none is made; when the store goes away in between,
   * those before may have been.
   */
  write(changes: readonly Change<T>[]): Promise<void>;
}

export interface Store {
  /** Whether several gateways may have it open at once. */
  readonly isShared: boolean;
  /** The collection of that name; made when missing. */
  collection<T extends Document>(definition: CollectionDefinition): Promise<Collection<T>>;
  close(): Promise<void>;
}

/** The store does not answer. Nothing is known of a write that was under way; whoever wrote asks again. */
export class StoreAwayError extends Problem {
  override readonly name = 'StoreAwayError';

  /** `where`: the store's address, without credentials. */
  constructor(where: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(503, 'store-away', `the store of task records at ${where} does not answer: ${why}`);
    this.cause = cause;
  }
}

/** The filter uses an operator that does not exist, or gives it something that it does not take. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly filter: Filter;

  constructor(filter: Filter, why: string) {
    super(`the filter ${JSON.stringify(filter)} cannot be used: ${why}`);
    this.filter = filter;
  }
}
