/**
 * Records in SQLite (`node:sqlite`): a table a collection, documents as JSON, indexes on expressions. SQLite looks up,
 * sorts and limits as far as it means the same as MongoDB; the rest is judged document by document as they come, and
 * reading stops at the limit.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { World } from '../../../../world/world.ts';
import { matcherOf, sortStored } from '../matching.ts';
import type { Change, Collection, CollectionDefinition, Document, Query, Store, Stored } from '../store.ts';
import { type Condition, fieldSql, type SqlValue, translate } from './translate.ts';

/** Opens a store on a database that stays open when the store is closed, or on one in memory. */
export function openEmbeddedStore(database: DatabaseSync | ':memory:'): Store {
  if (typeof database !== 'string') return new EmbeddedStore(database, async () => undefined);
  const opened = new DatabaseSync(database);
  return new EmbeddedStore(opened, async () => opened.close());
}

/**
 * Opens a store in a file of its own, made when missing. It has one gateway: LockHeldError when another one has it
 * open. What was answered outlives a kill and a loss of power.
 */
export async function openEmbeddedFile(world: World, file: string): Promise<Store> {
  const lock = await world.files.lock(`${file}.lock`, world.name);
  try {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
    return new EmbeddedStore(database, async () => {
      database.close();
      await lock.release();
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

class EmbeddedStore implements Store {
  readonly isShared = false;
  readonly #database: DatabaseSync;
  readonly #close: () => Promise<void>;

  constructor(database: DatabaseSync, close: () => Promise<void>) {
    this.#database = database;
    this.#close = close;
  }

  async collection<T extends Document>(definition: CollectionDefinition): Promise<Collection<T>> {
    return new EmbeddedCollection<T>(this.#database, definition);
  }

  async close(): Promise<void> {
    await this.#close();
  }
}

interface TableRow {
  readonly id: string;
  readonly document: string;
}

class EmbeddedCollection<T extends Document> implements Collection<T> {
  readonly #database: DatabaseSync;
  readonly #table: string;
  readonly #scalars: ReadonlySet<string>;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, definition: CollectionDefinition) {
    checkNames([definition.name, ...definition.scalars, ...definition.indexes.flat()]);
    this.#database = database;
    this.#table = `"${definition.name}"`;
    this.#scalars = new Set(definition.scalars);
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${this.#table} (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID`,
    );
    for (const fields of definition.indexes) {
      const name = `"${definition.name} by ${fields.join(' ')}"`;
      database.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${this.#table} (${fields.map(fieldSql).join(', ')}, id)`);
    }
  }

  async get(id: string): Promise<T | undefined> {
    return this.#read(id);
  }

  async find(query: Query): Promise<Stored<T>[]> {
    const condition = translate(query.filter ?? {}, this.#scalars);
    const isSortable = Object.keys(query.sort ?? {}).every((field) => this.#scalars.has(field));
    if (!isSortable) {
      const matches = matcherOf(query.filter ?? {});
      const found = [...this.#select(condition, '', [])].filter(({ document }) => matches(document));
      return page(sortStored(found, query.sort), query);
    }
    const order = orderSql(query.sort);
    if (condition.isExact) {
      const limits = ['LIMIT ? OFFSET ?', [query.limit ?? -1, query.skip ?? 0]] as const;
      return [...this.#select(condition, `${order} ${limits[0]}`, limits[1])];
    }
    return this.#judge(this.#select(condition, order, []), matcherOf(query.filter ?? {}), query);
  }

  async update(id: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined> {
    const current = this.#read(id);
    const changed = change(current);
    if (changed === undefined) return current;
    this.#put({ id, document: changed });
    return changed;
  }

  async write(changes: readonly Change<T>[]): Promise<void> {
    this.#database.exec('BEGIN');
    try {
      for (const change of changes) {
        if ('put' in change) this.#put(change.put);
        else this.#statement(`DELETE FROM ${this.#table} WHERE id = ?`).run(change.delete);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #judge(rows: Iterable<Stored<T>>, matches: (document: Document) => boolean, query: Query): Stored<T>[] {
    const found: Stored<T>[] = [];
    let toSkip = query.skip ?? 0;
    const limit = query.limit ?? Number.POSITIVE_INFINITY;
    if (limit === 0) return found;
    for (const row of rows) {
      if (!matches(row.document)) continue;
      if (toSkip-- > 0) continue;
      found.push(row);
      if (found.length >= limit) break;
    }
    return found;
  }

  *#select(condition: Condition, ending: string, values: readonly SqlValue[]): Generator<Stored<T>> {
    const sql = `SELECT id, document FROM ${this.#table} WHERE ${condition.sql} ${ending}`;
    const rows = this.#statement(sql).iterate(...condition.values, ...values) as Iterable<unknown>;
    for (const row of rows) {
      const { id, document } = row as TableRow;
      yield { id, document: JSON.parse(document) as T };
    }
  }

  #read(id: string): T | undefined {
    const row = this.#statement(`SELECT document FROM ${this.#table} WHERE id = ?`).get(id);
    return row && (JSON.parse((row as unknown as TableRow).document) as T);
  }

  #put({ id, document }: Stored<T>): void {
    const sql = `INSERT INTO ${this.#table} (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document`;
    this.#statement(sql).run(id, JSON.stringify(document));
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    if (this.#statements.size >= statementsMaximum) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

const statementsMaximum = 500;

function orderSql(sort: Query['sort'] = {}): string {
  const fields = Object.entries(sort);
  const idDirection = fields[0]?.[1] ?? 1;
  const terms = [
    ...fields.map(([field, direction]) => [fieldSql(field), direction] as const),
    ['id', idDirection] as const,
  ];
  return `ORDER BY ${terms.map(([sql, direction]) => `${sql} ${direction === 1 ? 'ASC' : 'DESC'}`).join(', ')}`;
}

function page<T>(found: T[], query: Query): T[] {
  const skip = query.skip ?? 0;
  return found.slice(skip, query.limit === undefined ? undefined : skip + query.limit);
}

/** Names stand in SQL as they are. */
function checkNames(names: readonly string[]): void {
  const wrong = names.find((name) => !/^[A-Za-z_]+$/.test(name));
  if (wrong !== undefined)
    throw new Error(`${JSON.stringify(wrong)} is no name of a collection or field: use letters and "_"`);
}
