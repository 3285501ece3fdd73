/** Watch fan-out: changes written at one end, counted and timed at many watches. */
import type { Pool } from 'undici';
import { type EventStream, openStream } from './event-stream.ts';
import { collection, type Kind, kinds } from './objects.ts';
import { places, workCount } from './prepare.ts';
import { percentile } from './statistics.ts';
import { ask, inTurn, poolOf, type Target } from './target.ts';

export interface FanOut {
  readonly watches: number;
  /** That have arrived in all. */
  readonly events: number;
  /** While changes are written as fast as eight connections can. */
  readonly eventsPerSecond: number;
  readonly writesPerSecond: number;
  /** From the moment before a change is sent until a watch has it, while changes are written at an easy pace. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Watches that the server has ended meanwhile; each went on from where it was. */
  readonly cuts: number;
}

const writers = 8;
const paceMs = 40;
const pacedCount = 50;
const patienceMs = 60_000;
const sentMark = '"bench/sent":"';
const sentBytes = 200;
const versionMark = '"resourceVersion":"';
/** Pieces of a stream that are kept: the last whole event lies in them. */
const keptPieces = 4;

/** Open watches; each counts its events, and those that carry a time are timed. */
export class Watches {
  readonly delaysMs: number[] = [];
  cuts = 0;
  #events = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;
  readonly #pool: Pool;
  readonly #target: Target;
  readonly #streams = new Set<EventStream>();

  constructor(target: Target) {
    this.#target = target;
    this.#pool = poolOf(target, 1);
  }

  get events(): number {
    return this.#events;
  }

  /** So many more, from the present state on; resolves when the server has answered all of them. */
  async open(kind: Kind, count: number, namespace?: string): Promise<void> {
    const path = collection(kind, namespace);
    const text = await ask(this.#pool, this.#target, 'GET', `${path}?limit=1`);
    const version = /"resourceVersion":"(\d+)"/.exec(text.slice(0, text.indexOf('"items"')))?.[1] ?? '';
    await inTurn(count, 20, () => this.#follow(path, version));
  }

  /** Resolves when that many events have come since the call. */
  async after(count: number, write: () => Promise<void>): Promise<void> {
    this.#wanted = this.#events + count;
    const reached = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const missing = this.#wanted - this.#events;
        reject(new Error(`${this.#target.url}: ${missing} of ${count} events are missing after ${patienceMs} ms`));
      }, patienceMs);
      this.#reached = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await Promise.all([write(), reached]);
    this.#wanted = Number.POSITIVE_INFINITY;
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.close();
    await this.#pool.destroy();
  }

  /** A real server ends a watch whose reader it finds too slow: then it goes on from its last event, as clients do. */
  async #follow(path: string, version: string): Promise<void> {
    const pieces: Buffer[] = [];
    const stream = await openStream(this.#target, `${path}?watch=true&resourceVersion=${version}`, {
      read: (bytes, events) => {
        pieces.push(bytes);
        if (pieces.length > keptPieces) pieces.shift();
        this.#count(bytes, events);
      },
      ended: () => {
        this.#streams.delete(stream);
        this.cuts++;
        void this.#follow(path, lastVersion(Buffer.concat(pieces)) ?? version);
      },
    });
    this.#streams.add(stream);
  }

  #count(bytes: Buffer, events: number): void {
    this.#events += events;
    // A time that lies across two pieces is missed: there are thousands of others.
    for (let at = bytes.indexOf(sentMark); at !== -1; at = bytes.indexOf(sentMark, at + sentBytes)) {
      const text = bytes.toString('latin1', at + sentMark.length, at + sentMark.length + 20);
      this.delaysMs.push(performance.now() - Number.parseFloat(text));
    }
    if (this.#events >= this.#wanted) this.#reached?.();
  }
}

/** Of the last whole event. */
function lastVersion(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, bytes.lastIndexOf('}\n') + 1);
  const at = text.lastIndexOf(versionMark);
  return at === -1 ? undefined : String(Number.parseInt(text.slice(at + versionMark.length), 10));
}

/** Opens so many watches on one namespace, and measures both. */
export async function fanOut(target: Target, watches: number, writes: number): Promise<FanOut> {
  const pool = poolOf(target, writers);
  const open = new Watches(target);
  const path = collection(kinds.configMaps, places.watched);
  const change = (name: string, annotations: object) =>
    ask(pool, target, 'PATCH', `${path}/${name}`, { metadata: { annotations } });
  try {
    await open.open(kinds.configMaps, watches, places.watched);
    const begun = performance.now();
    await open.after(writes * watches, () =>
      inTurn(writes, writers, (index) => change(`o${index % workCount}`, { 'bench/count': `${begun}-${index}` })),
    );
    const seconds = (performance.now() - begun) / 1000;
    // Times of an earlier run stand in the objects still.
    open.delaysMs.length = 0;
    await open.after(pacedCount * watches, () =>
      inTurn(pacedCount, 1, async () => {
        await change('o0', { 'bench/sent': String(performance.now()) });
        await new Promise((resolve) => setTimeout(resolve, paceMs));
      }),
    );
    return {
      watches,
      events: open.events,
      eventsPerSecond: (writes * watches) / seconds,
      writesPerSecond: writes / seconds,
      p50Ms: percentile(open.delaysMs, 0.5),
      p99Ms: percentile(open.delaysMs, 0.99),
      cuts: open.cuts,
    };
  } finally {
    await open.close();
    await pool.destroy();
  }
}
