/**
 * Records in MongoDB, or in whatever speaks its protocol: a collection a collection, the document as fields beside its
 * `_id`. Several gateways may share one database, if its server makes conditional writes atomic, as MongoDB does. Needs
 * neither transactions, TTL indexes nor update pipelines.
 */
import {
  type Db,
  type FindCursor,
  MongoClient,
  type Collection as MongoCollection,
  MongoNetworkError,
  MongoServerSelectionError,
  ObjectId,
  type Sort,
} from 'mongodb';
import { LockHeldError } from '../../../../world/files.ts';
import type { World } from '../../../../world/world.ts';
import { KeyedLock } from '../../../keyed-lock.ts';
import { matcherOf, sortStored } from '../matching.ts';
import {
  type Change,
  type Collection,
  type CollectionDefinition,
  type Document,
  type Query,
  type Store,
  StoreAwayError,
  type Stored,
} from '../store.ts';
import { isDuplicate } from './duplicate.ts';
import { fromStored, toStored } from './names.ts';
import { narrow } from './narrow.ts';
import { Turn, turnMsDefault } from './turn.ts';

export interface MongoStoreOptions {
  readonly world: World;
  /** `mongodb://host:port/database?options`; the database is `fabric` when the URL names none. */
  readonly url: string;
  /** How long an operation may look for a server before it fails, ms. */
  readonly selectionDeadlineMs?: number;
  /** How long a killed gateway keeps others off where only one can be, ms; 10 s unless given. */
  readonly turnMs?: number;
}

const SELECTION_DEADLINE_MS = 5_000;
const namesDatabase = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/;

/**
 * Connects; StoreAwayError when nobody answers. A write is answered when a majority of the servers has it on disk.
 * Where conditional writes are not atomic there is one gateway: LockHeldError when another one lives, and after one
 * that was killed this takes the length of its turn.
 */
export async function openMongoStore({
  world,
  url,
  selectionDeadlineMs = SELECTION_DEADLINE_MS,
  turnMs = turnMsDefault,
}: MongoStoreOptions): Promise<Store> {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: selectionDeadlineMs,
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    ignoreUndefined: true,
  });
  const database = client.db(namesDatabase.test(url) ? undefined : 'fabric');
  try {
    await client.connect();
    await database.command({ ping: 1 });
    const isShared = !('ferretdbVersion' in (await database.command({ buildInfo: 1 })));
    const turn = isShared ? undefined : await Turn.take({ world, database, where: where(url), turnMs });
    return new MongoStore(client, database, where(url), turn);
  } catch (error) {
    await client.close();
    throw error instanceof LockHeldError ? error : new StoreAwayError(where(url), error);
  }
}

class MongoStore implements Store {
  readonly isShared: boolean;
  readonly #client: MongoClient;
  readonly #database: Db;
  readonly #where: string;
  readonly #turn: Turn | undefined;

  constructor(client: MongoClient, database: Db, where: string, turn: Turn | undefined) {
    this.#client = client;
    this.#database = database;
    this.#where = where;
    this.#turn = turn;
    this.isShared = turn === undefined;
  }

  async collection<T extends Document>(definition: CollectionDefinition): Promise<Collection<T>> {
    const collection = this.#database.collection<StoredDocument>(definition.name);
    await away(this.#where, async () => {
      for (const fields of definition.indexes) {
        await collection.createIndex(Object.fromEntries([...fields, '_id'].map((field) => [field, 1])));
      }
    });
    const mayWrite = () => away(this.#where, async () => this.#turn?.demand());
    return new MongoStoreCollection<T>(collection, new Set(definition.scalars), this.#where, mayWrite);
  }

  async close(): Promise<void> {
    // The server may be away: then the turn ends by itself.
    await this.#turn?.release().catch(() => undefined);
    await this.#client.close();
  }
}

interface StoredDocument {
  readonly _id: string;
  /** Another one with every write: what a write may be made conditional upon. */
  readonly _revision: string;
}

class MongoStoreCollection<T extends Document> implements Collection<T> {
  readonly #collection: MongoCollection<StoredDocument>;
  readonly #scalars: ReadonlySet<string>;
  readonly #where: string;
  readonly #mayWrite: () => Promise<void>;
  readonly #locks = new KeyedLock();

  /** `mayWrite` rejects when another gateway has taken over. */
  constructor(
    collection: MongoCollection<StoredDocument>,
    scalars: ReadonlySet<string>,
    where: string,
    mayWrite: () => Promise<void>,
  ) {
    this.#collection = collection;
    this.#scalars = scalars;
    this.#where = where;
    this.#mayWrite = mayWrite;
  }

