/**
 * Objects in a folder of the World's files. An entry names the file of its bytes (`entries.ts`), so a new object
 * appears at once and whole, and a reader keeps the bytes that it opened. The folder is locked by whoever has opened
 * it. What a killed process left, drafts (`drafts.ts`) and bytes that no entry names, is removed under that lock.
 */

import { type FileLock, FileNotFoundError } from '../../../../world/files.ts';
import type { World } from '../../../../world/world.ts';
import { KeyedLock } from '../../../keyed-lock.ts';
import {
  type BlobInfo,
  BlobOffsetError,
  type Blobs,
  type ByteRange,
  checkKey,
  clip,
  type ListBlobsOptions,
  type OpenBlob,
  type PutOptions,
} from '../blobs.ts';
import { etagOf, hashed } from '../hashed.ts';
import { appendAll, Drafts } from './drafts.ts';
import { Entries, type Entry } from './entries.ts';
import { ExpiryQueue } from './expiry-queue.ts';

/** How often an object may be replaced between looking it up and opening it. */
const replacedMeanwhileMaximum = 20;

interface FolderBlobsOptions {
  readonly world: World;
  /** Absolute path; made when missing. One service a folder. */
  readonly folder: string;
}

/**
 * Locks the folder, removes what a killed process left and learns what expires when. LockHeldError when another service
 * has the folder open: then nothing in it is touched.
 */
export async function openFolderBlobs(options: FolderBlobsOptions): Promise<Blobs> {
  const { world, folder } = options;
  const lock = await world.files.lock(`${folder}/lock`, world.name);
  const blobs = new FolderBlobs(options, lock);
  try {
    await blobs.recover();
  } catch (error) {
    await lock.release();
    throw error;
  }
  return blobs;
}

class FolderBlobs implements Blobs {
  readonly #world: World;
  readonly #lock: FileLock;
  readonly #dataFolder: string;
  readonly #drafts: Drafts;
  readonly #entries: Entries;
  readonly #locks = new KeyedLock();
  readonly #expiries = new ExpiryQueue();

  constructor({ world, folder }: FolderBlobsOptions, lock: FileLock) {
    this.#world = world;
    this.#lock = lock;
    this.#dataFolder = `${folder}/data`;
    this.#drafts = new Drafts(world, `${folder}/drafts`);
    this.#entries = new Entries(world.files, `${folder}/keys`, this.#drafts);
  }

  async recover(): Promise<void> {
    await this.#drafts.sweep();
    const named = new Set<string>();
    for await (const entry of this.#entries.under('')) {
      named.add(entry.data);
      if (entry.expiresAt !== undefined) this.#expiries.add(entry.key, entry.expiresAt);
    }
    for (const name of await this.#world.files.list(this.#dataFolder)) {
      if (!named.has(name)) await this.#world.files.remove(this.#dataPath(name));
    }
    await this.#entries.prune();
  }

