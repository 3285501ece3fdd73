/**
 * What questions about a log must be told, whatever store it lies in, held against a plain model. Each store's test
 * calls this.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlobsBench } from '../blobs/contract.ts';
import { LogStore } from './append.ts';
import {
  attempts,
  batchesOf,
  type ModelAttempt,
  type ModelLine,
  type ModelQuery,
  modelRows,
  printed,
  queries,
} from './model.fixture.ts';
import { queryRows } from './query.ts';
import type { Row } from './rows.ts';
import { type SearchEnd, searchRows } from './search/search.ts';
import { textPattern } from './search/text-pattern.ts';
import type { StoredLog } from './stored-log.ts';
import { noLog, withTail } from './tail.ts';

interface Answer {
  readonly rows: readonly Row[];
  readonly end: SearchEnd;
}

/** Rows and what is told at the end, of a question with or without a text. */
export async function answerOf(log: StoredLog, { contains, ignoreCase, ...query }: ModelQuery): Promise<Answer> {
  if (contains === undefined) {
    const { rows, ...end } = await queryRows(log, query);
    return { rows, end };
  }
  const rows: Row[] = [];
  const found = searchRows(log, { ...query, pattern: textPattern(contains, ignoreCase) });
  for (;;) {
    const { done, value } = await found.next();
    if (done) return { rows, end: value };
    rows.push(...value);
  }
}

/** Describes what is read of logs in one store. `runs`: how many logs are tried. */
export function describeLogReading(name: string, open: () => Promise<BlobsBench>, runs: number): void {
  describe(`rows of logs in ${name}`, () => {
    it('are those of a plain list of lines, for every question', { timeout: 120_000 }, async () => {
      const { blobs, run } = await open();
      const logs = new LogStore(blobs);
      let folders = 0;
      const property = fc.asyncProperty(
        attempts,
        fc.array(queries, { minLength: 12, maxLength: 12 }),
        async (...given) => {
          const folder = `f${folders++}`;
          const [runOfTask, asked] = given;
          await run(store(logs, folder, runOfTask));
          const lines = runOfTask.flatMap((attempt) => attempt.lines);
          for (const query of asked) {
            const opened = await run(logs.open('p', folder));
            if (!opened) throw new Error('the log is not there');
            const answer = await run(answerOf(opened.log, query));
            expectRows(answer, lines, query);
          }
        },
      );
      await fc.assert(property, { numRuns: runs });
    });

    it('go on page by page where the answer says, each hit once, also while the log grows', async () => {
      const { blobs, run } = await open();
      const logs = new LogStore(blobs);
      let folders = 0;
      const small = queries.map((query) => ({ ...query, offset: 0, limit: Math.min(query.limit, 8) }));
      const property = fc.asyncProperty(attempts, small, async (runOfTask, query) => {
        const folder = `paged${folders++}`;
        const lines = runOfTask.flatMap((attempt) => attempt.lines);
        await run(store(logs, folder, runOfTask));
        const seen: number[] = [];
        let line = lines.length;
        for (let next: ModelQuery | undefined = query; next; line++) {
          const opened = await run(logs.open('p', folder));
          if (!opened) throw new Error('the log is not there');
          const { rows, end }: Answer = await run(answerOf(opened.log, next));
          const wanted = modelRows(lines, { ...next, beforeLines: 0, afterLines: 0 });
          seen.push(...wanted.rows.map((row) => row.line));
          expect(rows.map((row) => row.line)).toEqual(expect.arrayContaining(wanted.rows.map((row) => row.line)));
          next = end.next && { ...next, ...boundOf(end.next) };
          if (query.sort === 'newest') await run(store(logs, folder, [grown], line));
        }
        const all = modelRows(lines, { ...query, limit: 10_000, beforeLines: 0, afterLines: 0 });
        expect(seen).toEqual(all.rows.map((row) => row.line));
      });
      await fc.assert(property, { numRuns: runs });
    });

    it('are the same before and after their lines are stored, wherever the stored part ends', async () => {
      const { blobs, run } = await open();
      const logs = new LogStore(blobs);
      let folders = 0;
      const property = fc.asyncProperty(
        attempts,
        queries,
        fc.nat(),
        fc.nat(2),
        async (runOfTask, query, cut, behind) => {
          const folder = `tail${folders++}`;
          const printedRun = joinedLines(runOfTask);
          const storedBytes = cut % (printedRun.length + 1);
          const batch = { line: 0, offset: 0, begin: false, complete: false };
          await run(logs.append('p', folder, batch, body(printedRun.subarray(0, storedBytes))));
          const before = (await run(logs.open('p', folder)))?.log;
          // What was read of the pod begins at the end of what is stored, or a few lines before it: the store went on
          // meanwhile.
          const line = Math.max(0, (before?.end.lines ?? 0) - behind);
          const tail = { line, isComplete: true, body: body(fromLine(printedRun, line)) };
          const live = await run(withTail(before ?? noLog('p', folder), tail).then((log) => answerOf(log, query)));
          const lines = runOfTask.flatMap((attempt) => attempt.lines);
          expectRows(live, lines, query);
          const { lines: next = 0, partialBytes: offset = 0 } = before?.end ?? {};
          const rest = fromLine(printedRun, next).subarray(offset === 0 ? 0 : timeBytes + offset);
          await run(logs.append('p', folder, { ...batch, line: next, offset, complete: true }, body(rest)));
          const stored = await run(logs.open('p', folder));
          if (!stored) throw new Error('the log is not there');
          expect(live).toEqual(await run(answerOf(stored.log, query)));
        },
      );
      await fc.assert(property, { numRuns: runs });
    });

    it('have no line that is not whole yet', async () => {
      const { blobs, run } = await open();
      const logs = new LogStore(blobs);
      const stamped = Buffer.from('2026-01-01T00:00:00.000000000Z whole\n2026-01-01T00:00:00.000000000Z half');
      const batch = { line: 0, offset: 0, begin: false, complete: false };
      await run(logs.append('p', 'half', batch, body(stamped)));
      const opened = await run(logs.open('p', 'half'));
      const query = { limit: 9, offset: 0, sort: 'oldest', beforeLines: 0, afterLines: 0, ignoreCase: false } as const;
      for (const contains of [undefined, 'h']) {
        const { rows, end } = await run(answerOf(opened?.log as StoredLog, { ...query, contains }));
        expect([rows.map(({ text }) => text), end.matching]).toEqual([['whole'], 1]);
      }
    });
  });
}

