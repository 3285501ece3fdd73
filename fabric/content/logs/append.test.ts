/** Logs by line number: whatever the batches, breaks and kills, the stored text is the log without its times. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { openFolderBlobs } from '../blobs/folder/folder.ts';
import { type Batch, LogMismatchError, LogStore } from './append.ts';
import { LogFormatError } from './parse.ts';
import { queryRows, type RowQuery } from './query.ts';
import { openLog } from './stored-log.ts';

async function bench() {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  const logs = new LogStore(blobs);
  const append = (batch: Partial<Batch>, ...chunks: string[]) =>
    simulation.run(
      logs.append('p', 'f', { line: 0, offset: 0, begin: false, complete: false, ...batch }, body(chunks)),
    );
  return { simulation, blobs, logs, append };
}

async function* body(chunks: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function textOf(blobs: Blobs): Promise<string> {
  const open = await blobs.get('content/p/tasks/f/log.txt');
  const chunks: Buffer[] = [];
  if (open) for await (const chunk of open.stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function pageOf(blobs: Blobs, query: RowQuery) {
  const log = await openLog(blobs, 'p', 'f');
  // Of a log without any byte nothing is stored yet.
  return log ? queryRows(log, query) : { rows: [] };
}

/** A line as the log API prints it; its time is `index` milliseconds after a start. */
function stamped(index: number, text: string): string {
  return `${new Date(Date.UTC(2026, 0, 1) + index).toISOString().slice(0, -1)}000000Z ${text}`;
}

describe('appending', () => {
  it('stores text without times, and tells where the log stands', async () => {
    const { simulation, blobs, append } = await bench();
    await append({ line: 0 }, stamped(0, 'one\n'), stamped(1, 'two\n'));
    const facts = await append({ line: 2, complete: true, ledger: { lines: 3 } }, stamped(1500, 'three\n'));
    expect(facts).toEqual({
      key: 'tasks/f/log.txt',
      lines: 3,
      bytes: 14,
      partialBytes: 0,
      lastTimestamp: '2026-01-01T00:00:01.500000000Z',
      resume: { sinceTime: '2026-01-01T00:00:00Z', skipLines: 3, firstTimestamp: '2026-01-01T00:00:00.000000000Z' },
      complete: true,
      ledger: { lines: 3 },
    });
    expect(await simulation.run(textOf(blobs))).toBe('one\ntwo\nthree\n');
  });

  it('refuses a batch that does not begin where the log ends, with the facts', async () => {
    const { append } = await bench();
    await append({ line: 0 }, stamped(0, 'one\n'));
    for (const batch of [{ line: 0 }, { line: 2 }, { line: 1, offset: 3 }]) {
      const refused = await append(batch, stamped(1, 'x\n')).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(LogMismatchError);
      expect((refused as LogMismatchError).facts).toMatchObject({ lines: 1, bytes: 4 });
    }
  });

  it('refuses a line without a time', async () => {
    const { append } = await bench();
    await expect(append({}, 'no time here\n')).rejects.toBeInstanceOf(LogFormatError);
    await expect(append({}, 'no-time-and-no-space\n')).rejects.toBeInstanceOf(LogFormatError);
  });

  it('keeps a last line without line feed exactly, and counts it', async () => {
    const { simulation, blobs, append } = await bench();
    const facts = await append({ complete: true }, stamped(0, 'one\n'), stamped(1, 'end'));
    expect(facts).toMatchObject({ lines: 2, bytes: 7, partialBytes: 0, complete: true });
    expect(await simulation.run(textOf(blobs))).toBe('one\nend');
  });

  it('sets the log of a second pod behind that of the first, on a line of its own', async () => {
    const { simulation, blobs, append } = await bench();
    await append({ complete: true }, stamped(0, 'first'));
    const facts = await append({ line: 1, begin: true }, stamped(5000, 'second\n'));
    expect(facts).toMatchObject({ lines: 2, complete: false, resume: { skipLines: 1 } });
    expect(await simulation.run(textOf(blobs))).toBe('first\nsecond\n');
  });

  it('goes on inside a line that is longer than a batch', async () => {
    const { simulation, blobs, append } = await bench();
    const facts = await append({}, stamped(0, 'abc'));
    expect(facts).toMatchObject({ lines: 0, partialBytes: 3, bytes: 3 });
    await append({ line: 0, offset: 3 }, 'def\n', stamped(1, 'x\n'));
    expect(await simulation.run(textOf(blobs))).toBe('abcdef\nx\n');
  });

  it('a repeated completion changes nothing', async () => {
    const { append } = await bench();
    const first = await append({ complete: true, ledger: { a: 1 } }, stamped(0, 'one\n'));
    expect(await append({ line: 1, complete: true, ledger: { a: 1 } })).toEqual(first);
  });

  it('a log without any line is complete too', async () => {
    const { append } = await bench();
    expect(await append({ complete: true })).toMatchObject({ lines: 0, bytes: 0, complete: true });
  });

  it('forgets a log whose text was deleted, and begins anew', async () => {
    const { simulation, blobs, logs, append } = await bench();
    await append({ line: 0 }, stamped(0, 'one\n'));
    await simulation.run(blobs.delete('content/p/tasks/f/log.txt'));
    expect(await simulation.run(logs.facts('p', 'f'))).toBeUndefined();
    expect(await append({ line: 0 }, stamped(0, 'new\n'))).toMatchObject({ lines: 1, bytes: 4 });
  });

  it('whatever the batches and chunks, the text is the log without its times', async () => {
    const lines = fc.array(fc.tuple(fc.string({ maxLength: 40 }), fc.nat(3000)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(2000)), fc.array(fc.nat(2000)), async (drawn, cuts, chunkCuts) => {
        const { simulation, blobs, append } = await bench();
        const texts = drawn.map(([text]) => text.replaceAll('\n', ' '));
        const stampedLines = texts.map((text, index) => stamped((drawn[index]?.[1] ?? 0) * 7, `${text}\n`));
        const borders = [...new Set([0, ...cuts.map((cut) => cut % (texts.length + 1)), texts.length])].sort(
          (a, b) => a - b,
        );
        for (const [index, from] of borders.slice(0, -1).entries()) {
          const bytes = Buffer.from(stampedLines.slice(from, borders[index + 1]).join(''));
          await append({ line: from }, ...(chunked(bytes, chunkCuts) as unknown as string[]));
        }
        expect(await simulation.run(textOf(blobs))).toBe(texts.map((text) => `${text}\n`).join(''));
        const page = await simulation.run(pageOf(blobs, { limit: 100, offset: 0, sort: 'oldest' }));
        expect(page.rows.map((row) => `${row.timestamp} ${row.text}\n`)).toEqual(stampedLines);
      }),
      { numRuns: 40 },
    );
  });
});

