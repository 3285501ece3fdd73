/**
 * Managed content that is killed at every write to its disk, and started again: what was acknowledged is there whole,
 * nothing half-done is visible, and when all is over nothing is left that no object needs.
 */
import { describe, expect, test } from 'vitest';
import { type SimulatedProcess, Simulation } from '../../world/simulated/simulation.ts';
import { openFolderBlobs } from './blobs/folder/folder.ts';
import { type Death, dyingWorld, type Moment } from './dying-disk.fixture.ts';
import { startContent } from './server.ts';

const base = 'http://content/fabric/v4/projects/p/content';
const log = 'http://content/internal/logs/p/run-1';
const logText = `${base}/tasks/run-1/log.txt`;
const answerDeadlineMs = 5_000;

/** One request of a client, and what is there when it was answered. */
interface Step {
  readonly url: string;
  readonly method: 'POST' | 'DELETE';
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly key: string;
  /** Undefined: nothing. */
  readonly leaves: string | undefined;
}

const put = (key: string, body: string, headers = {}): Step => ({
  url: `${base}/${key}`,
  method: 'POST',
  body,
  headers,
  key,
  leaves: body,
});
const remove = (key: string): Step => ({ url: `${base}/${key}`, method: 'DELETE', key, leaves: undefined });
const logKey = 'tasks/run-1/log.txt';
const stamped = (line: string, index: number) => `2026-01-01T00:00:0${index}.000000000Z ${line}`;
const batch = (line: number, lines: readonly string[], leaves: string, more = ''): Step => ({
  url: `${log}?line=${line}${more}`,
  method: 'POST',
  body: lines.map((text, index) => stamped(text, line + index)).join(''),
  headers: { 'x-log-ledger': '{"from":"test"}' },
  key: logKey,
  leaves,
});

const large = 'large '.repeat(20_000);
const steps: readonly Step[] = [
  put('a', 'one'),
  put('a', 'two'),
  put('folder/b', large),
  put('short', 'soon gone', { 'x-content-ttl': '60' }),
  remove('folder/b'),
  batch(0, ['first\n', 'second\n'], 'first\nsecond\n'),
  batch(2, ['third\n'], 'first\nsecond\nthird\n'),
  batch(3, ['last, without line feed'], 'first\nsecond\nthird\nlast, without line feed', '&complete=true'),
  put('c', large),
  remove('a'),
];

class Bench {
  readonly simulation: Simulation;
  readonly #client: SimulatedProcess;
  content: SimulatedProcess;
  wasKilled = false;

  private constructor(seed: number) {
    this.simulation = new Simulation({ seed, startAt: Date.UTC(2026, 0, 1) });
    this.#client = this.simulation.process('client');
    this.content = this.simulation.process('content');
  }

  static async open(seed: number, death: Death): Promise<Bench> {
    const bench = new Bench(seed);
    await bench.#start(death);
    return bench;
  }

  /** Starts content again if it has been killed, as often as it takes. */
  async revive(): Promise<void> {
    if (!this.content.killed) return;
    this.wasKilled = true;
    this.content = this.simulation.process('content');
    await this.#start();
  }

