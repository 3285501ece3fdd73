/**
 * A file looked through once: two buffers in turn, one being read while the other is looked at. A buffer for each chunk
 * would cost more than the reading of a file that is in the page cache.
 */
import { open } from 'node:fs/promises';

/** What a processor's cache holds. */
const chunkBytes = 256 * 1024;

/** Bytes [start, end); a chunk holds until the next is asked for. Errors are those of the system. */
export async function* readInPassing(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    const room = Math.min(chunkBytes, end - start);
    let position = start;
    const readInto = async (buffer: Buffer) => {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(room, end - position), position);
      position += bytesRead;
      return bytesRead;
    };
    let shown = Buffer.allocUnsafeSlow(room);
    let spare = Buffer.allocUnsafeSlow(room);
    for (let bytes = await readInto(shown); bytes > 0; ) {
      const reading = readInto(spare);
      try {
        yield shown.subarray(0, bytes);
      } finally {
        // The handle is not closed while it reads, whatever the consumer does.
        await reading.catch(() => undefined);
      }
      bytes = await reading;
      [shown, spare] = [spare, shown];
    }
  } finally {
    await handle.close();
  }
}