function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const borders = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return borders.slice(0, -1).map((from, index) => bytes.subarray(from, borders[index + 1]));
}

describe('a process killed between two writes', () => {
  it('goes on where the index ends: nothing twice, nothing lost', async () => {
    for (let writes = 0; writes < 12; writes++) {
      const { simulation, blobs } = await bench();
      let left = writes;
      const mortal = new Proxy(blobs, {
        get(target, member: keyof Blobs) {
          const method = target[member].bind(target) as (...parameters: unknown[]) => Promise<unknown>;
          if (member !== 'append' && member !== 'put') return method;
          return (...parameters: unknown[]) =>
            left-- > 0 ? method(...parameters) : Promise.reject(new Error('killed'));
        },
      });
      const lines = Array.from({ length: 6 }, (_, index) => stamped(index, `line ${index}\n`));
      const batch = { offset: 0, begin: false, complete: false };
      const dying = new LogStore(mortal);
      for (let line = 0; line < 6; line += 2) {
        const sent = dying.append('p', 'f', { ...batch, line }, body(lines.slice(line, line + 2)));
        if (
          await simulation.run(
            sent.then(
              () => false,
              () => true,
            ),
          )
        )
          break;
      }
      const reborn = new LogStore(blobs);
      const stands = (await simulation.run(reborn.facts('p', 'f')))?.lines ?? 0;
      await simulation.run(reborn.append('p', 'f', { ...batch, line: stands }, body(lines.slice(stands))));
      expect(await simulation.run(textOf(blobs))).toBe(lines.map((line) => line.slice(31)).join(''));
      const page = await simulation.run(pageOf(blobs, { limit: 10, offset: 0, sort: 'newest' }));
      expect(page.rows.map((row) => row.line)).toEqual([5, 4, 3, 2, 1, 0]);
    }
  });
});

describe('rows', () => {
  const total = 5000;

  async function longLog() {
    const made = await bench();
    const lines = Array.from({ length: total }, (_, index) =>
      stamped(index * 10, `${index} ${'x'.repeat(index % 97)}\n`),
    );
    await made.append({}, ...lines);
    const rows = async (query: Partial<RowQuery>) => {
      const page = pageOf(made.blobs, { limit: 100, offset: 0, sort: 'oldest', ...query });
      return (await made.simulation.run(page)).rows.map((row) => row.line);
    };
    return { ...made, rows };
  }

  it('answer any page from either end, between lines and between instants', async () => {
    const { rows } = await longLog();
    const model = Array.from({ length: total }, (_, index) => index);
    const instant = (line: number) => ({
      instant: {
        seconds: Date.UTC(2026, 0, 1) / 1000 + Math.floor(line / 100),
        nanoseconds: (line % 100) * 10_000_000,
      },
    });
    const bound = fc.option(fc.tuple(fc.nat(total + 50), fc.boolean()), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.nat(total + 100),
        fc.constantFrom('oldest' as const, 'newest' as const),
        bound,
        bound,
        async (limit, offset, sort, after, before) => {
          const asBound = (given: [number, boolean] | undefined) =>
            given && (given[1] ? instant(given[0]) : { line: given[0] });
          const left = model.filter((line) => (!after || line > after[0]) && (!before || line < before[0]));
          if (sort === 'newest') left.reverse();
          const found = await rows({ limit, offset, sort, after: asBound(after), before: asBound(before) });
          expect(found).toEqual(left.slice(offset, offset + limit));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of the end of a log read no more than one step of the index before them', async () => {
    const { simulation, blobs } = await longLog();
    let bytesRead = 0;
    const counted = new Proxy(blobs, {
      get(target, member: keyof Blobs) {
        if (member !== 'get') return target[member].bind(target);
        return async (...parameters: Parameters<Blobs['get']>) => {
          const open = await target.get(...parameters);
          if (open && parameters[0].endsWith('log.txt')) bytesRead += open.range.end - open.range.start;
          return open;
        };
      },
    });
    const page = await simulation.run(pageOf(counted, { limit: 10, offset: 0, sort: 'newest' }));
    expect(page.rows[0]?.line).toBe(total - 1);
    expect(bytesRead).toBeLessThan(2 * 65_536);
  });
});