  async #start(death?: Death): Promise<void> {
    const { content } = this;
    const died = new Promise<void>((resolve) => content.life.onEnd(resolve));
    const world = dyingWorld(content, death);
    const starting = openFolderBlobs({ world, folder: '/content' }).then((blobs) =>
      startContent({ world, address: 'content:80', blobs, sweepIntervalMs: 10_000 }),
    );
    await this.simulation.run(Promise.race([starting, died]));
    await this.revive();
  }

  async ask(url: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) {
    const ended = new AbortController();
    const timer = this.#client.clock.after(answerDeadlineMs, () => ended.abort(new Error('no answer')));
    const asked = async () => {
      const answer = await this.#client.network.fetch(url, { ...init, signal: ended.signal });
      const text = await answer.text();
      return { status: answer.status, text, size: Number(answer.headers.get('content-length')) };
    };
    try {
      return await this.simulation.run(asked());
    } finally {
      timer.cancel();
    }
  }

  /** What a client sees under the key. */
  async shown(key: string): Promise<string | undefined> {
    const { status, text, size } = await this.ask(`${base}/${key}`);
    const head = await this.ask(`${base}/${key}`, { method: 'HEAD' });
    const list = JSON.parse((await this.ask(base)).text) as { Key: string; Size: number }[];
    const listed = list.find(({ Key }) => Key === key);
    if (status === 404) {
      expect([head.status, listed]).toEqual([404, undefined]);
      return undefined;
    }
    const bytes = Buffer.byteLength(text);
    expect([status, size, head.size, listed?.Size]).toEqual([200, bytes, bytes, bytes]);
    return text;
  }

  /** Bytes, rows, ranges and counts of the log are one. */
  async logAgrees(): Promise<void> {
    const text = (await this.shown(logKey)) ?? '';
    const facts = await this.ask(log);
    if (facts.status === 404) return expect(text).toBe('');
    const rows = JSON.parse((await this.ask(`${log}/rows?limit=0`)).text) as {
      rows: { text: string }[];
      lines: number;
    };
    expect(JSON.parse(facts.text)).toMatchObject({ bytes: Buffer.byteLength(text), lines: rows.rows.length });
    expect(rows.rows.map((row) => row.text).join('\n')).toBe(text.replace(/\n$/, ''));
    if (text.length < 4) return;
    const range = await this.ask(logText, { headers: { range: 'bytes=-4' } });
    expect(range.text).toBe(text.slice(-4));
  }

  async filesIn(folder: string): Promise<number> {
    return (await this.simulation.run(this.content.files.list(folder))).length;
  }
}

/** Plays all steps, each until it is answered; false when content was never killed. */
async function playWithKill(death: Death): Promise<boolean> {
  const bench = await Bench.open(7 + death.at, death);
  const place = `killed ${death.moment} write ${death.at}`;
  const held = new Map<string, string | undefined>();
  for (const step of steps) {
    await play(bench, step, held, place);
  }
  await bench.simulation.advance(120_000);
  await bench.revive();
  held.set('short', undefined);
  for (const [key, text] of held) expect(await bench.shown(key), `${place}, at the end ${key}`).toBe(text);
  await bench.logAgrees();
  const { wasKilled } = bench;
  // A start and a sweep remove what a kill left: the object c, and the log with what stands beside it.
  bench.content.kill();
  await bench.revive();
  await bench.simulation.advance(20_000);
  expect([await bench.filesIn('/content/drafts'), await bench.filesIn('/content/data')], place).toEqual([0, 5]);
  await bench.ask(logText, { method: 'DELETE' });
  expect(await bench.filesIn('/content/data'), place).toBe(1);
  return wasKilled;
}

async function play(bench: Bench, step: Step, held: Map<string, string | undefined>, place: string): Promise<void> {
  const { url, method, body, headers, key, leaves } = step;
  for (;;) {
    const answer = await bench.ask(url, { method, body, headers }).catch(() => undefined);
    const wasKilled = bench.content.killed;
    await bench.revive();
    if (!wasKilled)
      expect(answer?.status, place).toSatisfy((status) => status === 200 || status === 404 || status === 409);
    if (answer && answer.status < 500) break;
    // Not acknowledged: it has happened as a whole or not at all.
    const shown = await bench.shown(key);
    expect([held.get(key), leaves], `${place}, unanswered ${method} ${key}`).toContain(shown);
    for (const [other, text] of held) {
      if (other !== key) expect(await bench.shown(other), `${place}, ${other}`).toBe(text);
    }
    await bench.logAgrees();
  }
  held.set(key, leaves);
}

describe('content that is killed at every write', () => {
  test.each<Moment>(['before', 'in the middle', 'after'])('loses nothing and leaves nothing (%s)', async (moment) => {
    let at = 1;
    while (await playWithKill({ at, moment })) at += 1;
    expect(at - 1).toBeGreaterThan(60);
  });
});
