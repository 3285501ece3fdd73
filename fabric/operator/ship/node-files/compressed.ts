/** Log files that the kubelet has compressed: with gzip, the second youngest and those before it. */
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';

/** The bytes of a compressed file from `offset` on. */
export async function* unpacked(compressed: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // What breaks on the way comes out at the end of the pipe.
  pipeline(Readable.from(compressed), gunzip, () => undefined);
  let left = offset;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** What the first bytes of a compressed file hold. */
export function beginningOf(compressed: Buffer): Buffer {
  return compressed.length === 0 ? compressed : gunzipSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
}