/** The time before a line, and a space. */
const timeBytes = 31;

const grown: ModelAttempt = { lines: [{ bytes: Buffer.from('ab é grown'), at: 60_000 }], isTerminated: true };

function boundOf(next: NonNullable<SearchEnd['next']>) {
  return 'after' in next ? { after: { line: next.after } } : { before: { line: next.before } };
}

function expectRows({ rows, end }: Answer, lines: readonly ModelLine[], query: ModelQuery): void {
  const model = modelRows(lines, query);
  expect(rows).toEqual(model.rows);
  expect(end.truncated).toBe(false);
  if (end.matching !== undefined) expect(end.matching).toBe(model.matching);
  else expect(end.next).toBeDefined();
}

/** Stores the attempts, each in batches of its bytes as they are printed. */
async function store(logs: LogStore, folder: string, given: readonly ModelAttempt[], line = 0): Promise<void> {
  for (const { batch, bytes } of batchesOf(given)) {
    const begin = batch.begin || line > 0;
    await logs.append('p', folder, { ...batch, line: line + batch.line, begin }, body(bytes));
  }
}

/** All attempts as one stream, each on a line of its own. */
function joinedLines(given: readonly ModelAttempt[]): Buffer {
  const parts = given.map((attempt, index) => {
    return printed(index < given.length - 1 ? { ...attempt, isTerminated: true } : attempt);
  });
  return Buffer.concat(parts);
}

/** Of what the log API prints, from that line on. */
function fromLine(bytes: Buffer, line: number): Buffer {
  let start = 0;
  for (let left = line; left > 0; left--) start = bytes.indexOf('\n', start) + 1;
  // The last line may have no line feed.
  return line > 0 && start === 0 ? Buffer.alloc(0) : bytes.subarray(start);
}

/** In chunks whose borders fall anywhere. */
async function* body(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += 70_001) yield bytes.subarray(start, start + 70_001);
}
