/**
 * Objects in a bucket of S3, or of any server that speaks its protocol. Ordinary objects are ordinary there too; what
 * is appended to grows in segments (`growing.ts`) once it is no longer small, and is sealed in the end. One service a
 * bucket and prefix. What has expired is invisible at once, and removed by the bucket itself within a day or two (tags
 * and lifecycle).
 */
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
import { hashed } from '../hashed.ts';
import { type BucketAddress, shownAddress } from './address.ts';
import { Bucket } from './bucket.ts';
import { expiresAtOf, expiryDays, type Found, factsOf, type GrowingFound, infoOf, markerFacts } from './facts.ts';
import { type Growing, newGrowingId, readRange, SegmentMissingError, seal, segmentName, sizeOf } from './growing.ts';
import { Lease, leaseMsDefault } from './lease.ts';
import { Locator, segmentFacts } from './locator.ts';
import { nameOf } from './names.ts';
import { newOutcomeId, Outcomes } from './outcomes.ts';
import { upload } from './upload.ts';

/** What is smaller is written anew with each append, as a whole or as the last segment. */
const smallBytes = 256 * 1024;
/** A growing object to which nothing was appended for so long is sealed, ms. */
const idleMs = 600_000;
const headsAtOnce = 16;
const replacedMeanwhileMaximum = 20;

/**
 * An upload in parts that was begun so long ago and is nobody's is aborted, ms: somebody else may use the bucket too.
 */
const uploadLeftMs = 3_600_000;

export interface S3BlobsOptions {
  readonly world: World;
  readonly address: BucketAddress;
  /** How long a killed service keeps others off, ms; 10 s unless given. */
  readonly leaseMs?: number;
}

/**
 * Makes the bucket when it is missing, takes its lease, and removes what a killed process left. LockHeldError when
 * another service lives there; after one that was killed this takes the length of the lease.
 */
