/**
 * What every object store behind managed content must do. Each implementation's test calls this with a way to make one.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlobKeyError, BlobOffsetError, type Blobs } from './blobs.ts';

export interface BlobsBench {
  readonly blobs: Blobs;
  /** Lets time pass for the store. */
  advance(durationMs: number): Promise<void>;
  /** Waits for the store's answer; in a simulation lets time pass for it. */
  run<T>(answer: Promise<T>): Promise<T>;
}

const type = 'text/plain';

/** Describes the contract of `Blobs` for one implementation. */
export function describeBlobs(name: string, open: () => Promise<BlobsBench>): void {
  describe(`${name} as an object store`, () => {
    it('gives back the bytes, the type and a tag that changes with the bytes', async () => {
      const { blobs, run } = await open();
      const first = await run(blobs.put('a/b c%', source('one'), { contentType: 'text/x' }));
      const second = await run(blobs.put('a/b c%', source('two', '!'), { contentType: 'text/y' }));
      expect(first.etag).not.toBe(second.etag);
      expect(await run(textOf(blobs, 'a/b c%'))).toBe('two!');
      expect(await run(blobs.head('a/b c%'))).toMatchObject({ contentType: 'text/y', sizeBytes: 4, etag: second.etag });
    });

    it('holds keys that look like folders of each other, and odd ones', async () => {
      const { blobs, run } = await open();
      const odd = [
        '../x',
        './x',
        'a/../b',
        '..',
        '.',
        'a..b',
        'a b',
        ' ',
        'a%2Fb',
        '%',
        '%25',
        'a\\b',
        'a?b#c',
        'a:b',
        'con',
        '~',
        'a~',
      ];
      // One character, and a letter with an accent behind it.
      const accents = ['é/ü', 'e\u0301/u\u0308', 'é/u\u0308', '😀', '\uFF01', 'ß', 'SS', 'ss'];
      const folders = ['a', 'a/b', 'a/b/c', 'A', 'a//b', '.hidden', 'a@', 'x'.repeat(700), 'a+/b', 'a/', '/', '//'];
      const keys = [...folders, ...odd, ...accents];
      for (const key of keys) await run(blobs.put(key, source(key), { contentType: type }));
      for (const key of keys) expect(await run(textOf(blobs, key))).toBe(key);
      expect((await run(blobs.list(''))).map((info) => info.key)).toEqual(sorted(keys));
      for (const key of keys) expect([key, await run(blobs.delete(key))]).toEqual([key, true]);
      expect(await run(blobs.list(''))).toEqual([]);
    });

    it('holds keys of any characters up to their greatest length, and finds them by each prefix', async () => {
      const { blobs, run } = await open();
      const keys = [...['x', '%', 'é', '😀', '/', '.', 'a/', '%/', ' ', '~', 'x.'].map(longest), 'p/short'].map(
        (key) => `p/${key}`,
      );
      for (const key of keys) await run(blobs.put(key, source(key), { contentType: type }));
      for (const key of keys) expect(await run(textOf(blobs, key))).toBe(key);
      const listed = async (prefix: string) => (await run(blobs.list(prefix))).map((info) => info.key);
      expect(await listed('p/')).toEqual(sorted(keys));
      for (const length of [3, 250, 1_100, 2_000]) {
        for (const prefix of keys.map((key) => key.slice(0, length)).filter((each) => each.isWellFormed())) {
          expect(await listed(prefix)).toEqual(sorted(keys.filter((key) => key.startsWith(prefix))));
        }
      }
      await run(blobs.append('p/%'.padEnd(1_200, '%'), 0, Buffer.alloc(300_000, 'long'), { contentType: type }));
      expect(await run(blobs.head('p/%'.padEnd(1_200, '%')))).toMatchObject({ sizeBytes: 300_000 });
      for (const key of keys) expect(await run(blobs.delete(key))).toBe(true);
      expect(await listed('')).toEqual(['p/%'.padEnd(1_200, '%')]);
    });

    it('refuses keys that not every store can hold', async () => {
      const { blobs, run } = await open();
      for (const key of ['', 'x'.repeat(2049), 'a\0b']) {
        await expect(run(blobs.put(key, source('x'), { contentType: type }))).rejects.toBeInstanceOf(BlobKeyError);
      }
    });

    it('reads ranges, clipped to the object', async () => {
      const { blobs, run } = await open();
      await run(blobs.put('k', source('0123456789'), { contentType: type }));
      const read = async (start: number, end: number) => textOf(blobs, 'k', start, end);
      expect(await run(read(2, 5))).toBe('234');
      expect(await run(read(8, 99))).toBe('89');
      expect(await run(read(20, 30))).toBe('');
    });

    it('shows the old object until the new one is whole, and keeps it when the source breaks', async () => {
      const { blobs, run } = await open();
      await run(blobs.put('k', source('old'), { contentType: type }));
      await expect(run(blobs.put('k', broken('half'), { contentType: type }))).rejects.toThrow('broke');
      expect(await run(textOf(blobs, 'k'))).toBe('old');
      const opened = await run(blobs.get('k'));
      await run(blobs.put('k', source('new'), { contentType: type }));
      expect(opened && (await run(collect(opened.stream)))).toBe('old');
      expect(await run(textOf(blobs, 'k'))).toBe('new');
    });

    it('lists by prefix in byte order, by pages', async () => {
      const { blobs, run } = await open();
      const keys = ['t/b', 't/a/1', 't-x', 't/a', 't/ab', 'u'];
      for (const key of keys) await run(blobs.put(key, source('x'), { contentType: type }));
      const list = async (prefix: string, limit?: number, skip?: number) =>
        (await run(blobs.list(prefix, { limit, skip }))).map((info) => info.key);
      expect(await list('t/')).toEqual(['t/a', 't/a/1', 't/ab', 't/b']);
      expect(await list('t/a')).toEqual(['t/a', 't/a/1', 't/ab']);
      expect(await list('t', 2, 1)).toEqual(['t/a', 't/a/1']);
      expect(await list('none')).toEqual([]);
    });

    it('tells the checksum of what was put, which is its tag, and none of what was appended to', async () => {
      const { blobs, run } = await open();
      for (const text of ['', 'small', 'large '.repeat(3_500_000)]) {
        const sha256 = createHash('sha256').update(text).digest('hex');
        const expected = { sha256, etag: `"${sha256}"`, sizeBytes: text.length };
        for (const key of ['k', 'other']) {
          expect(await run(blobs.put(key, pieces(text), { contentType: type }))).toMatchObject(expected);
          expect(await run(blobs.head(key))).toMatchObject(expected);
        }
        expect((await run(blobs.list('k')))[0]).toMatchObject(expected);
      }
      expect(await run(blobs.put('k', source('one'), { contentType: type }))).toMatchObject({ sizeBytes: 3 });
      const grown = await run(blobs.append('k', 3, Buffer.from('two'), { contentType: type }));
      expect([grown.sha256, (await run(blobs.head('k')))?.sha256]).toEqual([undefined, undefined]);
      expect(await run(textOf(blobs, 'k'))).toBe('onetwo');
    });

    it('counts the time to live of a large object from its end on', async () => {
      const { blobs, advance, run } = await open();
      await run(blobs.put('k', pieces('large '.repeat(3_500_000)), { contentType: type, ttlSeconds: 60 }));
      expect(await run(blobs.head('k'))).toMatchObject({ sizeBytes: 21_000_000 });
      await advance(61_000);
      expect(await run(blobs.head('k'))).toBeUndefined();
    });

    it('lets writers of one key, however their chunks interleave, leave one whole object; readers see whole ones alone', async () => {
      const writer = fc.record({
        chunks: fc.integer({ min: 1, max: 3 }),
        bytes: fc.constantFrom(1, 70_000),
        breaks: fc.boolean(),
      });
      const turns = fc.array(fc.nat(2), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(fc.tuple(writer, writer, writer), turns, async (writers, order) => {
          const { blobs, run } = await open();
          const stepped = writers.map(({ chunks, bytes, breaks }, index) =>
            steppedSource(Array(chunks).fill(String(index).repeat(bytes)), breaks),
          );
          const ends = stepped.map(({ chunks }) =>
            blobs.put('k', chunks, { contentType: type }).catch(() => undefined),
          );
          const all = writers.map(({ chunks, bytes }, index) => String(index).repeat(chunks * bytes));
          const wholes = all.filter((_, index) => !writers[index]?.breaks);
          for (const turn of order) {
            stepped[turn]?.step();
            expect([undefined, ...wholes]).toContain(await run(textOf(blobs, 'k')));
          }
          for (const { stepToEnd } of stepped) stepToEnd();
          const stored = await run(Promise.all(ends));
          const left = await run(textOf(blobs, 'k'));
          expect(wholes.length === 0 ? [undefined] : wholes).toContain(left);
          expect(stored.filter((info) => info !== undefined)).toHaveLength(wholes.length);
          if (left !== undefined) expect(await run(blobs.head('k'))).toMatchObject({ sizeBytes: left.length });
        }),
        { numRuns: 20 },
      );
    });

    it('deletes once', async () => {
      const { blobs, run } = await open();
      await run(blobs.put('k', source('x'), { contentType: type }));
      expect(await run(blobs.delete('k'))).toBe(true);
      expect(await run(blobs.delete('k'))).toBe(false);
      expect(await run(blobs.get('k'))).toBeUndefined();
    });

    it('forgets an object when its time to live is over, not before', async () => {
      const { blobs, advance, run } = await open();
      await run(blobs.put('short', source('x'), { contentType: type, ttlSeconds: 60 }));
      await run(blobs.put('kept', source('x'), { contentType: type, ttlSeconds: 60 }));
      await run(blobs.put('kept', source('x'), { contentType: type }));
      await advance(59_000);
      expect(await run(blobs.head('short'))).toBeDefined();
      await advance(2_000);
      expect(await run(blobs.head('short'))).toBeUndefined();
      expect(await run(blobs.get('short'))).toBeUndefined();
      await advance(60_000);
      await run(blobs.removeExpired());
      expect((await run(blobs.list(''))).map((info) => info.key)).toEqual(['kept']);
    });

    it('restarts the time to live with each append', async () => {
      const { blobs, advance, run } = await open();
      await run(blobs.append('k', 0, Buffer.from('a'), { contentType: type, ttlSeconds: 60 }));
      await advance(50_000);
      await run(blobs.append('k', 1, Buffer.from('b'), { contentType: type, ttlSeconds: 60 }));
      await advance(40_000);
      await run(blobs.removeExpired());
      expect(await run(textOf(blobs, 'k'))).toBe('ab');
    });

    it('appends at an offset: repeated without effect, replaced when different, refused beyond the end', async () => {
      const { blobs, run } = await open();
      const append = (offset: number, text: string) =>
        run(blobs.append('k', offset, Buffer.from(text), { contentType: type }));
      await append(0, 'abc');
      await append(3, 'def');
      await append(3, 'def');
      await append(0, 'ab');
      expect(await run(textOf(blobs, 'k'))).toBe('abcdef');
      await append(5, 'fgh');
      expect(await run(textOf(blobs, 'k'))).toBe('abcdefgh');
      await append(2, 'XY');
      expect(await run(textOf(blobs, 'k'))).toBe('abXY');
      await expect(append(9, 'z')).rejects.toBeInstanceOf(BlobOffsetError);
    });

    it('holds what a sequence of overlapping appends says, like a buffer', async () => {
      const step = fc.record({ back: fc.nat(6), text: fc.string({ maxLength: 8, unit: 'grapheme-ascii' }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const { blobs, run } = await open();
          let model = '';
          for (const { back, text } of steps) {
            const offset = Math.max(0, model.length - back);
            await run(blobs.append('k', offset, Buffer.from(text), { contentType: type }));
            if (!model.startsWith(text, offset)) model = model.slice(0, offset) + text;
          }
          if (steps.length > 0) expect(await run(textOf(blobs, 'k'))).toBe(model);
        }),
        { numRuns: 30 },
      );
    });
  });
}

