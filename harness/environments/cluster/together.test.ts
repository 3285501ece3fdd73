import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Together } from './together.ts';

/** Something that comes up when it is told to. */
function gate(): { readonly opened: Promise<void>; open(): void; fail(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve, fail: () => reject(new Error('no')) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('never more than so many come up at once, all come up, and nobody begins before, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (fates, width) => {
        const together = new Together(width);
        let rising = 0;
        let most = 0;
        let begun = 0;
        const gates = fates.map(gate);
        const ends = gates.map(({ opened }) =>
          together
            .raise(async () => {
              rising += 1;
              most = Math.max(most, rising);
              await opened.finally(() => {
                rising -= 1;
              });
            })
            .then(() => together.all())
            .then(() => {
              begun += 1;
            })
            .catch(() => undefined),
        );
        for (const [index, each] of gates.entries()) {
          await settled();
          expect(begun).toBe(0);
          if (fates[index]) each.open();
          else each.fail();
        }
        await Promise.all(ends);
        expect(begun).toBe(fates.filter(Boolean).length);
        expect(most).toBeLessThanOrEqual(width);
        await together.all();
      },
    ),
  );
});
