/** A log as one string: its end, at most so many bytes (contract 3.4.3). */
import type { Gateway } from '../settings.ts';
import type { StoredRecord } from '../tasks/record.ts';
import { storedText } from './content-log.ts';
import { hasEnded, printedSoFar, startedPods } from './pod-log.ts';

interface LogText {
  readonly text: string;
  /** True when the beginning is left out. */
  readonly truncated: boolean;
}

/** From the pods while the run is there, else from managed content. Nothing anywhere is an empty text. */
export async function logText(gateway: Gateway, record: StoredRecord, signal: AbortSignal): Promise<LogText> {
  const limit = gateway.logTextBytesMaximum;
  if (!hasEnded(record) || record.inCluster) {
    const live = await liveText(gateway, record, limit, signal);
    if (live) return live;
    if (record.inCluster) return { text: '', truncated: false };
  }
  const stored = await storedText(gateway, record, `bytes=-${limit}`, signal);
  if (stored) {
    const bytes = await lastBytes(stored.stream, limit);
    return textOf(bytes.bytes, stored.start > 0 || bytes.isCut);
  }
  return (await liveText(gateway, record, limit, signal)) ?? { text: '', truncated: false };
}

/** Undefined when the cluster has no pod of the run that has begun, or does not answer. */
async function liveText(
  gateway: Gateway,
  record: StoredRecord,
  limit: number,
  signal: AbortSignal,
): Promise<LogText | undefined> {
  const { client } = gateway;
  if (!client) return undefined;
  try {
    const tail = new Tail(limit);
    const pods = await startedPods(client, record);
    for await (const chunk of printedSoFar(client, pods, signal)) tail.add(chunk);
    return pods.length === 0 ? undefined : textOf(tail.bytes(), tail.isCut);
  } catch (error) {
    gateway.world.log.debug('a live log cannot be read', { task: record.name, error: String(error) });
    return undefined;
  }
}

async function lastBytes(stream: AsyncIterable<Uint8Array>, limit: number): Promise<{ bytes: Buffer; isCut: boolean }> {
  const tail = new Tail(limit);
  for await (const chunk of stream) tail.add(chunk);
  return { bytes: tail.bytes(), isCut: tail.isCut };
}

/** A text whose beginning was cut begins with a whole line, if there is one. */
function textOf(bytes: Buffer, isCut: boolean): LogText {
  const lineFeedAt = isCut ? bytes.indexOf(0x0a) : -1;
  const whole = lineFeedAt >= 0 && lineFeedAt < bytes.length - 1 ? bytes.subarray(lineFeedAt + 1) : bytes;
  return { text: whole.toString('utf8'), truncated: isCut };
}

/** The last bytes of what is added. */
class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(Buffer.from(chunk));
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limit) this.isCut = true;
    while (this.#chunks.length > 1 && this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.#limit) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#limit));
  }
}
