/**
 * Storing a stream of unknown length in constant memory: small ones in one request, others as an explicit multipart
 * upload with small parts.
 */
import type { Bucket, ObjectFacts, UploadedPart } from './bucket.ts';

/** S3 takes parts of 5 MiB and more; 10,000 of these make 80 GB. */
export const partBytes = 8 * 1024 * 1024;

/** What the object is stored with. */
export interface UploadFacts {
  /** Asked when the source has ended: of an object that is stored in one request. */
  whole(): ObjectFacts;
  /** Of one that is uploaded in parts: S3 takes them at the beginning. */
  readonly parts: ObjectFacts;
}

/** An upload that is there and not yet visible. */
export interface Pending {
  readonly sizeBytes: number;
  readonly isInParts: boolean;
  /** Makes it the object of that name. */
  commit(): Promise<void>;
  abandon(): Promise<void>;
}

/** Uploads what the source gives; nothing is visible before `commit`. When the source breaks, nothing is left. */
export async function upload(
  bucket: Bucket,
  name: string,
  source: AsyncIterable<Uint8Array>,
  facts: UploadFacts,
): Promise<Pending> {
  const chunks = inParts(source)[Symbol.asyncIterator]();
  const first = await chunks.next();
  const second = first.done ? first : await chunks.next();
  if (first.done || second.done) {
    const bytes = first.done ? Buffer.alloc(0) : first.value;
    const known = facts.whole();
    return {
      sizeBytes: bytes.length,
      isInParts: false,
      commit: async () => void (await bucket.put(name, bytes, known)),
      abandon: async () => undefined,
    };
  }
  return uploadParts(bucket, name, prepended([first.value, second.value], chunks), facts.parts);
}

async function uploadParts(
  bucket: Bucket,
  name: string,
  source: AsyncIterable<Buffer>,
  facts: ObjectFacts,
): Promise<Pending> {
  const id = await bucket.beginUpload(name, facts);
  const parts: UploadedPart[] = [];
  let sizeBytes = 0;
  try {
    for await (const bytes of source) {
      parts.push(await bucket.uploadPart(name, id, parts.length + 1, bytes));
      sizeBytes += bytes.length;
    }
  } catch (error) {
    await bucket.abortUpload(name, id).catch(() => undefined);
    throw error;
  }
  return {
    sizeBytes,
    isInParts: true,
    commit: () => bucket.completeUpload(name, id, parts),
    abandon: () => bucket.abortUpload(name, id),
  };
}

/** The same bytes in pieces of `partBytes`, the last one smaller. */
export async function* inParts(source: AsyncIterable<Uint8Array>, bytes = partBytes): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes < bytes) continue;
    let all = Buffer.concat(waiting);
    for (; all.length >= bytes; all = all.subarray(bytes)) yield all.subarray(0, bytes);
    waiting = [all];
    waitingBytes = all.length;
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting);
}

async function* prepended(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
