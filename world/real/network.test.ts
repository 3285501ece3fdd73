import { afterEach, expect, test } from 'vitest';
import { AddressInUseError, type HttpHandler, type Listener } from '../network.ts';
import { RealNetwork } from './network.ts';

const network = new RealNetwork();
let listener: Listener | undefined;
afterEach(async () => {
  await listener?.close();
});

async function serve(handler: HttpHandler): Promise<string> {
  listener = await network.listen('127.0.0.1:0', handler);
  return listener.url;
}

test('carries method, path, headers and body, and the answer back', async () => {
  const url = await serve(async (request, response) => {
    const body = await request.bytes(100);
    response.head(201, { 'content-type': 'text/plain', 'x-list': ['a', 'b'] });
    response.end(`${request.method} ${request.url} ${request.headers['x-one']} ${body}`);
  });
  const answer = await network.fetch(`${url}/p?q=1`, { method: 'POST', headers: { 'X-One': '1' }, body: 'hello' });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-list')).toBe('a, b');
  expect(await answer.text()).toBe('POST /p?q=1 1 hello');
});

test('answers 500 when the handler throws before its head, and keeps serving', async () => {
  const url = await serve(() => {
    throw new Error('broken');
  });
  expect((await network.fetch(url)).status).toBe(500);
  expect((await network.fetch(url)).status).toBe(500);
});

test('tells the handler when the client goes', async () => {
  let gone: (() => void) | undefined;
  const seen = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const url = await serve((request, response) => {
    request.signal.addEventListener('abort', () => gone?.());
    response.head(200, {});
    response.write('x');
  });
  const controller = new AbortController();
  await network.fetch(url, { signal: controller.signal });
  controller.abort();
  await seen;
});

test('refuses an address that is taken, and says what to do', async () => {
  const url = await serve((_request, response) => response.end());
  await expect(network.listen(url.slice('http://'.length), () => undefined)).rejects.toThrow(AddressInUseError);
});
