/**
 * Followed logs as standard server-sent events (contract 3.4.4): all of the log at full speed, `id` is the byte offset
 * behind the event, so that `Last-Event-ID` goes on there; the texts of all events put together are the log.
 */
import type { Clock } from '../../../world/clock.ts';
import type { HttpResponse } from '../../../world/network.ts';
import { writeAll } from '../../http/index.ts';

const heartbeatMs = 15_000;
const eventBytesMaximum = 32 * 1024;

interface EventsOptions {
  readonly clock: Clock;
  readonly response: HttpResponse;
  readonly source: AsyncIterable<Uint8Array>;
  /** Offset of the source's first byte in the log. */
  readonly offset: number;
  readonly signal: AbortSignal;
}

/** Sends the source to its end and ends the response; a source that breaks cuts the connection. */
export async function sendEvents({ clock, response, source, offset, signal }: EventsOptions): Promise<void> {
  let lastSentAt = clock.now();
  const beat = () => {
    if (signal.aborted) return;
    if (clock.now() - lastSentAt >= heartbeatMs) response.write(': alive\n\n');
    timer = clock.after(heartbeatMs, beat);
  };
  let timer = clock.after(heartbeatMs, beat);
  let position = offset;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of source) {
      if (signal.aborted) return;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
      const end = wholeCharacters(bytes);
      for (let start = 0; start < end; ) {
        const stop = start + wholeCharacters(bytes.subarray(start, Math.min(end, start + eventBytesMaximum)));
        position += stop - start;
        await writeAll(response, eventOf(bytes.toString('utf8', start, stop), position));
        start = stop;
      }
      rest = Buffer.from(bytes.subarray(end));
      lastSentAt = clock.now();
    }
    if (rest.length > 0) response.write(eventOf(rest.toString('utf8'), position + rest.length));
    response.end();
  } catch {
    if (!signal.aborted) response.reset();
  } finally {
    timer.cancel();
  }
}

function eventOf(log: string, id: number): string {
  return `id: ${id}\ndata: ${JSON.stringify({ log })}\n\n`;
}

/** How many bytes form whole characters; all of them when the end is no UTF-8 anyway. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length - 1); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
