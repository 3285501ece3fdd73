/** Batches that grow while all goes well. */
import { expect, test } from 'vitest';
import { slowStart } from './slow-start.ts';

/** Sizes of the batches; calls from `failsFrom` on are refused. */
async function batches(count: number, failsFrom: number) {
  const sizes: number[] = [];
  let calls = 0;
  let open = 0;
  const result = await slowStart(count, async () => {
    if (open === 0) sizes.push(0);
    open += 1;
    sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
    calls += 1;
    const fails = calls >= failsFrom;
    await Promise.resolve();
    open -= 1;
    if (fails) throw new Error(`call ${calls}`);
  });
  return { sizes, ...result };
}

test('each batch is twice as large as the one before, the last one what is left', async () => {
  expect(await batches(10, 99)).toEqual({ sizes: [1, 2, 4, 3], succeeded: 10 });
});

test('after a batch with a refusal nothing more is tried', async () => {
  expect(await batches(500, 1)).toMatchObject({ sizes: [1], succeeded: 0 });
  expect(await batches(500, 3)).toMatchObject({ sizes: [1, 2], succeeded: 2 });
});

test('nothing is called for nothing', async () => {
  expect(await batches(0, 1)).toEqual({ sizes: [], succeeded: 0 });
});
