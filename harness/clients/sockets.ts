/** Requests over real sockets, just as they are given: no header is added, no path made nicer. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { realClock } from '../../world/real/clock.ts';
import type { ClientAnswer, ClientRequest, Surroundings } from './asking.ts';

const DEADLINE_MS = 120_000;

/** `url`: base URL of a gateway, http. */
export function overSockets(url: string): Surroundings {
  return {
    ask: (request) => ask(url, request),
    now: () => realClock.now(),
    rest: async (ms) => void (await sleep(ms)),
  };
}

async function ask(url: string, { method, path, headers, body, chunked }: ClientRequest): Promise<ClientAnswer> {
  const { hostname, port } = new URL(url);
  const length = body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const framing = chunked ? { 'transfer-encoding': 'chunked' } : length;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const options = { hostname, port: Number(port || 80), method, path, headers: { ...headers, ...framing } };
    const sent = httpRequest({ ...options, signal: AbortSignal.timeout(DEADLINE_MS) }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
  return read(await answer, realClock.now());
}

async function read(message: IncomingMessage, startedAt: number): Promise<ClientAnswer> {
  const reads: Buffer[] = [];
  let silenceMs = 0;
  let last = startedAt;
  for await (const chunk of message) {
    const now = realClock.now();
    silenceMs = Math.max(silenceMs, now - last);
    last = now;
    reads.push(chunk as Buffer);
  }
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  return {
    status: message.statusCode ?? 0,
    headers,
    text: decoded(Buffer.concat(reads), headers['content-encoding']).toString('utf8'),
    reads: reads.map((each) => each.toString('utf8')),
    silenceMs,
  };
}

/** All clients accept these. */
function decoded(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'deflate') return inflateSync(body);
  return encoding === 'br' ? brotliDecompressSync(body) : body;
}
