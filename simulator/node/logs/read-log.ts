/** What `kubectl logs` gets of a container's log (semantics 1.19). */
import type { ContainerLog } from './container-log.ts';
import { RecordDecoder } from './record-decoder.ts';

export interface ReadLogOptions {
  /** Goes on until the container ends or the signal is aborted. */
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** As `timestampOf` writes it. */
  readonly since?: string;
  readonly signal?: AbortSignal;
}

const chunkBytes = 256 * 1024;

/**
 * The file that is present now, from its tail or its beginning; with `follow` also what is written later. Order of the
 * filters: since, tail, limit.
 */
export async function* readLog(log: ContainerLog, options: ReadLogOptions): AsyncGenerator<Buffer> {
  const { follow, tailLines } = options;
  // A follower goes on behind the last lines that there are now; another one has them, though more come meanwhile.
  const limit = follow || tailLines === undefined ? {} : { limitRecords: tailLines };
  const decoder = new RecordDecoder({ ...options, ...limit });
  let { number } = log.presentFile;
  log.hold(number);
  try {
    let position = await tailStart(log, number, tailLines);
    while (!decoder.isFull && !options.signal?.aborted) {
      const size = log.sizeOf(number);
      if (position < size) {
        const bytes = await log.read(number, position, Math.min(position + chunkBytes, size));
        position += bytes.length;
        const output = decoder.decode(bytes);
        if (output.length > 0) yield output;
      } else if (!follow) {
        return;
      } else if (log.presentFile.number !== number) {
        await log.release(number);
        number = log.presentFile.number;
        log.hold(number);
        position = 0;
      } else if (log.isOpen) {
        await log.changed(options.signal);
      } else {
        return;
      }
    }
  } finally {
    await log.release(number);
  }
}

/** Where the last `lines` records of the file begin: a kubelet counts these, of which long lines have several. */
async function tailStart(log: ContainerLog, number: number, lines: number | undefined): Promise<number> {
  if (lines === undefined) return 0;
  const size = log.sizeOf(number);
  if (lines === 0) return size;
  let left = lines;
  for (let end = size; end > 0; end -= chunkBytes) {
    const start = Math.max(0, end - chunkBytes);
    const bytes = await log.read(number, start, end);
    // The line feed that ends the file begins no line.
    let from = end === size ? bytes.length - 2 : bytes.length - 1;
    while (from >= 0) {
      const at = bytes.lastIndexOf(0x0a, from);
      if (at < 0) break;
      left -= 1;
      if (left === 0) return start + at + 1;
      from = at - 1;
    }
  }
  return 0;
}
