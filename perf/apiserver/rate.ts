/** One run of a measure on one server, by autocannon: requests over eight connections, one at a time on each. */
import autocannon from 'autocannon';
import type { Measure, Run } from './measures.ts';
import { percentile } from './statistics.ts';
import type { Target } from './target.ts';

export const connections = 8;

export interface Rate {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers of 300 and more, and connections lost. */
  readonly refused: number;
}

let runs = 0;

/** Runs for so many seconds, or until all names that creates have left are deleted. */
export async function rateOf(measure: Measure, target: Target, seconds: number, left: string[]): Promise<Rate> {
  let number = 0;
  const run: Run = { prefix: `r${process.pid}-${runs++}`, next: () => number++, left };
  const took: number[] = [];
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
      took.push(durationMs);
      if (status >= 300) refused++;
    });
  });
  const p = (part: number) => percentile(took, part);
  const perSecond = (took.length - refused) / ((last - begun) / 1000);
  return { requests: took.length, perSecond, p50Ms: p(0.5), p99Ms: p(0.99), refused: refused + errors };
}
