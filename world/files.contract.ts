/** What every disk of a World does, in memory or real: one suite, run on each. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileNotFoundError, type Files, LockHeldError, WrongKindError } from './files.ts';

export interface OpenedDisk {
  readonly files: Files;
  /** An empty folder of the disk, without `/` at its end. */
  readonly root: string;
  close(): Promise<void>;
}

async function joined(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    expect(chunk.length).toBeLessThanOrEqual(65_536);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of a stream whose chunks hold only until the next is asked for. */
async function copied(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export function filesContract(name: string, open: () => Promise<OpenedDisk>): void {
  describe(`files: ${name}`, () => {
    let disk: OpenedDisk;
    let files: Files;
    let root: string;
    beforeEach(async () => {
      disk = await open();
      ({ files, root } = disk);
    });
    afterEach(() => disk.close());

    test('a write makes folders, replaces the whole file and leaves nothing else', async () => {
      await files.write(`${root}/a/b/c.txt`, 'first and long');
      await files.write(`${root}/a/b/c.txt`, Buffer.from('second'));
      expect(String(await files.read(`${root}/a/b/c.txt`))).toBe('second');
      expect(await files.list(`${root}/a/b`)).toEqual(['c.txt']);
      expect(await files.status(`${root}/a/b`)).toMatchObject({ kind: 'folder', sizeBytes: 0 });
      expect(await files.status(`${root}/a/b/c.txt`)).toMatchObject({ kind: 'file', sizeBytes: 6 });
    });

    test('a folder can be made empty, again without harm, and not where a file is', async () => {
      await files.makeFolder(`${root}/a/b`);
      await files.write(`${root}/a/b/c`, 'x');
      await files.makeFolder(`${root}/a/b`);
      await files.makeFolder(`${root}/a/d`);
      expect(await files.list(`${root}/a`)).toEqual(['b', 'd']);
      expect(await files.status(`${root}/a/d`)).toMatchObject({ kind: 'folder' });
      await expect(files.makeFolder(`${root}/a/b/c`)).rejects.toThrow(WrongKindError);
    });

    test('what is not there: no status, an empty list, nothing to remove, an error to read or to move', async () => {
      const path = `${root}/none/x`;
      expect(await files.status(path)).toBeUndefined();
      expect(await files.list(path)).toEqual([]);
      await files.remove(path);
      await expect(files.read(path)).rejects.toThrow(FileNotFoundError);
      await expect(joined(files.readStream(path))).rejects.toThrow(FileNotFoundError);
      await expect(files.rename(path, `${root}/y`)).rejects.toThrow(FileNotFoundError);
      expect(await files.list(root)).toEqual([]);
    });

    test('a folder is no file, and a file is no folder', async () => {
      await files.write(`${root}/folder/file`, 'x');
      await expect(files.read(`${root}/folder`)).rejects.toThrow(WrongKindError);
      await expect(files.write(`${root}/folder`, 'x')).rejects.toThrow(WrongKindError);
      await expect(files.append(`${root}/folder`)).rejects.toThrow(WrongKindError);
      await expect(files.write(`${root}/folder/file/deeper`, 'x')).rejects.toThrow(WrongKindError);
      expect(await files.list(root)).toEqual(['folder']);
      expect(await files.list(`${root}/folder`)).toEqual(['file']);
      expect(await files.status(`${root}/folder/file/deeper`)).toBeUndefined();
    });

    test('the caller may use its buffer again after a write', async () => {
      const bytes = Buffer.from('aaaa');
      await files.write(`${root}/x`, bytes);
      bytes.fill('b');
      expect(String(await files.read(`${root}/x`))).toBe('aaaa');
      const read = await files.read(`${root}/x`);
      read.fill('c');
      expect(String(await files.read(`${root}/x`))).toBe('aaaa');
    });

    test('a large file is appended in pieces and read back by range', async () => {
      const whole = Buffer.alloc(600_001, 'The quick brown fox. ');
      const appender = await files.append(`${root}/logs/large`);
      for (let start = 0; start < whole.length; start += 7001)
        await appender.write(whole.subarray(start, start + 7001));
      await appender.close();
      await expect(appender.write(Buffer.from('late'))).rejects.toThrow();
      expect((await files.read(`${root}/logs/large`)).equals(whole)).toBe(true);
      expect((await joined(files.readStream(`${root}/logs/large`))).equals(whole)).toBe(true);
      const part = whole.subarray(65_530, 200_000);
      expect((await files.read(`${root}/logs/large`, 65_530, 200_000)).equals(part)).toBe(true);
      expect((await joined(files.readStream(`${root}/logs/large`, 65_530, 200_000))).equals(part)).toBe(true);
      expect((await copied(files.readStream(`${root}/logs/large`, 65_530, 200_000, true))).equals(part)).toBe(true);
    });

    test('an open appender keeps its file when the path is moved or written anew', async () => {
      const appender = await files.append(`${root}/log`);
      await appender.write(Buffer.from('one '));
      await files.rename(`${root}/log`, `${root}/log.1`);
      await appender.write(Buffer.from('two'));
      await files.write(`${root}/log`, 'new');
      await appender.write(Buffer.from(' three'));
      await appender.close();
      expect(String(await files.read(`${root}/log.1`))).toBe('one two three');
      expect(String(await files.read(`${root}/log`))).toBe('new');
    });

    test('removing a folder removes all in it', async () => {
      await files.write(`${root}/a/b/c`, '1');
      await files.write(`${root}/a/d`, '2');
      await files.remove(`${root}/a`);
      expect(await files.status(`${root}/a/b/c`)).toBeUndefined();
      expect(await files.list(`${root}/a/b`)).toEqual([]);
      expect(await files.list(root)).toEqual([]);
    });

    test('a lock has one holder, whom others are told, until it is released', async () => {
      const first = await files.lock(`${root}/store/lock`, 'the first');
      const refused = await files.lock(`${root}/store/lock`, 'the second').catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(LockHeldError);
      expect((refused as LockHeldError).holder).toContain('the first');
      const other = await files.lock(`${root}/other/lock`, 'the third');
      await first.release();
      await first.release();
      const second = await files.lock(`${root}/store/lock`, 'the second');
      await first.release();
      await expect(files.lock(`${root}/store/lock`, 'the fourth')).rejects.toThrow('the second');
      await second.release();
      await other.release();
    });

    test('files and folders can be made safe from a loss of power, what is missing cannot', async () => {
      await files.write(`${root}/a/b`, 'x');
      await files.sync(`${root}/a/b`);
      await files.sync(`${root}/a`);
      await expect(files.sync(`${root}/none`)).rejects.toThrow(FileNotFoundError);
    });

    test('is a map from paths to bytes, whatever is done to it', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (operations) => {
          await files.remove(`${root}/model`);
          const model = new Map<string, Buffer>();
          for (const one of operations) await check(files, `${root}/model`, model, one);
          for (const path of PATHS) {
            const expected = model.get(path);
            const status = await files.status(`${root}/model${path}`);
            expect(status?.sizeBytes).toBe(expected?.length);
            if (expected) expect((await files.read(`${root}/model${path}`)).equals(expected)).toBe(true);
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

const PATHS = ['/a', '/b', '/d/a', '/d/e/a', '/d/e/b'];
const FOLDERS = ['', '/d', '/d/e'];

const path = fc.constantFrom(...PATHS);
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const position = fc.nat({ max: 700 });

const operation = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), path, bytes }),
  fc.record({ kind: fc.constant('append' as const), path, pieces: fc.array(bytes, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('read' as const),
    path,
    start: position,
    end: fc.option(position, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('rename' as const), path, to: path }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom(...PATHS, '/d', '/d/e') }),
  fc.record({ kind: fc.constant('list' as const), path: fc.constantFrom(...FOLDERS) }),
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Does one thing to the disk and to the map, and compares what they say. */
async function check(files: Files, root: string, model: Map<string, Buffer>, one: Operation): Promise<void> {
  const at = `${root}${one.path}`;
  const present = model.get(one.path);
  switch (one.kind) {
    case 'write':
      await files.write(at, one.bytes);
      model.set(one.path, one.bytes);
      return;
    case 'append': {
      const appender = await files.append(at);
      for (const piece of one.pieces) await appender.write(piece);
      await appender.close();
      model.set(one.path, Buffer.concat([present ?? Buffer.alloc(0), ...one.pieces]));
      return;
    }
    case 'read': {
      if (!present) {
        await expect(files.read(at, one.start, one.end)).rejects.toThrow(FileNotFoundError);
        return;
      }
      const expected = present.subarray(one.start, Math.max(one.start, one.end ?? present.length));
      expect((await files.read(at, one.start, one.end)).equals(expected)).toBe(true);
      expect((await joined(files.readStream(at, one.start, one.end))).equals(expected)).toBe(true);
      expect((await copied(files.readStream(at, one.start, one.end, true))).equals(expected)).toBe(true);
      return;
    }
    case 'rename':
      if (!present) {
        await expect(files.rename(at, `${root}${one.to}`)).rejects.toThrow(FileNotFoundError);
        return;
      }
      await files.rename(at, `${root}${one.to}`);
      model.delete(one.path);
      model.set(one.to, present);
      return;
    case 'remove':
      await files.remove(at);
      for (const key of [...model.keys()]) if (key === one.path || key.startsWith(`${one.path}/`)) model.delete(key);
      return;
    case 'list': {
      const below = [...model.keys()].filter((key) => key.startsWith(`${one.path}/`));
      const names = new Set(below.map((key) => key.slice(one.path.length + 1).split('/')[0]));
      // Folders stay when their last file goes.
      const listed = (await files.list(at)).filter(
        (name) => !FOLDERS.includes(`${one.path}/${name}`) || names.has(name),
      );
      expect(listed).toEqual([...names].sort());
    }
  }
}
