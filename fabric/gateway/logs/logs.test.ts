/** Logs of tasks over HTTP: whole, in rows, raw, and followed in both modes (contract 3.4.3, 3.4.4). */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import { type Bench, openBench, report, tasksPath } from '../bench.fixture.ts';

const key = 'tasks/f/log.txt';
const logsPath = `${tasksPath}/task-u1/logs`;

async function store(bench: Bench, text: string): Promise<void> {
  const lines = text.split('\n').slice(0, -1);
  const stamped = lines
    .map((line, index) => `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}.000000000Z ${line}\n`)
    .join('');
  const url = 'http://content/internal/logs/proj1/f?line=0&complete=true';
  await bench.simulation.run(
    bench.network.fetch(url, { method: 'POST', body: stamped }).then((answer) => answer.text()),
  );
}

async function ended(text: string) {
  const bench = await openBench();
  const logs = { key, lines: 1, bytes: text.length, complete: true, missing: [] };
  await bench.ask(...report('u1', { state: 'COMPLETE', logs }));
  await store(bench, text);
  return bench;
}

/** What a follower reads, each read with its time. */
async function follow(bench: Bench, headers: Record<string, string> = {}) {
  const reads: { at: number; text: string }[] = [];
  const following = (async () => {
    const answer = await bench.network.fetch(`http://gateway${logsPath}?follow=true&verbose=false`, { headers });
    for await (const chunk of answer.body ?? []) {
      reads.push({ at: bench.simulation.now(), text: Buffer.from(chunk).toString('utf8') });
    }
  })();
  return { reads, following, events: () => eventsOf(reads.map(({ text }) => text).join('')) };
}

function eventsOf(stream: string) {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as '' | { log: string });
}

describe('the log of an ended task', () => {
  it('is one string', async () => {
    const { ask } = await ended('one\ntwo\n');
    expect((await ask(`${logsPath}?follow=false&verbose=false`)).json).toEqual({ success: true, logs: 'one\ntwo\n' });
  });

  it('is cut to its end when it is long, and says so', async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => `line ${index}\n`).join('');
    const { ask } = await ended(text);
    const { json } = await ask(logsPath);
    expect(json).toMatchObject({ success: true, truncated: true, key });
    expect(json.logs.length).toBeGreaterThan(1024 * 1024 - 20);
    expect(text.endsWith(`\n${json.logs}`)).toBe(true);
  });

  it('comes in rows and raw', async () => {
    const { ask } = await ended('one\ntwo\nthree\n');
    const { json } = await ask(`${logsPath}?format=rows&sort=newest&limit=2`);
    expect(json.rows).toEqual([
      { line: 2, timestamp: '2026-01-01T00:00:02.000000000Z', stream: 'unknown', text: 'three' },
      { line: 1, timestamp: '2026-01-01T00:00:01.000000000Z', stream: 'unknown', text: 'two' },
    ]);
    const raw = await ask(`${logsPath}?raw=true`, { headers: { range: 'bytes=-6' } });
    expect([raw.status, raw.text]).toEqual([206, 'three\n']);
  });

  it('is followed to its end by standard events, whose texts are the log, from any offset', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `é${index}\n`).join('');
    const bench = await ended(text);
    const whole = await follow(bench, { accept: 'text/event-stream' });
    await bench.simulation.run(whole.following);
    expect(
      whole
        .events()
        .map((event) => (event === '' ? '' : event.log))
        .join(''),
    ).toBe(text);
    const middle = Buffer.byteLength('é0\né1\n');
    const rest = await follow(bench, { accept: 'text/event-stream', 'last-event-id': String(middle) });
    await bench.simulation.run(rest.following);
    expect(
      rest
        .events()
        .map((event) => (event === '' ? '' : event.log))
        .join(''),
    ).toBe(text.slice('é0\né1\n'.length));
    const end = await follow(bench, { accept: 'text/event-stream', 'last-event-id': String(Buffer.byteLength(text)) });
    await bench.simulation.run(end.following);
    expect(end.events()).toEqual([]);
  });

  it('is followed at a pace without Accept: small events, 32 KiB in half a second at most, and what is left out is said', async () => {
    const text = `${'x'.repeat(300_000)}\n${Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('')}`;
    const bench = await ended(text);
    const followed = await follow(bench);
    await bench.simulation.run(followed.following);
    const stream = followed.reads.map((read) => read.text).join('');
    for (const line of stream.split('\n')) expect(line === '' || line.startsWith('data: ')).toBe(true);
    const [first, ...events] = followed.events();
    expect(first).toBe('');
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(8 * 1024);
    const startAt = followed.reads[0]?.at ?? 0;
    for (let from = startAt; from < (followed.reads.at(-1)?.at ?? 0); from += 250) {
      const within = followed.reads.filter(({ at }) => at >= from && at < from + 490);
      expect(within.reduce((sum, read) => sum + read.text.length, 0)).toBeLessThanOrEqual(32 * 1024);
    }
    const lines = events.flatMap((event) => (event ? event.log.split('\n') : []));
    expect(lines[0]).toMatch(/bytes skipped.*tasks\/f\/log\.txt/);
    expect(lines.at(-1)).toBe('line 19999');
  });
});

