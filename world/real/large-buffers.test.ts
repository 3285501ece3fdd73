/** Large answers share buffers, and never at the same time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LargeBuffers } from './large-buffers.ts';
import { RealNetwork } from './network.ts';

const KIB = 1024;

test('parts are joined, and what was given back is used for the next of its size', () => {
  const buffers = new LargeBuffers();
  const first = buffers.join([Buffer.from('ab'), Buffer.from('c')], 3);
  expect(first.toString()).toBe('abc');
  buffers.giveBack(first);
  const second = buffers.join([Buffer.from('wxyz')], 4);
  expect(second.toString()).toBe('wxyz');
  expect(second.buffer).toBe(first.buffer);
});

test('whoever has not given back keeps what he has', () => {
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(fc.array(fc.oneof(size, fc.constant('give back' as const)), { maxLength: 60 }), (steps) => {
      const buffers = new LargeBuffers();
      const held: { readonly joined: Buffer; readonly expected: Buffer }[] = [];
      for (const [index, step] of steps.entries()) {
        if (step === 'give back') {
          const oldest = held.shift();
          if (oldest) buffers.giveBack(oldest.joined);
          continue;
        }
        const expected = Buffer.alloc(step, index + 1);
        const middle = step >> 1;
        held.push({
          joined: buffers.join([expected.subarray(0, middle), expected.subarray(middle)], step),
          expected,
        });
      }
      for (const { joined, expected } of held) expect(joined.equals(expected)).toBe(true);
    }),
  );
});

test('large answers arrive as they were sent, to quick and to slow readers at once', async () => {
  const network = new RealNetwork();
  // More than a connection takes: what nobody reads yet waits in the server.
  const bodyOf = (number: string) => Buffer.alloc(12_000 * KIB, `${number};`);
  const listener = await network.listen('127.0.0.1:0', async (request, response) => {
    const body = bodyOf(request.url.slice(1));
    response.head(200, { 'content-length': String(body.length) });
    response.end([body.subarray(0, 70_000), body.subarray(70_000)]);
  });
  const ask = async (number: string) => {
    const answer = await network.fetch(`${listener.url}/${number}`);
    return async () => Buffer.from(await answer.arrayBuffer()).equals(bodyOf(number));
  };
  try {
    const slow = [await ask('1'), await ask('2')];
    for (const number of ['3', '4', '5', '6']) {
      const read = await ask(number);
      expect(await read()).toBe(true);
    }
    for (const read of slow) expect(await read()).toBe(true);
  } finally {
    await listener.close();
    await network.close();
  }
});