export async function openS3Blobs({ world, address, leaseMs = leaseMsDefault }: S3BlobsOptions): Promise<Blobs> {
  const bucket = new Bucket(world, address);
  await bucket.makeIfMissing();
  const lease = await Lease.take(world, bucket, shownAddress(address), leaseMs);
  try {
    await bucket.expireByTag(expiryDays);
    const outcomes = new Outcomes(bucket);
    const locator = new Locator(world, bucket, outcomes);
    await locator.recover();
    return new S3Blobs({ world, bucket, locator, outcomes, lease });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

interface Parts {
  readonly world: World;
  readonly bucket: Bucket;
  readonly locator: Locator;
  readonly outcomes: Outcomes;
  readonly lease: Lease;
}

class S3Blobs implements Blobs {
  readonly #world: World;
  readonly #bucket: Bucket;
  readonly #locator: Locator;
  readonly #outcomes: Outcomes;
  readonly #lease: Lease;
  readonly #locks = new KeyedLock();

  constructor({ world, bucket, locator, outcomes, lease }: Parts) {
    this.#world = world;
    this.#bucket = bucket;
    this.#locator = locator;
    this.#outcomes = outcomes;
    this.#lease = lease;
  }

  async put(key: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<BlobInfo> {
    checkKey(key);
    await this.#lease.demand();
    await this.#locator.note(key, factsOf(options, this.#now));
    const bytes = hashed(source);
    const id = newOutcomeId(this.#world);
    const facts = factsOf(options, this.#now, { outcome: id });
    const pending = await upload(this.#bucket, nameOf(key), bytes.source, {
      whole: () => factsOf(options, this.#now, { sha256: bytes.sha256() }),
      parts: facts,
    });
    try {
      return await this.#locks.run(key, async () => {
        await this.#lease.demand();
        return this.#swap(key, async (before) => {
          if (!pending.isInParts) return pending.commit();
          const outcome = { id, sha256: bytes.sha256(), modifiedAt: this.#now };
          const former = before?.kind === 'whole' ? before.outcome : undefined;
          await this.#outcomes.write(key, outcome, former, facts.days);
          await pending.commit();
        });
      });
    } catch (error) {
      await pending.abandon().catch(() => undefined);
      throw error;
    }
  }

  async get(key: string, choose?: (info: BlobInfo) => ByteRange): Promise<OpenBlob | undefined> {
    for (let attempt = 0; attempt < replacedMeanwhileMaximum; attempt++) {
      const found = await this.#locator.live(key);
      if (!found) return undefined;
      const info = infoOf(key, found);
      const range = clip(choose ? choose(info) : { start: 0, end: info.sizeBytes }, info.sizeBytes);
      const stream = await this.#open(key, found, range);
      if (stream) return { info, range, stream };
    }
    throw new Error(`${key} was replaced ${replacedMeanwhileMaximum} times while it was opened: ask again`);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const found = await this.#locator.live(key);
    return found && infoOf(key, found);
  }

  async list(
    prefix: string,
    { limit = Number.POSITIVE_INFINITY, skip = 0 }: ListBlobsOptions = {},
  ): Promise<BlobInfo[]> {
    const keys = await this.#locator.keysUnder(prefix);
    keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const infos: BlobInfo[] = [];
    for (let from = 0; from < keys.length && infos.length < skip + limit; from += headsAtOnce) {
      const some = await Promise.all(keys.slice(from, from + headsAtOnce).map((key) => this.head(key)));
      infos.push(...some.filter((info) => info !== undefined));
    }
    return infos.slice(skip, skip + limit);
  }

  async delete(key: string): Promise<boolean> {
    return this.#locks.run(key, async () => {
      await this.#lease.demand();
      const isLive = (await this.#locator.live(key)) !== undefined;
      await this.#locator.remove(key);
      return isLive;
    });
  }

  async append(key: string, offset: number, bytes: Uint8Array, options: PutOptions): Promise<BlobInfo> {
    checkKey(key);
    return this.#locks.run(key, async () => {
      await this.#lease.demand();
      const found = await this.#locator.live(key);
      if (!found) await this.#locator.note(key, factsOf(options, this.#now));
      const sizeBytes = found ? infoOf(key, found).sizeBytes : 0;
      if (offset > sizeBytes) throw new BlobOffsetError(key, offset, sizeBytes);
      const fresh = found && (await this.#behind(key, found, offset, bytes));
      if (!found) return this.#write(key, undefined, 0, bytes, options);
      return fresh === undefined
        ? this.#write(key, found, offset, bytes, options)
        : this.#write(key, found, sizeBytes, fresh, options);
    });
  }

  async seal(key: string): Promise<void> {
    await this.#locks.run(key, async () => {
      await this.#lease.demand();
      const found = await this.#locator.live(key);
      if (found?.kind === 'growing') await this.#seal(key, found);
    });
  }

  /** A server of S3 answers when it has the bytes on its disks. */
  async flush(): Promise<void> {}

  async removeExpired(): Promise<number> {
    await this.#lease.demand();
    await this.#abortLeftUploads();
    let count = 0;
    for (const key of this.#locator.growingKeys()) count += await this.#locks.run(key, () => this.#tidy(key));
    return count;
  }

  async close(): Promise<void> {
    await this.#lease.release();
  }

  async #abortLeftUploads(): Promise<void> {
    for (const { name, id, begunAt } of await this.#bucket.unfinishedUploads()) {
      if (this.#bucket.isUnderWay(id) || begunAt + uploadLeftMs > this.#now) continue;
      await this.#bucket.abortUpload(name, id);
    }
  }

  get #now(): number {
    return this.#world.clock.now();
  }

  /** Removes a growing object that has expired, seals one to which nothing comes any more; how many were removed. */
  async #tidy(key: string): Promise<number> {
    const found = await this.#locator.find(key);
    if (found?.kind !== 'growing') return 0;
    if (expiresAtOf(found) <= this.#now) {
      await this.#locator.remove(key);
      return 1;
    }
    if (found.growing.modifiedAt + idleMs <= this.#now) await this.#seal(key, found);
    return 0;
  }

  async #seal(key: string, found: GrowingFound): Promise<void> {
    const { contentType, ttlSeconds, growing } = found;
    const facts = factsOf({ contentType, ttlSeconds }, growing.modifiedAt, { grownFrom: growing.id });
    await this.#swap(key, () => seal(this.#bucket, nameOf(key), growing, facts));
  }

  /** Lets `commit` replace the key's object, and removes what stood beside the former one. */
  async #swap(key: string, commit: (before: Found | undefined) => Promise<void>): Promise<BlobInfo> {
    const before = await this.#locator.find(key);
    await commit(before);
    this.#locator.forget(key);
    const after = await this.#locator.find(key);
    if (!after) throw new Error(`${key} was deleted from the bucket by somebody else while it was written`);
    const hasOutcome = after.kind === 'whole' && after.outcome !== undefined;
    if (before?.kind === 'growing' || !hasOutcome) await this.#locator.removeBeside(key, before);
    return infoOf(key, after);
  }

  /** The bytes that the object lacks, or undefined when what it has from `offset` on is something else. */
  async #behind(key: string, found: Found, offset: number, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const common = Math.min(infoOf(key, found).sizeBytes - offset, bytes.length);
    if (common === 0) return bytes;
    const present = await this.#read(key, found, { start: offset, end: offset + common });
    return present.equals(bytes.subarray(0, common)) ? bytes.subarray(common) : undefined;
  }

  /** Makes the object its first `offset` bytes and then `bytes`. */
  async #write(
    key: string,
    found: Found | undefined,
    offset: number,
    bytes: Uint8Array,
    options: PutOptions,
  ): Promise<BlobInfo> {
    if (offset + bytes.length <= smallBytes && found?.kind !== 'growing') {
      const whole = Buffer.concat([await this.#read(key, found, { start: 0, end: offset }), bytes]);
      return this.#swap(
        key,
        async () => void (await this.#bucket.put(nameOf(key), whole, factsOf(options, this.#now))),
      );
    }
    if (found?.kind === 'growing' && offset === sizeOf(found.growing)) return this.#grow(key, found, bytes, options);
    const growing = await this.#begin(key, found, offset);
    const begun: GrowingFound = { kind: 'growing', growing, contentType: '', ttlSeconds: options.ttlSeconds };
    return this.#grow(key, begun, bytes, options, found);
  }

  /** Appends to segments; the marker follows when it has to say something new. */
  async #grow(
    key: string,
    found: GrowingFound,
    bytes: Uint8Array,
    options: PutOptions,
    replaced?: Found,
  ): Promise<BlobInfo> {
    const { growing } = found;
    const last = growing.segments.at(-1);
    const isRewritten = last !== undefined && last.sizeBytes < smallBytes && bytes.length > 0;
    const offset = isRewritten ? last.offset : sizeOf(growing);
    const before = { start: offset, end: sizeOf(growing) };
    const segment = isRewritten ? Buffer.concat([await this.#read(key, found, before), bytes]) : asBuffer(bytes);
    if (bytes.length > 0) await this.#bucket.put(segmentName(growing.id, offset), segment, segmentFacts(key));
    const kept = isRewritten ? growing.segments.slice(0, -1) : growing.segments;
    const segments = bytes.length > 0 ? [...kept, { offset, sizeBytes: segment.length }] : kept;
    const next: GrowingFound = {
      kind: 'growing',
      contentType: options.contentType,
      ttlSeconds: options.ttlSeconds,
      growing: { id: growing.id, segments, modifiedAt: this.#now },
    };
    if (found.contentType !== next.contentType || found.ttlSeconds !== next.ttlSeconds) {
      await this.#bucket.put(nameOf(key), Buffer.alloc(0), markerFacts(next));
    }
    this.#locator.remember(key, next);
    if (replaced) await this.#locator.removeBeside(key, replaced);
    return infoOf(key, next);
  }

  /** Segments with the first `offset` bytes of what is there; nothing of it is visible yet. */
  async #begin(key: string, found: Found | undefined, offset: number): Promise<Growing> {
    const id = newGrowingId(this.#world);
    const begun = { id, segments: [], modifiedAt: this.#now };
    if (!found || offset === 0) return begun;
    const name = segmentName(id, 0);
    if (found.kind === 'whole' && offset === found.stored.sizeBytes) {
      await this.#bucket.copy(nameOf(key), name, segmentFacts(key));
    } else {
      const stream = await this.#open(key, found, { start: 0, end: offset });
      if (!stream) throw new Error(`${key} was replaced in the bucket by somebody else while it was read`);
      const facts = segmentFacts(key);
      await (await upload(this.#bucket, name, stream, { whole: () => facts, parts: facts })).commit();
    }
    return { ...begun, segments: [{ offset: 0, sizeBytes: offset }] };
  }

  async #read(key: string, found: Found | undefined, range: ByteRange): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const stream = found && (await this.#open(key, found, range));
    if (stream) for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length === range.end - range.start) return bytes;
    throw new Error(`${key} was replaced in the bucket by somebody else while it was read`);
  }

  /** Undefined when the object has been replaced since it was found. */
  async #open(key: string, found: Found, range: ByteRange): Promise<AsyncIterable<Buffer> | undefined> {
    if (range.start === range.end) return nothing();
    if (found.kind === 'growing') return this.#readGrowing(key, found, range);
    return this.#bucket.read(nameOf(key), range.start, range.end, found.stored.etag);
  }

  /** Goes on in the sealed object when the segments have become one meanwhile. */
  async *#readGrowing(key: string, { growing }: GrowingFound, range: ByteRange): AsyncGenerator<Buffer> {
    let position = range.start;
    try {
      for await (const chunk of readRange(this.#bucket, growing, range)) {
        position += chunk.length;
        yield chunk;
      }
    } catch (error) {
      const now = error instanceof SegmentMissingError ? await this.#locator.find(key) : undefined;
      if (now?.kind !== 'whole' || now.stored.metadata['grown-from'] !== growing.id) throw error;
      const rest = await this.#open(key, now, { start: position, end: range.end });
      if (!rest) throw error;
      yield* rest;
    }
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function* nothing(): AsyncGenerator<Buffer> {}
