/** One run of a measure on one server: requests over eight connections, one at a time on each. */
import autocannon from 'autocannon';
import type { Pool } from 'undici';
import type { Measure, ReadMeasure, RequestMeasure, Run } from './measures.ts';
import { percentile } from './statistics.ts';
import { headersOf, poolOf, type Target } from './target.ts';

export const connections = 8;

export interface Rate {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers of 300 and more, and connections lost. */
  readonly refused: number;
}

/** What was seen of a run. */
interface Seen {
  readonly tookMs: readonly number[];
  /** From the start to the last answer. */
  readonly seconds: number;
  readonly refused: number;
}

let runs = 0;

/** Runs for so many seconds, or until all names that creates have left are deleted. */
export async function rateOf(measure: Measure, target: Target, seconds: number, left: string[]): Promise<Rate> {
  const seen = await ('path' in measure ? read(measure, target, seconds) : send(measure, target, seconds, left));
  const { tookMs, refused } = seen;
  return {
    requests: tookMs.length,
    perSecond: (tookMs.length - refused) / seen.seconds,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    refused,
  };
}

async function send(measure: RequestMeasure, target: Target, seconds: number, left: string[]): Promise<Seen> {
  let number = 0;
  const run: Run = { prefix: `r${process.pid}-${runs++}`, next: () => number++, left };
  const tookMs: number[] = [];
  let refused = 0;
  let last = 0;
  const begun = performance.now();
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = {
      url: target.url,
      connections,
      requests: measure.requests(target, run),
      ...(measure.names === 'taken' ? { amount: left.length } : { duration: seconds }),
    };
    const tester = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    tester.on('response', (_client, status, _bytes, durationMs) => {
      last = performance.now();
      tookMs.push(durationMs);
      if (status >= 300) refused++;
    });
  });
  return { tookMs, seconds: (last - begun) / 1000, refused: refused + errors };
}

async function read(measure: ReadMeasure, target: Target, seconds: number): Promise<Seen> {
  const pool = poolOf(target, connections);
  const tookMs: number[] = [];
  let number = 0;
  let refused = 0;
  const begun = performance.now();
  const reader = async () => {
    for (let head = ''; performance.now() - begun < seconds * 1000; ) {
      const sent = performance.now();
      const answer = await firstBytes(pool, target, measure.path(number++, head));
      head = answer.head;
      tookMs.push(performance.now() - sent);
      if (answer.status >= 300) refused++;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, reader));
  } finally {
    await pool.destroy();
  }
  return { tookMs, seconds: (performance.now() - begun) / 1000, refused };
}

const headBytes = 1000;

/** Reads the whole answer, keeps its beginning. */
async function firstBytes(pool: Pool, target: Target, path: string): Promise<{ status: number; head: string }> {
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers: headersOf(target) });
  let head = '';
  for await (const bytes of body as AsyncIterable<Buffer>) {
    if (head.length < headBytes) head += bytes.toString('latin1', 0, headBytes);
  }
  return { status: statusCode, head };
}
