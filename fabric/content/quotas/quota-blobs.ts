/**
 * An object store that refuses uploads which a project has no room for. What services append, the logs of runs, counts
 * and is never refused: a run's log is not lost because its project is full.
 */
import type { World } from '../../../world/world.ts';
import { Problem } from '../../http/index.ts';
import type { BlobInfo, Blobs, PutOptions } from '../blobs/blobs.ts';
import { projectOfKey, projectPrefix } from '../keys.ts';
import { Account } from './account.ts';

/** Bytes that a project may hold: those of its own name, else those of all. Absent: as many as there is room for. */
export interface Quotas {
  readonly allBytes?: number;
  readonly bytesByProject?: ReadonlyMap<string, number>;
}

/** The store with these quotas. Whoever closes it closes that store. */
export function withQuotas(blobs: Blobs, quotas: Quotas, world: World): Blobs {
  const books = new Books(blobs, () => world.clock.now());
  return {
    async put(key, source, options) {
      const project = projectOfKey(key);
      const limit = project === undefined ? undefined : (quotas.bytesByProject?.get(project) ?? quotas.allBytes);
      if (project === undefined || limit === undefined) return blobs.put(key, source, options);
      const account = await books.accountOf(project);
      return putWithin({ blobs, books, account, project, limit }, key, source, options);
    },
    async append(key, offset, bytes, options) {
      const info = await blobs.append(key, offset, bytes, options);
      books.note(key, info);
      return info;
    },
    async delete(key) {
      const wasThere = await blobs.delete(key);
      books.note(key, undefined);
      return wasThere;
    },
    get: (key, choose) => blobs.get(key, choose),
    head: (key) => blobs.head(key),
    list: (prefix, options) => blobs.list(prefix, options),
    seal: (key) => blobs.seal(key),
    flush: (key) => blobs.flush(key),
    removeExpired: () => blobs.removeExpired(),
    close: () => blobs.close(),
  };
}

interface Within {
  readonly blobs: Blobs;
  readonly books: Books;
  readonly account: Account;
  readonly project: string;
  readonly limit: number;
}

/** Breaks the upload with a Problem (507) as soon as it has more bytes than there is room for. */
async function putWithin(
  { blobs, books, account, project, limit }: Within,
  key: string,
  source: AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<BlobInfo> {
  let taken = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      taken += chunk.length;
      account.upload(chunk.length);
      if (account.bytesWith(key) > limit) throw exceeded(project, limit, account.objectBytes);
      yield chunk;
    }
  }
  try {
    const info = await blobs.put(key, counted(), options);
    books.note(key, info);
    return info;
  } finally {
    account.upload(-taken);
  }
}

function exceeded(project: string, limit: number, objectBytes: number): Problem {
  const message =
    `quota exceeded: project ${project} may hold ${limit} bytes of content and holds ${objectBytes}, ` +
    'the upload and those beside it are more than the rest: delete content, or ask for a larger quota';
  return new Problem(507, 'quota-exceeded', message);
}

/** The accounts of the projects that have uploaded since the service was started. */
class Books {
  readonly #blobs: Blobs;
  readonly #now: () => number;
  readonly #accounts = new Map<string, Promise<Account>>();
  readonly #open = new Map<string, Account>();
  /** What changed while a project was being counted; it is newer than the list. */
  readonly #changes = new Map<string, Map<string, BlobInfo | undefined>>();

  constructor(blobs: Blobs, now: () => number) {
    this.#blobs = blobs;
    this.#now = now;
  }

  accountOf(project: string): Promise<Account> {
    const known = this.#accounts.get(project);
    if (known) return known;
    const counting = this.#count(project).catch((error: unknown) => {
      this.#accounts.delete(project);
      throw error;
    });
    this.#accounts.set(project, counting);
    return counting;
  }

  note(key: string, info: BlobInfo | undefined): void {
    const project = projectOfKey(key);
    if (project === undefined) return;
    this.#open.get(project)?.set(key, info);
    this.#changes.get(project)?.set(key, info);
  }

  async #count(project: string): Promise<Account> {
    const changes = new Map<string, BlobInfo | undefined>();
    this.#changes.set(project, changes);
    try {
      const account = new Account(this.#now);
      for (const info of await this.#blobs.list(projectPrefix(project))) account.set(info.key, info);
      for (const [key, info] of changes) account.set(key, info);
      this.#open.set(project, account);
      return account;
    } finally {
      this.#changes.delete(project);
    }
  }
}
