/** The files of one container's log as its node has them: named, found by time, compressed. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ApiStatusError, type NodeLogs } from '../../../../kubernetes/client.ts';
import { parseInstant } from '../../../podlog/instant.ts';
import { filesIn } from './listing.ts';
import { NodeFiles } from './node-files.ts';
import { offsetOf } from './search.ts';

const signal = new AbortController().signal;
const place = { node: 'node-1', namespace: 'n', pod: 'p', uid: 'u', container: 'main' };

function recordsOf(from: number, count: number): string {
  const records = Array.from({ length: count }, (_, index) => {
    const second = String(Math.floor((from + index) / 10)).padStart(2, '0');
    return `2026-01-01T00:00:${second}.${(from + index) % 10}Z stdout F line ${from + index}\n`;
  });
  return records.join('');
}

function linesOf(from: number, count: number): string {
  return recordsOf(from, count).replaceAll(' stdout F', '');
}

class FolderOfLogs implements NodeLogs {
  files: Record<string, Buffer> = {};

  async nodeLog(
    _node: string,
    path: string,
    range: { readonly start: number; readonly end?: number } | undefined,
  ): Promise<AsyncIterable<Buffer>> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const links = Object.keys(this.files).map((each) => `<a href="${each}">${each}</a>`);
    const bytes = name === '' ? Buffer.from(links.join('\n')) : this.files[name];
    if (!bytes) throw new ApiStatusError(404, { code: 404, message: 'not found' });
    const { start = 0, end } = range ?? {};
    if (start > 0 && start >= bytes.length) throw new ApiStatusError(416, { code: 416, message: 'behind the end' });
    return (async function* () {
      yield Buffer.from(bytes.subarray(start, end));
    })();
  }
}

async function textOf(files: NodeFiles, since?: string): Promise<string> {
  let text = '';
  for await (const chunk of await files.read(since === undefined ? undefined : parseInstant(since), signal))
    text += chunk;
  return text;
}

describe('the list of files', () => {
  it('begins with the oldest and has those of the newest instance alone', () => {
    const names = [
      '0.log',
      '1.log',
      '1.log.20260101-000020',
      '1.log.20260101-000010.gz',
      '1.log.20260101-000010.tmp',
      '1.log.20251231-235950.gz',
      'other',
    ];
    const page = names.map((name) => `<a href="${name}">${name}</a>`).join('\n');
    expect(filesIn(page).map(({ name }) => name)).toEqual([
      '1.log.20251231-235950.gz',
      '1.log.20260101-000010.gz',
      '1.log.20260101-000020',
      '1.log',
    ]);
  });

  it('has a file once that is being compressed', () => {
    const page = '<a href="0.log"></a><a href="0.log.20260101-000010.gz"></a><a href="0.log.20260101-000010"></a>';
    expect(filesIn(page).map(({ name }) => name)).toEqual(['0.log.20260101-000010', '0.log']);
  });

  it('is empty for a page without logs', () => {
    expect(filesIn('<pre></pre>')).toEqual([]);
  });
});

describe('a log in several files', () => {
  it('is read through, compressed ones too', async () => {
    const logs = new FolderOfLogs();
    logs.files = {
      '0.log': Buffer.from(recordsOf(60, 30)),
      '0.log.20260101-000003.gz': gzipSync(recordsOf(0, 30)),
      '0.log.20260101-000006': Buffer.from(recordsOf(30, 30)),
    };
    const files = new NodeFiles(logs, place);
    expect(await textOf(files)).toBe(linesOf(0, 90));
    expect(files.count).toBe(3);
    expect(await textOf(files, '2026-01-01T00:00:02Z')).toBe(linesOf(20, 70));
    expect(await textOf(files, '2026-01-01T00:00:05Z')).toBe(linesOf(50, 40));
    expect(await textOf(files, '2026-01-01T00:00:06Z')).toBe(linesOf(60, 30));
    expect(await textOf(files, '2026-01-01T00:00:10Z')).toBe('');
  });

  it('goes on in a file that is compressed while it is read', async () => {
    const logs = new FolderOfLogs();
    logs.files = { '0.log': Buffer.from(recordsOf(0, 30)) };
    const files = new NodeFiles(logs, place);
    const stream = (await files.read(undefined, signal))[Symbol.asyncIterator]();
    let text = String((await stream.next()).value);
    logs.files = {
      '0.log.20260101-000003.gz': gzipSync(recordsOf(0, 40)),
      '0.log': Buffer.from(recordsOf(40, 5)),
    };
    for (let next = await stream.next(); !next.done; next = await stream.next()) text += next.value;
    expect(text).toBe(linesOf(0, 45));
  });
});

it('a time is found in a large file with few looks', async () => {
  const bytesInSecond = 30_000_000;
  let looks = 0;
  const instantAt = async (offset: number) => {
    looks += 1;
    return offset < 1_000_000_000 ? { seconds: Math.ceil(offset / bytesInSecond), nanoseconds: 0 } : undefined;
  };
  const offset = await offsetOf({ seconds: 20, nanoseconds: 0 }, instantAt);
  expect(offset).toBeLessThan(20 * bytesInSecond);
  expect(offset).toBeGreaterThan(17 * bytesInSecond);
  expect(looks).toBeLessThan(24);
});
