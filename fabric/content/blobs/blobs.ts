/**
 * The seam behind managed content: objects of any size under text keys, each with a content type and perhaps a time to
 * live. Two implementations, a folder and S3; both pass `contract.ts`. Keys are at most 2,048 bytes in UTF-8 and never
 * empty.
 */

export interface BlobInfo {
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Changes whenever the bytes do; quoted, as HTTP has it. Of an object with a checksum it is the checksum. */
  readonly etag: string;
  /** SHA-256 of the bytes, lower-case hexadecimal; undefined for what was appended to. */
  readonly sha256?: string;
  /** Last change, epoch ms. */
  readonly modifiedAt: number;
  /** When it ceases to exist, epoch ms; undefined for never. */
  readonly expiresAt?: number;
}

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenBlob {
  readonly info: BlobInfo;
  readonly range: ByteRange;
  /** The bytes as they were when it was opened, also if the object is replaced meanwhile. Must be read or returned. */
  readonly stream: AsyncIterable<Buffer>;
}

export interface PutOptions {
  readonly contentType: string;
  /** Seconds from now; undefined for ever. */
  readonly ttlSeconds?: number;
}

export interface ListBlobsOptions {
  readonly limit?: number;
  readonly skip?: number;
}

export interface Blobs {
  /**
   * Stores what the source gives, as it comes. Readers see the old object until the new one is whole; if the source
   * breaks, nothing changes. Of concurrent writes the one that ends last wins.
   */
  put(key: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<BlobInfo>;
  /**
   * Opens an object, or the range of it that `choose` picks; undefined if there is none. A range is clipped to the
   * object. `inPassing`: a chunk of the stream holds only until the next is asked for, which is faster for what is
   * looked through.
   */
  get(key: string, choose?: (info: BlobInfo) => ByteRange, inPassing?: boolean): Promise<OpenBlob | undefined>;
  head(key: string): Promise<BlobInfo | undefined>;
  /** Objects whose key begins with `prefix`, by key in UTF-8 byte order. */
  list(prefix: string, options?: ListBlobsOptions): Promise<BlobInfo[]>;
  /** False if there was none. */
  delete(key: string): Promise<boolean>;
  /**
   * Makes the object hold `bytes` from `offset` on. Repeating an append changes nothing; bytes behind `offset` that are
   * other than these are replaced. An offset beyond the end is a BlobOffsetError. The time to live counts anew from
   * here.
   */
  append(key: string, offset: number, bytes: Uint8Array, options: PutOptions): Promise<BlobInfo>;
  /**
   * Says that nothing more will be appended for now: the store may give the object its final form. Readers see no
   * difference.
   */
  seal(key: string): Promise<void>;
  /** Resolves when all that was appended to the object outlives a loss of power; a kill takes nothing at any time. */
  flush(key: string): Promise<void>;
  /**
   * Removes what has expired, and what is left of writes that broke; how many objects. Expired objects are invisible
   * before that already.
   */
  removeExpired(): Promise<number>;
  /** Ends background work and lets go of the place. */
  close(): Promise<void>;
}

/** What readers of objects need. */
export type BlobReader = Pick<Blobs, 'get' | 'head'>;

export class BlobOffsetError extends Error {
  override readonly name = 'BlobOffsetError';
  readonly key: string;
  readonly offset: number;
  readonly sizeBytes: number;

  constructor(key: string, offset: number, sizeBytes: number) {
    super(`cannot append to ${key} at ${offset}: it has ${sizeBytes} bytes`);
    this.key = key;
    this.offset = offset;
    this.sizeBytes = sizeBytes;
  }
}

export class BlobKeyError extends Error {
  override readonly name = 'BlobKeyError';
  readonly key: string;

  constructor(key: string, why: string) {
    super(`object key ${JSON.stringify(key.slice(0, 80))} ${why}`);
    this.key = key;
  }
}

/** More than the longest key of a user, with the longest name of a project before it. */
const keyBytesMaximum = 2_048;

/** Throws a BlobKeyError unless every backend can hold the key. */
export function checkKey(key: string): void {
  if (key === '') throw new BlobKeyError(key, 'is empty');
  if (Buffer.byteLength(key) > keyBytesMaximum) throw new BlobKeyError(key, `is longer than ${keyBytesMaximum} bytes`);
  if (key.includes('\0')) throw new BlobKeyError(key, 'holds a zero byte');
}

/** The part of a range that the object has. */
export function clip(range: ByteRange, sizeBytes: number): ByteRange {
  const start = Math.min(Math.max(0, range.start), sizeBytes);
  return { start, end: Math.max(start, Math.min(range.end, sizeBytes)) };
}
