/**
 * An object that is appended to. S3 objects cannot grow, so each append is an object of its own, a segment, named by
 * the offset of its first byte, and an empty object under the key's own name says where they are. Sealed, they become
 * one ordinary object.
 */
import type { World } from '../../../../world/world.ts';
import type { ByteRange } from '../blobs.ts';
import type { Bucket, ListedObject, ObjectFacts, UploadedPart } from './bucket.ts';
import { partBytes } from './upload.ts';

/** Before all segments: no name of a key begins so. */
export const growingFolder = '%growing/';
/** S3 copies nothing smaller as a part. */
const copyableBytes = 5 * 1024 * 1024;
const offsetDigits = 16;

export interface Segment {
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface Growing {
  readonly id: string;
  readonly segments: readonly Segment[];
  /** Of the last append, epoch ms. */
  readonly modifiedAt: number;
}

export function newGrowingId(world: World): string {
  const text = world.random.stream('content segments').text(12, 'abcdefghijklmnopqrstuvwxyz0123456789');
  return `${world.clock.now().toString(36)}-${text}`;
}

export function segmentName(id: string, offset: number): string {
  return `${growingFolder}${id}/${String(offset).padStart(offsetDigits, '0')}`;
}

export function sizeOf({ segments }: Pick<Growing, 'segments'>): number {
  const last = segments.at(-1);
  return last ? last.offset + last.sizeBytes : 0;
}

/** What the bucket holds of it: segments without gap from the beginning on. */
export async function readGrowing(bucket: Bucket, id: string, beganAt: number): Promise<Growing> {
  const segments: Segment[] = [];
  let modifiedAt = beganAt;
  for await (const listed of bucket.list(`${growingFolder}${id}/`)) {
    const segment = segmentOf(listed);
    if (segment.offset !== sizeOf({ segments })) continue;
    segments.push(segment);
    modifiedAt = Math.max(modifiedAt, listed.modifiedAt);
  }
  return { id, segments, modifiedAt };
}

function segmentOf({ name, sizeBytes }: ListedObject): Segment {
  return { offset: Number(name.slice(-offsetDigits)), sizeBytes };
}

export class SegmentMissingError extends Error {
  override readonly name = 'SegmentMissingError';
  readonly position: number;

  constructor(id: string, position: number) {
    super(`the segment of ${id} with byte ${position} is missing: the object was replaced or sealed while it was read`);
    this.position = position;
  }
}

/** The bytes of a range, segment by segment. SegmentMissingError says from where on they are missing. */
export async function* readRange(bucket: Bucket, { id, segments }: Growing, range: ByteRange): AsyncGenerator<Buffer> {
  for (const { offset, sizeBytes } of segments) {
    const start = Math.max(range.start, offset);
    const end = Math.min(range.end, offset + sizeBytes);
    if (start >= end) continue;
    const bytes = await bucket.read(segmentName(id, offset), start - offset, end - offset);
    if (!bytes) throw new SegmentMissingError(id, start);
    yield* bytes;
  }
}

/**
 * Makes one object of the segments: large ones are copied by the server, small ones in between are joined. Readers see
 * the segments until it is whole.
 */
export async function seal(bucket: Bucket, name: string, growing: Growing, facts: ObjectFacts): Promise<void> {
  if (sizeOf(growing) <= partBytes) {
    await bucket.put(name, await joined(bucket, growing, growing.segments), facts);
    return;
  }
  const upload = await bucket.beginUpload(name, facts);
  try {
    const parts: UploadedPart[] = [];
    for (const group of groupsOf(growing.segments)) {
      const [only] = group;
      const part = parts.length + 1;
      parts.push(
        group.length === 1 && only
          ? await bucket.copyPart(name, upload, part, segmentName(growing.id, only.offset))
          : await bucket.uploadPart(name, upload, part, await joined(bucket, growing, group)),
      );
    }
    await bucket.completeUpload(name, upload, parts);
  } catch (error) {
    await bucket.abortUpload(name, upload).catch(() => undefined);
    throw error;
  }
}

/** Segments that become one part each: large ones alone, small ones together; only the last part may be small. */
export function groupsOf(segments: readonly Segment[]): Segment[][] {
  const groups: Segment[][] = [];
  let open: Segment[] = [];
  for (const segment of segments) {
    open.push(segment);
    if (sizeOfAll(open) < (open.length === 1 ? copyableBytes : partBytes)) continue;
    groups.push(open);
    open = [];
  }
  return open.length === 0 ? groups : [...groups, open];
}

function sizeOfAll(segments: readonly Segment[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function joined(bucket: Bucket, growing: Growing, segments: readonly Segment[]): Promise<Buffer> {
  const [first] = segments;
  if (!first) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  const range = { start: first.offset, end: first.offset + sizeOfAll(segments) };
  for await (const chunk of readRange(bucket, growing, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
