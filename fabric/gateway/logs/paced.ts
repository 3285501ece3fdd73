/**
 * Followed logs for the existing command line (contract 3.4.4): `data:` lines only, each event one small write, and so
 * few bytes at a time that never more than 64 KiB wait at the client. When the log outruns that, lines are skipped and
 * a line says so.
 */
import type { Clock } from '../../../world/clock.ts';
import type { HttpResponse } from '../../../world/network.ts';
import { LineBacklog } from './lines.ts';

const tickMs = 500;
const bytesPerTick = 32 * 1024;
const eventBytesMaximum = 8 * 1024;
/** Of a log that is there already, this much is shown. */
export const pacedBacklogBytes = 128 * 1024;
const heartbeatMs = 15_000;
const heartbeat = 'data: ""\n\n';

interface PacedOptions {
  readonly clock: Clock;
  readonly response: HttpResponse;
  readonly source: AsyncIterable<Uint8Array>;
  /** Bytes of the log before the source's first one. */
  readonly skippedBytes: number;
  /** Key of the log in managed content. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Sends the log to its end and ends the response; resolves also when the client has gone. */
export async function sendPaced({ clock, response, source, skippedBytes, key, signal }: PacedOptions): Promise<void> {
  const backlog = new LineBacklog(pacedBacklogBytes, key, skippedBytes);
  let hasEnded = false;
  const reading = readInto(backlog, source).finally(() => {
    hasEnded = true;
  });
  response.write(heartbeat);
  let lastSentAt = clock.now();
  try {
    while (!signal.aborted) {
      await clock.sleep(tickMs, signal);
      const isLast = hasEnded;
      const sent = sendSome(response, backlog);
      if (sent > 0) lastSentAt = clock.now();
      else if (clock.now() - lastSentAt >= heartbeatMs) {
        response.write(heartbeat);
        lastSentAt = clock.now();
      }
      await response.drained();
      if (isLast && backlog.isEmpty) break;
    }
    await reading;
    response.end();
  } catch {
    if (signal.aborted) await reading;
    else response.reset();
  }
}

async function readInto(backlog: LineBacklog, source: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of source) backlog.add(chunk);
  } catch {
    // what came until here is shown; the command line has no way to be told more
  }
  backlog.end();
}

/** Sends what one tick may carry; how many bytes that was. */
function sendSome(response: HttpResponse, backlog: LineBacklog): number {
  let sent = 0;
  let event = '';
  while (sent + byteLength(event) < bytesPerTick - eventBytesMaximum) {
    const taken = backlog.take();
    if (taken === undefined) break;
    if (taken === '') continue;
    const line = fitted(taken);
    const longer = event === '' ? line : `${event}\n${line}`;
    if (event !== '' && byteLength(longer) > eventBytesMaximum) {
      sent += send(response, event);
      event = line;
    } else {
      event = longer;
    }
  }
  return event === '' ? sent : sent + send(response, event);
}

/** A line full of control characters is longer in an event than in the log. */
function fitted(line: string): string {
  if (byteLength(line) <= eventBytesMaximum) return line;
  const shownCharacters = Math.floor((eventBytesMaximum - 200) / escapedBytesMaximum);
  return `${line.slice(0, shownCharacters)} [... cut]`;
}

function send(response: HttpResponse, log: string): number {
  const event = `data: ${JSON.stringify({ log })}\n\n`;
  response.write(event);
  return Buffer.byteLength(event);
}

/** As it will stand in the event: control characters take six bytes there. */
function byteLength(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) + framingBytes;
}

const escapedBytesMaximum = 6;
const framingBytes = Buffer.byteLength('data: {"log":}\n\n');
