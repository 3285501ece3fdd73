import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { HttpResponse } from '../network.ts';
import { RealNetwork } from './network.ts';
import { type Sender, SendingRounds } from './sending-rounds.ts';

/** The chunks of HTTP that a client gets of what the handler writes. */
async function chunksOf(handler: (response: HttpResponse) => Promise<void>): Promise<string[]> {
  const network = new RealNetwork();
  const listener = await network.listen('127.0.0.1:0', (_request, response) => handler(response));
  try {
    return await new Promise((resolve, reject) => {
      const chunks: string[] = [];
      const asking = request(listener.url, (answer) => {
        answer.on('data', (bytes: Buffer) => chunks.push(bytes.toString()));
        answer.once('end', () => resolve(chunks));
        answer.once('error', reject);
      });
      asking.once('error', reject);
      asking.end();
    });
  } finally {
    await listener.close();
    await network.close();
  }
}

test('what is written in one turn is one chunk, sent without an end', async () => {
  const chunks = await chunksOf(async (response) => {
    response.head(200, {});
    for (const line of ['a\n', 'b\n', 'c\n']) response.write(line);
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.end('d\n');
  });
  expect(chunks[0]).toBe('a\nb\nc\n');
  expect(chunks.join('')).toBe('a\nb\nc\nd\n');
});

test('the order is kept between small and large writes and the end', async () => {
  const large = 'x'.repeat(100_000);
  const chunks = await chunksOf(async (response) => {
    response.head(200, {});
    for (let turn = 0; turn < 50; turn++) response.write(`${turn};`);
    response.write(large);
    response.write('after');
    response.end('!');
  });
  const numbers = Array.from({ length: 50 }, (_, turn) => `${turn};`).join('');
  expect(chunks.join('')).toBe(`${numbers}${large}after!`);
});

test('many small writes in one turn find out that the reader is slow', async () => {
  let refused = 0;
  const chunks = await chunksOf(async (response) => {
    response.head(200, {});
    for (let turn = 0; turn < 100; turn++) if (!response.write('y'.repeat(2048))) refused++;
    await response.drained();
    response.end();
  });
  expect(refused).toBeGreaterThan(0);
  expect(chunks.join('').length).toBe(100 * 2048);
});

test('a round sends each sender once, and one that joins meanwhile in the next', async () => {
  const rounds = new SendingRounds();
  const sent: string[] = [];
  const done = Promise.withResolvers<void>();
  const late: Sender = {
    sentAtMs: 0,
    send() {
      sent.push('late');
      done.resolve();
    },
  };
  const left: Sender = { sentAtMs: 0, send: () => void sent.push('left') };
  const first: Sender = {
    sentAtMs: 0,
    send() {
      sent.push('first');
      rounds.join(late);
    },
  };
  rounds.join(first);
  rounds.join(left);
  rounds.join(first);
  rounds.leave(left);
  expect(sent).toEqual([]);
  await done.promise;
  expect(sent).toEqual(['first', 'late']);
});
