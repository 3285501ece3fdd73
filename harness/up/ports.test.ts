/** Web pages stay out: every port of a live run takes its own names alone, and no page of another origin. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../world/real/clock.ts';
import { RealNetwork } from '../../world/real/network.ts';
import { makeCertificate } from './certificate.ts';
import { type PortName, Ports } from './ports.ts';

const network = new RealNetwork();
const own = new Ports(network, '127.0.0.1', 0, ['dev.example']);
const names = ['gateway', 'content', 'control'] as const;
const ports = new Map<PortName, number>();
const taken: string[] = [];

beforeAll(async () => {
  for (const name of names) {
    const listener = await own.open(name, (request, response) => {
      taken.push(`${request.method} ${request.url}`);
      response.head(200, { 'content-type': 'application/json' });
      response.end('{}');
    });
    ports.set(name, Number(new URL(listener.url).port));
  }
});

afterAll(async () => {
  await own.close();
  await network.close();
});

/** Sends bytes as they are, and reads all that comes back. */
async function send(name: PortName, lines: readonly string[]): Promise<string> {
  taken.length = 0;
  const socket = connect(ports.get(name) ?? 0, '127.0.0.1');
  socket.end([...lines, 'Connection: close', '', ''].join('\r\n'));
  return text(socket);
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);

describe.each(names)('the port of %s', (name) => {
  it.each(['127.0.0.1:1', 'localhost', 'LOCALHOST.:7441', '[::1]:80', 'dev.example'])('takes %s', async (host) => {
    expect(statusOf(await send(name, ['GET /x?y HTTP/1.1', `Host: ${host}`]))).toBe(200);
    expect(taken).toEqual(['GET /x?y']);
  });

  it.each([
    [['GET /x HTTP/1.1', 'Host: rebound.example:7441'], 403],
    [['GET /x HTTP/1.1', 'Host: rebound.example', 'X-Forwarded-Host: localhost'], 403],
    [['GET http://rebound.example/x HTTP/1.1', 'Host: localhost'], 403],
    [['GET HTTP://REBOUND.example HTTP/1.1', 'Host: localhost'], 403],
    [['GET /x HTTP/1.0'], 400],
    [['GET /x HTTP/1.1'], 400],
    [['POST /x HTTP/1.1', 'Host: localhost', 'Origin: http://evil.example', 'Content-Length: 0'], 403],
    [['POST /x HTTP/1.1', 'Host: localhost', 'Origin: null', 'Content-Type: text/plain', 'Content-Length: 0'], 403],
    [['DELETE /x HTTP/1.1', 'Host: localhost', 'Origin: http://localhost:3000'], 403],
  ])('does not take %j', async (lines, status) => {
    const answer = await send(name, lines);
    expect([statusOf(answer), taken]).toEqual([status, []]);
    expect(answer.toLowerCase()).not.toContain('access-control');
  });

  it('takes what curl -d sends: a form without an Origin', async () => {
    const lines = ['POST /x HTTP/1.1', 'Host: 127.0.0.1:7443', 'Content-Type: application/x-www-form-urlencoded'];
    expect(statusOf(await send(name, [...lines, 'Content-Length: 0']))).toBe(200);
  });

  it('takes a whole URL of its own as a target, and passes its path on', async () => {
    expect(statusOf(await send(name, ['GET http://localhost/x?y HTTP/1.1', 'Host: rebound.example']))).toBe(200);
    expect(taken).toEqual(['GET /x?y']);
  });

  it('answers a preflight without a word of other origins', async () => {
    const lines = ['OPTIONS /x HTTP/1.1', 'Host: localhost', 'Origin: http://evil.example'];
    const answer = await send(name, [...lines, 'Access-Control-Request-Method: POST']);
    expect(answer.toLowerCase()).not.toContain('access-control-');
  });
});

it('reading by a page of another origin is refused where no page has to read', async () => {
  const lines = ['GET /trace HTTP/1.1', 'Host: localhost', 'Origin: http://evil.example'];
  const read = async (name: PortName) => statusOf(await send(name, lines));
  expect([await read('control'), await read('content'), await read('gateway')]).toEqual([403, 403, 200]);
});

it('a large body of a page does not keep its refusal from being read', async () => {
  const origin = { origin: 'http://evil.example' };
  const url = `http://127.0.0.1:${ports.get('control')}/clock`;
  const answer = await network.fetch(url, { method: 'POST', headers: origin, body: 'x'.repeat(5_000_000) });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ success: false, code: 403, reason: 'foreign-origin' });
});

it('the port of the API server says no as an API server does, and takes the names of its Service', async () => {
  const tls = await makeCertificate(realClock.now());
  const listener = await own.open('kubernetes', (_, response) => response.end('{}'), tls);
  const dispatcher = network.dispatcher({ rejectUnauthorized: false });
  const ask = async (host: string) => {
    const answer = await dispatcher.request({ origin: listener.url, path: '/api', method: 'GET', headers: { host } });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
  expect((await ask('kubernetes.default.svc:443')).status).toBe(200);
  const { status, body } = await ask('evil.example');
  expect(status).toBe(403);
  expect(JSON.parse(body)).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 });
});
