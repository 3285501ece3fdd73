/**
 * The gateway beside bare routes of the same framework (Hono on the World's network) on a store of the same kind, in
 * turn.
 *
 *     node perf/gateway/main.ts [--rounds 3] [--seconds 2] [--only TEXT]
 *
 * Each is a process of its own, and the load (autocannon, 8 connections) a third. Bound (design): 70 % of the bare
 * route's rate.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { median, percentile } from '../apiserver/statistics.ts';
import { logOf, ship } from '../logs-read/log.ts';
import { startContentProcess } from '../logs-read/serve.ts';
import { type Measure, measures } from './measures.ts';
import { type Side, startSide } from './serve.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = 8;
const goal = 0.7;
/** Of the log whose rows are read. */
const logBytes = 20_000_000;

interface Rate {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly refused: number;
  /** Microseconds of processor a request. */
  readonly processor: number;
}

let runs = 0;

async function rateOf(side: Side, measure: Measure, lasts: number): Promise<Rate> {
  const run = `${process.pid}-${runs++}`;
  let number = 0;
  const authorization = measure.isInternal ? side.services : side.user;
  const headers = { 'content-type': 'application/json', ...(authorization === '' ? {} : { authorization }) };
  const tookMs: number[] = [];
  let refused = 0;
  const paid = await side.processorMs();
  const begunAt = performance.now();
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const setupRequest = (request: autocannon.Request) => {
      const key = `${run}-${number++}`;
      const body = measure.body?.(key);
      return { ...request, path: measure.path(key), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    };
    const requests = [{ method: measure.method, headers, setupRequest }];
    const tester = autocannon({ url: side.url, connections, duration: lasts, requests }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    tester.on('response', (_client, status, _bytes, durationMs) => {
      tookMs.push(durationMs);
      if (status >= 300) refused++;
    });
  });
  const took = (performance.now() - begunAt) / 1000;
  const processor = (((await side.processorMs()) - paid) * 1000) / tookMs.length;
  return { perSecond: tookMs.length / took, p99Ms: percentile(tookMs, 0.99), refused: refused + errors, processor };
}

const folder = mkdtempSync(join(tmpdir(), 'orrery-perf-gateway-'));
const content = await startContentProcess(folder);
await ship(content.url, logOf(logBytes));
const gateway = await startSide('gateway', content.url);
const bare = await startSide('bare', content.url);
const of = (rates: readonly Rate[], pick: (rate: Rate) => number) => median(rates.map(pick));
const table = [
  '| | gateway /s | bare /s | ratio | p99 ms, gateway and bare | microseconds of processor |',
  `|${' --- |'.repeat(6)}`,
];
for (const measure of measures.filter(({ name }) => name.includes(values.only))) {
  for (const side of [gateway, bare]) await rateOf(side, measure, seconds / 2);
  const [own, beside]: [Rate[], Rate[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await rateOf(gateway, measure, seconds));
    beside.push(await rateOf(bare, measure, seconds));
  }
  const ratio = of(own, ({ perSecond }) => perSecond) / of(beside, ({ perSecond }) => perSecond);
  const percent = `${Math.round(ratio * 100)} %`;
  const cells = [
    measure.name,
    of(own, ({ perSecond }) => perSecond).toFixed(0),
    of(beside, ({ perSecond }) => perSecond).toFixed(0),
    ratio < goal ? `**${percent}**` : percent,
    `${of(own, ({ p99Ms }) => p99Ms).toFixed(1)}, ${of(beside, ({ p99Ms }) => p99Ms).toFixed(1)}`,
    `${of(own, ({ processor }) => processor).toFixed(0)}, ${of(beside, ({ processor }) => processor).toFixed(0)}`,
  ];
  table.push(`| ${cells.join(' | ')} |`);
  const refused = [...own, ...beside].reduce((sum, rate) => sum + rate.refused, 0);
  if (refused > 0) process.stderr.write(`${measure.name}: ${refused} requests were refused\n`);
}
process.stdout.write(`${table.join('\n')}\nload ${loadavg()[0]?.toFixed(1)}\n`);
gateway.stop();
bare.stop();
await content.stop();
rmSync(folder, { recursive: true, force: true });
