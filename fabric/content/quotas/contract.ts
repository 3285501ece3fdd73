/** What quotas hold over every object store. Each store's test calls this with a way to make one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { World } from '../../../world/world.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { BlobsBench } from '../blobs/contract.ts';
import { contentKey } from '../keys.ts';
import { withQuotas } from './quota-blobs.ts';

export interface QuotaBench extends BlobsBench {
  /** Of the store. */
  readonly world: World;
}

const limit = 1_000;
const refused = { status: 507, reason: 'quota-exceeded' };

/** Describes quotas over one implementation of `Blobs`. */
export function describeQuotas(name: string, open: () => Promise<QuotaBench>): void {
  describe(`quotas over ${name}`, () => {
    const opened = async () => {
      const bench = await open();
      const quotas = { allBytes: limit, bytesByProject: new Map([['large', 10 * limit]]) };
      const limited = withQuotas(bench.blobs, quotas, bench.world);
      const put = (key: string, bytes: number, project = 'p', ttlSeconds?: number, blobs: Blobs = limited) =>
        bench.run(blobs.put(contentKey(project, key), pieces(bytes), { contentType: 'text/plain', ttlSeconds }));
      const restarted = () => withQuotas(bench.blobs, quotas, bench.world);
      return { ...bench, limited, put, restarted };
    };

    it('are of each project, and let in what fits to the last byte', async () => {
      const { put } = await opened();
      await put('a', 600);
      await put('b', 400);
      await put('empty', 0);
      await expect(put('c', 1)).rejects.toMatchObject(refused);
      await put('a', 1_000, 'other');
      await put('a', 10_000, 'large');
      await expect(put('b', 1, 'large')).rejects.toMatchObject(refused);
    });

    it('leave nothing of what they refuse, and what was there before', async () => {
      const { blobs, run, put } = await opened();
      await put('a', 600);
      await expect(put('a', 1_001)).rejects.toMatchObject(refused);
      await expect(put('b', 401)).rejects.toMatchObject(refused);
      expect((await run(blobs.list(''))).map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual([['content/p/a', 600]]);
    });

    it('count what replaces an object in its place, and give back what is deleted or has expired', async () => {
      const { put, limited, run, advance } = await opened();
      await put('a', 900);
      await put('a', 1_000);
      await put('a', 100);
      await put('short', 900, 'p', 60);
      await expect(put('b', 1)).rejects.toMatchObject(refused);
      await advance(61_000);
      await put('b', 900);
      expect(await run(limited.delete(contentKey('p', 'b')))).toBe(true);
      await put('c', 900);
    });

    it('count what is there at a start, and what services append; that is never refused', async () => {
      const { put, restarted, limited, run } = await opened();
      await put('a', 500);
      await put('short', 100, 'p', 60);
      const again = restarted();
      await expect(put('b', 401, 'p', undefined, again)).rejects.toMatchObject(refused);
      await put('b', 400, 'p', undefined, again);
      const text = Buffer.alloc(600, 'x');
      await run(again.append(contentKey('p', 'tasks/t/log.txt'), 0, text, { contentType: 'text/plain' }));
      expect(await run(again.delete(contentKey('p', 'a')))).toBe(true);
      await expect(put('c', 1, 'p', undefined, again)).rejects.toMatchObject(refused);
      await run(limited.put('logs/p/t/state', pieces(5_000), { contentType: 'text/plain' }));
    });

    it('hold for uploads at once: what became visible is never more', async () => {
      const upload = fc.record({ key: fc.constantFrom('a', 'b', 'c'), bytes: fc.integer({ min: 0, max: 700 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(upload, { minLength: 2, maxLength: 6 }), async (uploads) => {
          const { put, blobs, run } = await opened();
          const outcomes = await Promise.allSettled(uploads.map(({ key, bytes }) => put(key, bytes)));
          const visible = await run(blobs.list(''));
          expect(visible.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThanOrEqual(limit);
          for (const outcome of outcomes) {
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(refused);
          }
          const total = uploads.reduce((sum, { bytes }) => sum + bytes, 0);
          if (total <= limit) expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
          // Refused uploads have given back what they had taken.
          const rest = limit - visible.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          await put('rest', rest);
          await expect(put('more', 1)).rejects.toMatchObject(refused);
        }),
        { numRuns: 15 },
      );
    });
  });
}

async function* pieces(bytes: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes; start += 100) yield Buffer.alloc(Math.min(100, bytes - start), 'x');
}
