/**
 * What is said of a run's log when its shipping fails or is given up: what is safe by then counts, and only the rest is
 * lost.
 */
import { expect, test } from 'vitest';
import type { Ledger } from './run-ledger.ts';
import { type PodLogShipper, RunShipping } from './run-shipping.ts';

const run = { namespace: 'n', container: 'task', project: 'p', folder: 'f' };

function shippingBy(shipper: PodLogShipper): RunShipping {
  return new RunShipping({ shipper, run, key: 'k', done: [], onChange: () => undefined, endOf: () => undefined });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a log that is given up keeps what is stored of it', async () => {
  const shipping = shippingBy({
    ship({ onStored }) {
      onStored?.({ lines: 2, bytes: 20 });
      return new Promise<Ledger>(() => undefined);
    },
  });
  shipping.see({ name: 'pod', uid: 'u' });
  await settled();
  shipping.giveUp('too late');
  expect(shipping.attempts).toEqual([
    {
      key: 'k',
      lines: 2,
      bytes: 20,
      complete: false,
      missing: [{ afterLine: 2, reason: 'too late' }],
      pod: 'pod',
      podUid: 'u',
    },
  ]);
});

test('a log that content refuses for good keeps what was stored before', async () => {
  const shipping = shippingBy({
    async ship({ onStored }) {
      onStored?.({ lines: 1, bytes: 6 });
      throw new Error('refused');
    },
  });
  shipping.see({ name: 'pod', uid: 'u' });
  await settled();
  expect(shipping.attempts).toMatchObject([{ lines: 1, bytes: 6, missing: [{ afterLine: 1 }] }]);
});

test('of a second attempt nothing is stored yet: the first one counts', async () => {
  const ledger = { key: 'k', lines: 3, bytes: 30, complete: true, missing: [] };
  const shipping = shippingBy({
    ship: ({ pod }) => (pod === 'first' ? Promise.resolve(ledger) : new Promise<Ledger>(() => undefined)),
  });
  shipping.see({ name: 'first', uid: '1' });
  await settled();
  shipping.see({ name: 'second', uid: '2' });
  await settled();
  shipping.giveUp('too late');
  expect(shipping.attempts.at(-1)).toMatchObject({ lines: 3, bytes: 30, complete: false });
});
