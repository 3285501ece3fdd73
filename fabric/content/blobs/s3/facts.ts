/** What stands beside an object in the bucket, and what it says: type, time to live, last change. */
import type { BlobInfo, PutOptions } from '../blobs.ts';
import { etagOf } from '../hashed.ts';
import type { ObjectFacts, StoredObject } from './bucket.ts';
import { type Growing, sizeOf } from './growing.ts';
import type { Outcome } from './outcomes.ts';

export interface WholeFound {
  readonly kind: 'whole';
  readonly stored: StoredObject;
  /** Of an upload in parts. */
  readonly outcome?: Outcome;
}

export interface GrowingFound {
  readonly kind: 'growing';
  readonly growing: Growing;
  readonly contentType: string;
  readonly ttlSeconds: number | undefined;
}

export type Found = WholeFound | GrowingFound;

const daySeconds = 86_400;

/** After how many days a bucket removes what has expired: the least that is enough is chosen. */
export const expiryDays: readonly number[] = [2, 3, 4, 8, 15, 31, 61, 91, 181, 366, 731, 3660];

/** What makes a whole object known: its checksum, the upload in parts or the segments that it was made of. */
export interface Origin {
  readonly sha256?: string;
  readonly outcome?: string;
  readonly grownFrom?: string;
}

/** Beside a whole object. */
export function factsOf({ contentType, ttlSeconds }: PutOptions, modifiedAt: number, origin: Origin = {}): ObjectFacts {
  const { sha256, outcome, grownFrom } = origin;
  return {
    contentType,
    metadata: {
      'modified-at': String(modifiedAt),
      ...(ttlSeconds === undefined ? {} : { 'expires-at': String(modifiedAt + ttlSeconds * 1000) }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(grownFrom === undefined ? {} : { 'grown-from': grownFrom }),
    },
    days: daysOf(ttlSeconds),
  };
}

/** Beside the empty object that stands for a growing one. */
export function markerFacts({ growing, contentType, ttlSeconds }: GrowingFound): ObjectFacts {
  return {
    contentType,
    metadata: { growing: growing.id, ...(ttlSeconds === undefined ? {} : { 'ttl-seconds': String(ttlSeconds) }) },
    days: undefined,
  };
}

/** A whole day more than it lives: clocks of service and bucket may differ. Undefined when no rule is late enough. */
function daysOf(ttlSeconds: number | undefined): number | undefined {
  if (ttlSeconds === undefined) return undefined;
  return expiryDays.find((days) => days * daySeconds >= ttlSeconds + daySeconds);
}

/** Epoch ms; infinity for never. */
export function expiresAtOf(found: Found): number {
  if (found.kind === 'whole') {
    const { metadata } = found.stored;
    // What was written when the upload began counts from its end on.
    const laterMs = found.outcome ? found.outcome.modifiedAt - Number(metadata['modified-at']) : 0;
    return Number(metadata['expires-at'] ?? Number.POSITIVE_INFINITY) + laterMs;
  }
  const { growing, ttlSeconds } = found;
  return ttlSeconds === undefined ? Number.POSITIVE_INFINITY : growing.modifiedAt + ttlSeconds * 1000;
}

export function infoOf(key: string, found: Found): BlobInfo {
  const expiresAt = expiresAtOf(found);
  const expiry = Number.isFinite(expiresAt) ? { expiresAt } : {};
  if (found.kind === 'growing') {
    const { growing, contentType } = found;
    const sizeBytes = sizeOf(growing);
    return {
      key,
      sizeBytes,
      contentType,
      etag: `"${growing.id}-${sizeBytes}"`,
      modifiedAt: growing.modifiedAt,
      ...expiry,
    };
  }
  const { sizeBytes, contentType, etag, metadata } = found.stored;
  const sha256 = found.outcome?.sha256 ?? metadata.sha256;
  const checksum = sha256 === undefined ? { etag } : { etag: etagOf(sha256), sha256 };
  return { key, sizeBytes, contentType, ...checksum, modifiedAt: modifiedAtOf(found), ...expiry };
}

function modifiedAtOf({ stored: { metadata, modifiedAt }, outcome }: WholeFound): number {
  return outcome?.modifiedAt ?? Number(metadata['modified-at'] ?? modifiedAt);
}
