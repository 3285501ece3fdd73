/**
 * A client cannot hold a server of the machine for ever, and whoever gets on is never cut. Over real sockets, with
 * short limits.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpHandler, Listener } from '../network.ts';
import { RealNetwork } from './network.ts';

const limits = { headMs: 400, bodyStallMs: 400, idleMs: 400, connections: 1000 };
/** No less than a limit and some looks. */
const longMs = 2_000;

let network: RealNetwork;
let listener: Listener;
let sockets: Socket[];

const handler: HttpHandler = async (request, response) => {
  if (request.url === '/silent') {
    response.head(200, {});
    response.write('begun ');
    await sleep(longMs);
    return response.end('and done');
  }
  if (request.url === '/unread') {
    response.head(200, {});
    return response.end('not interested');
  }
  if (request.url === '/slow-reader') await sleep(longMs);
  const body = await request.bytes(100_000_000);
  response.head(200, {});
  response.end(`${body.length} bytes`);
};

beforeEach(async () => {
  network = new RealNetwork(limits);
  listener = await network.listen('127.0.0.1:0', handler);
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await listener.close();
  await network.close();
});

/** Opens a connection and sends a text; `received` is all that came, when the server has closed it. */
function sent(text: string) {
  const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  // A client that still writes when it is cut sees a reset as well.
  return { socket, received: new Promise<string>((resolve) => socket.once('close', () => resolve(received))) };
}

const post = (path: string, length: number) => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

describe('ends by itself', () => {
  test.each([
    ['a connection without a word', ''],
    ['half a head', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-le'],
    ['half a body', `${post('/', 100)}half`],
    ['no body after its head', post('/', 100)],
    ['half a chunked body', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel'],
  ])('%s, with 408', async (_what, text) => {
    expect(await sent(text).received).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test('half a body that has been answered already', async () => {
    expect(await sent(`${post('/unread', 100)}half`).received).toContain('not interested');
  });

  test('a connection that is idle after its request', async () => {
    const { received } = sent(get('/'));
    expect(await received).toContain('0 bytes');
  });

  test('200 half-sent bodies at once, and others are served meanwhile', async () => {
    const all = Array.from({ length: 200 }, () => sent(`${post('/', 100)}half`));
    expect(await sent(get('/')).received).toContain('0 bytes');
    for (const { received } of all) expect(await received).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('is never cut', () => {
  test('a slow upload that gets on', async () => {
    const { socket, received } = sent(post('/', 20));
    for (let byte = 0; byte < 20; byte++) {
      await sleep(limits.bodyStallMs / 3);
      socket.write('x');
    }
    expect(await received).toContain('20 bytes');
  });

  test('an answer that is silent for long', async () => {
    expect(await sent(get('/silent')).received).toContain('and done');
  });

  test('a body that the server itself has not come to read', async () => {
    const bytes = 3_000_000;
    expect(await sent(`${post('/slow-reader', bytes)}${'x'.repeat(bytes)}`).received).toContain(`${bytes} bytes`);
  });
});

test('more connections than are borne are closed as they come', async () => {
  const few = new RealNetwork({ ...limits, headMs: 60_000, connections: 20 });
  await listener.close();
  listener = await few.listen('127.0.0.1:0', handler);
  const all = Array.from({ length: 25 }, () => sent('POST / HTTP/1.1\r\n'));
  let closed = 0;
  for (const { received } of all) void received.then(() => closed++);
  while (closed < 5) await sleep(10);
  await sleep(100);
  expect(closed).toBe(5);
  await few.close();
});