  async put(key: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<BlobInfo> {
    checkKey(key);
    const bytes = hashed(source);
    const draft = await this.#drafts.write(bytes.source);
    return this.#locks.run(key, () => this.#swap(key, draft, options, bytes.sha256()));
  }

  async get(key: string, choose?: (info: BlobInfo) => ByteRange, inPassing?: boolean): Promise<OpenBlob | undefined> {
    for (let attempt = 0; attempt < replacedMeanwhileMaximum; attempt++) {
      const entry = await this.#live(key);
      if (!entry) return undefined;
      const info = await this.#info(entry);
      if (!info) continue;
      const range = clip(choose ? choose(info) : { start: 0, end: info.sizeBytes }, info.sizeBytes);
      const stream = await this.#open(entry.data, range, inPassing);
      if (stream) return { info, range, stream };
    }
    throw new Error(`the bytes of ${key} are missing in ${this.#dataFolder}: delete the object or store it again`);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const entry = await this.#live(key);
    return entry && this.#info(entry);
  }

  async list(prefix: string, options: ListBlobsOptions = {}): Promise<BlobInfo[]> {
    const found: Entry[] = [];
    for await (const entry of this.#entries.under(prefix)) if (!this.#hasExpired(entry)) found.push(entry);
    found.sort((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
    const skip = options.skip ?? 0;
    const page = found.slice(skip, skip + (options.limit ?? found.length));
    const infos = await Promise.all(page.map((entry) => this.#info(entry)));
    return infos.filter((info) => info !== undefined);
  }

  async delete(key: string): Promise<boolean> {
    return this.#locks.run(key, async () => {
      const entry = await this.#entries.read(key);
      if (!entry) return false;
      await this.#entries.remove(key);
      await this.#world.files.remove(this.#dataPath(entry.data));
      return !this.#hasExpired(entry);
    });
  }

  async append(key: string, offset: number, bytes: Uint8Array, options: PutOptions): Promise<BlobInfo> {
    checkKey(key);
    return this.#locks.run(key, async () => {
      const entry = await this.#live(key);
      const info = entry && (await this.#info(entry));
      const sizeBytes = info?.sizeBytes ?? 0;
      if (offset > sizeBytes) throw new BlobOffsetError(key, offset, sizeBytes);
      if (!entry || !info) return this.#swap(key, await this.#drafts.write([bytes]), options);
      const fresh = await this.#behind(entry, offset, sizeBytes, bytes);
      if (fresh === undefined) {
        return this.#swap(key, await this.#drafts.write(this.#spliced(entry, offset, bytes)), options);
      }
      if (fresh.length === 0) return this.#touch(entry, options);
      // A checksum must not outlive the bytes that it was taken of.
      const { sha256, ...grown } = entry;
      if (sha256 !== undefined) await this.#write(grown);
      await appendAll(this.#world, this.#dataPath(entry.data), [fresh]);
      return this.#touch(grown, options);
    });
  }

  /** A file has its final form at all times. */
  async seal(): Promise<void> {}

  async flush(key: string): Promise<void> {
    const entry = await this.#live(key);
    if (entry) await this.#world.files.sync(this.#dataPath(entry.data));
  }

  async removeExpired(): Promise<number> {
    await this.#drafts.sweep();
    let count = 0;
    for (const key of this.#expiries.take(this.#world.clock.now())) {
      count += await this.#locks.run(key, () => this.#removeIfExpired(key));
    }
    return count;
  }

  async close(): Promise<void> {
    await this.#lock.release();
  }

  async #removeIfExpired(key: string): Promise<number> {
    const entry = await this.#entries.read(key);
    if (!entry || !this.#hasExpired(entry)) return 0;
    await this.#entries.remove(key);
    await this.#world.files.remove(this.#dataPath(entry.data));
    return 1;
  }

  /** The bytes that the object lacks, or undefined when what it has from `offset` on is something else. */
  async #behind(entry: Entry, offset: number, sizeBytes: number, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (sizeBytes === offset) return bytes;
    const common = Math.min(sizeBytes - offset, bytes.length);
    const present = await this.#world.files.read(this.#dataPath(entry.data), offset, offset + common);
    return present.equals(bytes.subarray(0, common)) ? bytes.subarray(common) : undefined;
  }

  async *#spliced(entry: Entry, offset: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield* this.#world.files.readStream(this.#dataPath(entry.data), 0, offset);
    yield bytes;
  }

  /**
   * Makes the draft the key's bytes and removes the former ones. FileNotFoundError when the draft has gone: nothing
   * changes then.
   */
  async #swap(key: string, draft: string, options: PutOptions, sha256?: string): Promise<BlobInfo> {
    const before = await this.#entries.read(key);
    const now = this.#world.clock.now();
    const data = await this.#freeDataName(draft);
    await this.#drafts.publish(draft, this.#dataPath(data));
    const { contentType } = options;
    const entry: Entry = { key, data, contentType, sha256, modifiedAt: now, ...expiry(options, now) };
    try {
      await this.#write(entry);
    } catch (error) {
      await this.#world.files.remove(this.#dataPath(data));
      throw error;
    }
    if (before) await this.#world.files.remove(this.#dataPath(before.data));
    return this.#infoOf(entry, await this.#sizeOf(data));
  }

  /** After an append: writes the entry only when a quarter of its time to live has passed, or its type changed. */
  async #touch(entry: Entry, options: PutOptions): Promise<BlobInfo> {
    const now = this.#world.clock.now();
    const touched: Entry = { ...entry, contentType: options.contentType, modifiedAt: now, ...expiry(options, now) };
    const shift = Math.abs((touched.expiresAt ?? 0) - (entry.expiresAt ?? 0));
    if (touched.contentType !== entry.contentType || shift > ((options.ttlSeconds ?? 0) * 1000) / 4) {
      await this.#write(touched);
    }
    return this.#infoOf(touched, await this.#sizeOf(entry.data));
  }

  async #write(entry: Entry): Promise<void> {
    await this.#entries.write(entry);
    if (entry.expiresAt !== undefined) this.#expiries.add(entry.key, entry.expiresAt);
  }

  /** A name that no file has: a restarted process may draw the same numbers again. */
  async #freeDataName(name: string): Promise<string> {
    return (await this.#world.files.status(this.#dataPath(name))) ? this.#freeDataName(`${name}0`) : name;
  }

  /** Reads the first chunk, so that the file is open before anybody can remove it; undefined if it has gone already. */
  async #open(data: string, range: ByteRange, inPassing?: boolean): Promise<AsyncIterable<Buffer> | undefined> {
    const { start, end } = range;
    const chunks = this.#world.files.readStream(this.#dataPath(data), start, end, inPassing)[Symbol.asyncIterator]();
    try {
      return resumed(await chunks.next(), chunks);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  async #live(key: string): Promise<Entry | undefined> {
    const entry = await this.#entries.read(key);
    return entry && !this.#hasExpired(entry) ? entry : undefined;
  }

  #hasExpired(entry: Entry): boolean {
    return entry.expiresAt !== undefined && entry.expiresAt <= this.#world.clock.now();
  }

  async #info(entry: Entry): Promise<BlobInfo | undefined> {
    const status = await this.#world.files.status(this.#dataPath(entry.data));
    return status && this.#infoOf(entry, status.sizeBytes);
  }

  #infoOf(entry: Entry, sizeBytes: number): BlobInfo {
    const { key, contentType, modifiedAt, expiresAt, sha256 } = entry;
    const etag = sha256 === undefined ? `"${entry.data}-${sizeBytes}"` : etagOf(sha256);
    const expiry = expiresAt === undefined ? {} : { expiresAt };
    return { key, sizeBytes, contentType, etag, ...(sha256 === undefined ? {} : { sha256 }), modifiedAt, ...expiry };
  }

  async #sizeOf(data: string): Promise<number> {
    const status = await this.#world.files.status(this.#dataPath(data));
    if (!status) throw new FileNotFoundError(this.#dataPath(data));
    return status.sizeBytes;
  }

  #dataPath(name: string): string {
    return `${this.#dataFolder}/${name}`;
  }
}

function expiry(options: PutOptions, now: number): { expiresAt?: number } {
  return options.ttlSeconds === undefined ? { expiresAt: undefined } : { expiresAt: now + options.ttlSeconds * 1000 };
}

async function* resumed(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