describe('the log of a task that runs', () => {
  async function running() {
    const wakers: (() => void)[] = [];
    const printed: string[] = [];
    let hasEnded = false;
    const bench = await openBench({
      podLog: async (_namespace, _pod, options, signal) =>
        (async function* () {
          for (let next = 0; ; ) {
            for (; next < printed.length; next++) yield Buffer.from(printed[next] ?? '');
            if (!options.follow || hasEnded) return;
            await new Promise<void>((resolve) => {
              wakers.push(resolve);
              signal?.addEventListener('abort', () => resolve(), { once: true });
            });
            if (signal?.aborted) throw signal.reason;
          }
        })(),
    });
    await bench.ask(...report('u1', { state: 'ACTIVE', namespace: 'default', jobName: 'job' }));
    const status = (terminated: boolean) => ({
      phase: terminated ? 'Succeeded' : 'Running',
      containerStatuses: [{ name: 'main', state: terminated ? { terminated: { exitCode: 0 } } : { running: {} } }],
    });
    const labels = { 'batch.kubernetes.io/controller-uid': 'u1' };
    const begin = (name: string, terminated = false) => {
      const metadata = { name, namespace: 'default', labels };
      const spec = { containers: [{ name: 'main', image: 'actor' }] };
      bench.cluster.create<Pod>(pods, { metadata, spec, status: status(terminated) } as unknown as Pod);
    };
    begin('pod');
    const wake = () => wakers.splice(0).forEach((resolve) => void resolve());
    const print = (text: string) => {
      printed.push(text);
      wake();
    };
    const end = async () => {
      bench.cluster.patch(pods, 'default', 'pod', { status: status(true) });
      hasEnded = true;
      wake();
      await bench.ask(...report('u1', { state: 'COMPLETE', sequence: 2 }));
    };
    return { bench, print, end, begin };
  }

  it('is read from its pod', async () => {
    const { bench, print } = await running();
    print('so far\n');
    expect((await bench.ask(logsPath)).json).toEqual({ success: true, logs: 'so far\n' });
  });

  it('has each attempt on a line of its own, as it will be stored', async () => {
    const { bench, print, end, begin } = await running();
    print('no line feed');
    begin('pod-2', true);
    await end();
    expect((await bench.ask(logsPath)).json.logs).toBe('no line feed\nno line feed');
    const headers = { accept: 'text/event-stream', 'last-event-id': '5' };
    const following = bench.network.fetch(`http://gateway${logsPath}?follow=true`, { headers });
    const text = await bench.simulation.run(following.then((answer) => answer.text()));
    const logs = eventsOf(text).map((event) => (event === '' ? '' : event.log));
    expect(logs.join('')).toBe('ne feed\nno line feed');
  });

  it('is followed until the task has ended, with heartbeats while it is silent', async () => {
    const { bench, print, end } = await running();
    print('first\n');
    const followed = await follow(bench);
    await bench.simulation.advance(700);
    expect(followed.events()).toEqual(['', { log: 'first' }]);
    await bench.simulation.advance(30_000);
    expect(followed.events().filter((event) => event === '').length).toBeGreaterThanOrEqual(2);
    print('second\n\nlast');
    await end();
    await bench.simulation.run(followed.following);
    expect(followed.events().filter((event) => event !== '')).toEqual([
      { log: 'first' },
      { log: 'second' },
      { log: 'last' },
    ]);
  });

  it('skips ahead when it outruns the pace, and says how much', async () => {
    const { bench, print, end } = await running();
    const followed = await follow(bench);
    await bench.simulation.advance(600);
    for (let batch = 0; batch < 10; batch++) print(`${String(batch).repeat(99)}\n`.repeat(1000));
    await end();
    await bench.simulation.run(followed.following);
    const lines = followed.events().flatMap((event) => (event ? event.log.split('\n') : []));
    const skipped = Number(/\[\.\.\. (\d+) bytes skipped/.exec(lines[0] ?? '')?.[1]);
    expect(skipped + (lines.length - 1) * 100).toBe(1_000_000);
  });

  it('ends when the client goes away', async () => {
    const { bench, print } = await running();
    const leaving = new AbortController();
    const following = bench.network
      .fetch(`http://gateway${logsPath}?follow=true`, { signal: leaving.signal })
      .then((answer) => answer.text());
    following.catch(() => undefined);
    await bench.simulation.advance(1000);
    leaving.abort();
    print('nobody reads this\n');
    await bench.simulation.advance(60_000);
    expect((await bench.ask(logsPath)).json.logs).toBe('nobody reads this\n');
  });
});