async function* source(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** In chunks of 1 MB and a little. */
async function* pieces(text: string): AsyncGenerator<Buffer> {
  for (let start = 0; start < text.length; start += 1_000_003) yield Buffer.from(text.slice(start, start + 1_000_003));
}

/** A source that gives a chunk at each step, and at the last one ends, or breaks. */
function steppedSource(chunks: readonly string[], breaks: boolean) {
  const waiting: (() => void)[] = [];
  let allowed = 0;
  const step = () => {
    allowed += 1;
    waiting.shift()?.();
  };
  const turn = async () => {
    if (allowed === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    allowed -= 1;
  };
  async function* given(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) {
      await turn();
      yield Buffer.from(chunk);
    }
    await turn();
    if (breaks) throw new Error('the source broke');
  }
  return {
    chunks: given(),
    step,
    stepToEnd: () => {
      for (let times = 0; times <= chunks.length; times++) step();
    },
  };
}

async function* broken(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  throw new Error('the source broke');
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function textOf(
  blobs: Blobs,
  key: string,
  start = 0,
  end = Number.MAX_SAFE_INTEGER,
): Promise<string | undefined> {
  const open = await blobs.get(key, () => ({ start, end }));
  return open && collect(open.stream);
}

/** The text as often as a key of 2,048 bytes behind `p/` has room for it. */
function longest(text: string): string {
  return text.repeat(Math.floor(2_046 / Buffer.byteLength(text)));
}

function sorted(keys: readonly string[]): string[] {
  return [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}