  async get(id: string): Promise<T | undefined> {
    return (await this.#read(id))?.document;
  }

  async find(query: Query): Promise<Stored<T>[]> {
    matcherOf(query.filter ?? {});
    const { filter, isExact } = narrow(query.filter ?? {}, this.#scalars);
    const isSortable = Object.keys(query.sort ?? {}).every((field) => this.#scalars.has(field));
    if (query.limit === 0) return [];
    const { skip = 0, limit } = query;
    return away(this.#where, async () => {
      const cursor = this.#collection.find(filter);
      if (!isSortable)
        return pageOf(sortStored(await this.#judged(cursor, query, Number.POSITIVE_INFINITY), query.sort), query);
      cursor.sort(sortOf(query.sort));
      if (!isExact)
        return pageOf(
          await this.#judged(cursor, query, limit === undefined ? Number.POSITIVE_INFINITY : skip + limit),
          query,
        );
      cursor.skip(skip);
      if (limit !== undefined) cursor.limit(limit);
      return (await cursor.toArray()).map(documentOf<T>);
    });
  }

  async update(id: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined> {
    // Within one gateway in turn: fewer vain attempts, and right also on servers whose conditional writes are not
    // atomic (FerretDB 1).
    return this.#locks.run(id, () => this.#update(id, change));
  }

  async #update(id: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined> {
    for (;;) {
      const current = await this.#read(id);
      const changed = change(current?.document);
      if (changed === undefined) return current?.document;
      await this.#mayWrite();
      // Somebody else's write in between: again, from what he wrote.
      if (await this.#replace(id, current?.revision, changed)) return changed;
    }
  }

  async write(changes: readonly Change<T>[]): Promise<void> {
    const operations = changes.map((change) => operationOf(this.#collection, change));
    await this.#mayWrite();
    for (const operation of operations) await away(this.#where, operation);
  }

  async #read(id: string): Promise<{ readonly document: T; readonly revision: string } | undefined> {
    const stored = await away(this.#where, () => this.#collection.findOne({ _id: id }));
    return stored ? { document: documentOf<T>(stored).document, revision: stored._revision } : undefined;
  }

  /** False when the document is no longer the one of that revision. */
  async #replace(id: string, revision: string | undefined, document: T): Promise<boolean> {
    const next = fieldsOf(document);
    return away(this.#where, async () => {
      if (revision === undefined) return this.#insert({ _id: id, ...next });
      const { matchedCount } = await this.#collection.replaceOne({ _id: id, _revision: revision }, next);
      return matchedCount === 1;
    });
  }

  async #insert(document: StoredDocument): Promise<boolean> {
    try {
      await this.#collection.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Reads until the limit is reached; the filter judges each document once more. */
  async #judged(cursor: FindCursor<StoredDocument>, query: Query, enough: number): Promise<Stored<T>[]> {
    const matches = matcherOf(query.filter ?? {});
    const found: Stored<T>[] = [];
    for await (const stored of cursor) {
      const each = documentOf<T>(stored);
      if (matches(each.document)) found.push(each);
      if (found.length >= enough) break;
    }
    return found;
  }
}

/** The change, made ready to be sent: what is no JSON is found here. */
function operationOf<T extends Document>(
  collection: MongoCollection<StoredDocument>,
  change: Change<T>,
): () => Promise<unknown> {
  if ('delete' in change) return () => collection.deleteOne({ _id: change.delete });
  const { id, document } = change.put;
  const fields = fieldsOf(document);
  return () => collection.replaceOne({ _id: id }, fields, { upsert: true });
}

function fieldsOf(document: Document): Omit<StoredDocument, '_id'> {
  return { ...(toStored(document) as object), _revision: new ObjectId().toHexString() };
}

function documentOf<T extends Document>({ _id: id, _revision: _, ...fields }: StoredDocument): Stored<T> {
  return { id, document: fromStored(fields) as T };
}

/** By id at last, in the direction of the first field. */
function sortOf(sort: Query['sort'] = {}): Sort {
  return { ...sort, _id: Object.values(sort)[0] ?? 1 };
}

function pageOf<T>(found: T[], { skip = 0, limit }: Query): T[] {
  return found.slice(skip, limit === undefined ? undefined : skip + limit);
}

/** What a lost connection throws becomes a StoreAwayError. */
async function away<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isAway = error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
    throw isAway ? new StoreAwayError(where, error) : error;
  }
}

/** The URL's hosts, without user and password. */
function where(url: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^/?]*).*$/, '$1$2');
}
