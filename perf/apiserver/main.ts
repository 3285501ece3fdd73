/**
 * The simulator's API server beside kube-apiserver with etcd, over HTTPS, on this machine, in turn.
 *
 *     node perf/apiserver/main.ts [requests] [watches] [full] [--only TEXT] [--rounds 3] [--seconds 1.5]
 *                                 [--objects 50000] [--watches 200] [--json FILE]
 *
 * `requests`: rate and latency by verb; `watches`: 200 watches on what is written; `full`: 50,000 objects and 200
 * watches: memory, rates, lists of all. Without a name the first two. Needs etcd and kube-apiserver in
 * $ORRERY_PARTS/bin or on the PATH. Bounds (design): 5 times the real rate for get, create and patch, 3 times for lists
 * and watch fan-out.
 */
import '../../harness/unread-output.ts';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findPrograms } from '../../harness/fidelity/exchanges/real-server.ts';
import type { FanOut } from './fan-out.ts';
import type { FirstLists } from './full.ts';
import { fullMeasures } from './full.ts';
import { type Load, startLoad } from './load.ts';
import { measures } from './measures.ts';
import type { Rate } from './rate.ts';
import { type BySide, lessRow, type PaidRate, type Row, rateRow, row, tableText } from './report.ts';
import { type Side, type SideName, startSides } from './sides.ts';
import { median } from './statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    objects: { type: 'string', default: '50000' },
    watches: { type: 'string', default: '200' },
    writes: { type: 'string', default: '400' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const objects = Number(values.objects);
const watches = Number(values.watches);
const writes = Number(values.writes);
const MEGABYTE = 1024 * 1024;

interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const sections: Readonly<Record<string, (sides: readonly Side[], load: Load) => Promise<Section>>> = {
  requests: measureRequests,
  watches: measureWatches,
  full: measureFull,
};

/** The measure that leaves what deletions take. */
const leaving = 'create config maps';

async function measureRequests(sides: readonly Side[], load: Load): Promise<Section> {
  for (const side of sides) await load.ask('prepare', side.target, {});
  const rows: Row[] = [];
  for (const measure of measures.filter(({ name }) => name.includes(values.only))) {
    const isDeletion = 'names' in measure && measure.names === 'taken';
    const ask = (side: Side, lasts: number) => load.ask('rate', side.target, { measure: measure.name, seconds: lasts });
    if (!isDeletion) for (const side of sides) await warmUp(() => ask(side, seconds / 2));
    const rates = await alternating(sides, async (side) => {
      if (isDeletion) await load.ask('rate', side.target, { measure: leaving, seconds });
      return paying(side, () => ask(side, seconds));
    });
    rows.push(rateRow(measure.name, measure.target, rates));
  }
  return { title: 'requests a second, 8 connections', rows };
}

/** What the first requests cost is no rate: those of a program that is compiled while it runs least of all. */
const warmUpRequests = 2000;

async function warmUp(some: () => Promise<Rate>): Promise<void> {
  for (let done = 0; done < warmUpRequests; ) done += (await some()).requests;
}

async function measureWatches(sides: readonly Side[], load: Load): Promise<Section> {
  for (const side of sides) await load.ask('prepare', side.target, {});
  for (const side of sides) await load.ask('fan out', side.target, { watches, writes: writes / 4 });
  const found = await alternating<PaidFanOut>(sides, async (side) => {
    const before = side.processorMs();
    const seen = await load.ask('fan out', side.target, { watches, writes });
    return { ...seen, processorUs: ((side.processorMs() - before) * 1000) / seen.events };
  });
  const of = (side: SideName, fact: keyof PaidFanOut) => median(found[side].map((each) => each[fact]));
  const more = (what: string, fact: keyof PaidFanOut, target?: number) =>
    row(what, of('simulated', fact), of('real', fact), target);
  const less = (what: string, fact: keyof PaidFanOut) => lessRow(what, of('simulated', fact), of('real', fact));
  return {
    title: `${watches} watches on what ${writes} patches over 8 connections change`,
    rows: [
      { ...more('events delivered a second', 'eventsPerSecond', 3), note: cutNote(found) },
      more('patches a second meanwhile', 'writesPerSecond'),
      less('microseconds of processor an event, writing included', 'processorUs'),
      less('delay at 25 patches a second, p50 ms', 'p50Ms'),
      less('delay at 25 patches a second, p99 ms', 'p99Ms'),
    ],
  };
}

/** With the time of processors that the server took for each event. */
type PaidFanOut = FanOut & { readonly processorUs: number };

function cutNote(found: BySide<FanOut>): string {
  const cuts = (side: SideName) => found[side].reduce((sum, each) => sum + each.cuts, 0);
  return `watches ended by the server: ${cuts('simulated')} and ${cuts('real')}`;
}

async function measureFull(sides: readonly Side[], load: Load): Promise<Section> {
  const empty = bySide(sides, (side) => side.residentBytes());
  const filled: Record<string, number> = {};
  const lists: Record<string, FirstLists> = {};
  for (const side of sides) {
    filled[side.name] = await load.ask('fill', side.target, { objects });
    await load.ask('open watches', side.target, { watches });
  }
  const stored = bySide(sides, (side) => side.residentBytes());
  for (const side of sides) lists[side.name] = await load.ask('first lists', side.target, {});
  const listed = bySide(sides, (side) => side.residentBytes());
  const rows: Row[] = [
    lessRow('seconds to store all, 32 connections', filled.simulated ?? 0, filled.real ?? 0),
    lessRow('resident MB before', empty.simulated, empty.real),
    lessRow('resident MB with all stored', stored.simulated, stored.real),
    lessRow('seconds to list all, 4 requests', lists.simulated?.whole ?? 0, lists.real?.whole ?? 0, 3),
    lessRow('seconds to list all, 500 a request', lists.simulated?.chunked ?? 0, lists.real?.chunked ?? 0, 3),
    lessRow('resident MB after these lists', listed.simulated, listed.real),
  ];
  for (const measure of fullMeasures(objects).filter(({ name }) => name.includes(values.only))) {
    const rates = await alternating(sides, (side) =>
      paying(side, () => load.ask('full rate', side.target, { measure: measure.name, seconds, objects })),
    );
    rows.push(rateRow(measure.name, measure.target, rates));
  }
  const last = bySide(sides, (side) => side.residentBytes());
  rows.push(lessRow('resident MB at the end', last.simulated, last.real));
  return { title: `${objects} objects stored, ${watches} watches open`, rows };
}

/** Resident memory in MB, or whatever else is a number of each side. */
function bySide(sides: readonly Side[], read: (side: Side) => number): Record<SideName, number> {
  return Object.fromEntries(sides.map((side) => [side.name, read(side) / MEGABYTE])) as Record<SideName, number>;
}

async function paying(side: Side, measure: () => Promise<Rate>): Promise<PaidRate> {
  const before = side.processorMs();
  const rate = await measure();
  return { ...rate, processorUs: ((side.processorMs() - before) * 1000) / rate.requests };
}

/** Both sides in turn, several times. */
async function alternating<T>(sides: readonly Side[], measure: (side: Side) => Promise<T>): Promise<BySide<T>> {
  const found: Record<SideName, T[]> = { simulated: [], real: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) found[side.name].push(await measure(side));
  }
  return found;
}

async function run(): Promise<void> {
  const programs = findPrograms(process.env);
  if (typeof programs === 'string') return console.log(`perf/apiserver ${programs}`);
  const names = positionals.length > 0 ? positionals : ['requests', 'watches'];
  const done: Record<string, Section> = {};
  for (const name of names) {
    const section = sections[name];
    if (!section) throw new Error(`no bench ${name}: there are ${Object.keys(sections).join(', ')}`);
    const profile = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
    const sides = await startSides(programs, profile);
    const load = startLoad();
    try {
      const result = await section(sides, load);
      done[name] = result;
      console.log(tableText(result.title, result.rows));
    } finally {
      load.stop();
      for (const side of sides) await side.stop();
    }
  }
  const machine = { processor: cpus()[0]?.model, processors: cpus().length, load: loadavg()[0], node: process.version };
  console.log(
    `\n${machine.processors} x ${machine.processor}, load ${machine.load?.toFixed(1)}, Node.js ${machine.node}`,
  );
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), machine, ...done }, null, 2)}\n`);
  }
}

await run();
