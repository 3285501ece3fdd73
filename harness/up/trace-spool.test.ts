import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TraceSpool } from './trace-spool.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-spool-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (pieces: Iterable<Buffer>) =>
  Buffer.concat([...pieces])
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { at?: number; topic?: string });

test('gives back what was written; of a long run the newest, and says so; the disk stays flat, also while somebody reads', () => {
  const limit = 200_000;
  const spool = new TraceSpool(join(folder, 'trace.ndjson'), limit);
  const write = (from: number, count: number) => {
    for (let at = from; at < from + count; at++) spool.write({ type: 'note', at, topic: 'x', facts: {} });
  };
  write(0, 1_000);
  expect(linesOf(spool.read()).map(({ at }) => at)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  const reader = spool.read();
  const first = reader.next().value as Buffer;
  write(1_000, 50_000);
  expect(linesOf([first, ...reader]).map(({ at }) => at)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  const [gap, ...kept] = linesOf(spool.read());
  expect(gap?.topic).toBe('older events are not kept');
  expect(kept.at(-1)?.at).toBe(50_999);
  expect(kept.map(({ at }) => at)).toEqual(kept.map((_, index) => 51_000 - kept.length + index));
  const onDisk = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(onDisk).toBeGreaterThanOrEqual(limit);
  expect(onDisk).toBeLessThan(3 * limit);
  spool.close();
});
