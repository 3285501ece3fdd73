/** What stands beside an object in the bucket, and what it says: type, time to live, last change. */
import type { BlobInfo, PutOptions } from '../blobs.ts';
import type { ObjectFacts, StoredObject } from './bucket.ts';
import { type Growing, sizeOf } from './growing.ts';

export interface WholeFound {
  readonly kind: 'whole';
  readonly stored: StoredObject;
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

/** Beside a whole object. `grownFrom` is the id of the segments that it was made of. */
export function factsOf({ contentType, ttlSeconds }: PutOptions, modifiedAt: number, grownFrom?: string): ObjectFacts {
  return {
    contentType,
    metadata: {
      'modified-at': String(modifiedAt),
      ...(ttlSeconds === undefined ? {} : { 'expires-at': String(modifiedAt + ttlSeconds * 1000) }),
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
  if (found.kind === 'whole') return Number(found.stored.metadata['expires-at'] ?? Number.POSITIVE_INFINITY);
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
  const { sizeBytes, contentType, etag, metadata, modifiedAt } = found.stored;
  return { key, sizeBytes, contentType, etag, modifiedAt: Number(metadata['modified-at'] ?? modifiedAt), ...expiry };
}
