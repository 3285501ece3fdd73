/**
 * What leaves an `orrery up`: answers come as they are, redirects are not followed on the way, and a guard holds
 * outside too.
 */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AddressJudge, Listener } from '../../../world/network.ts';
import { RealNetwork } from '../../../world/real/network.ts';
import { LocalPorts } from './local-ports.ts';
import { wayOut } from './way-out.ts';

let network: RealNetwork;
let place: Listener;
let requests: string[];
beforeEach(async () => {
  network = new RealNetwork();
  requests = [];
  place = await network.listen('127.0.0.1:0', (request, response) => {
    requests.push(request.url);
    if (request.url === '/moved') response.head(302, { location: '/secret' });
    else response.head(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
    response.end(request.url === '/moved' ? '' : gzipSync('the text'));
  });
});
afterEach(() => network.close());

/** Asks the place through its way out. */
async function through(path: string, isAllowed?: AddressJudge) {
  const way = wayOut(
    { network, ports: new LocalPorts(network) },
    new URL(place.url.replace('127.0.0.1', 'localhost')).host,
    isAllowed,
  );
  const front = await network.listen('127.0.0.1:0', way?.handler ?? (() => {}));
  try {
    const answer = await network.fetch(`${front.url}${path}`, { redirect: 'manual' });
    return { status: answer.status, text: await answer.text() };
  } finally {
    await front.close();
    await place.close();
  }
}

test('an answer that was compressed is read as it was meant', async () => {
  expect((await through('/text')).text).toBe('the text');
});

test('a redirect is handed on to whoever asked', async () => {
  expect([(await through('/moved')).status, requests]).toEqual([302, ['/moved']]);
});

test('a request that is guarded does not reach this machine by a name', async () => {
  await expect(through('/text', (address) => !/^(127\.|::1)/.test(address))).rejects.toThrow();
  expect(requests).toEqual([]);
});

test.each(['cortex-internal:80', 'a.b.svc:80', 'a.b.svc.cluster.local:80', '10.0.0.7:80'])(
  '%s is of the cluster, and leads nowhere',
  (address) => expect(wayOut({ network, ports: new LocalPorts(network) }, address)).toBeUndefined(),
);

const isOutside: AddressJudge = (address) => !address.startsWith('127.');

test('a local command is reached under its pod’s address, and not by a request that is guarded', async () => {
  const ports = new LocalPorts(network);
  const declared = Number(new URL(place.url).port);
  const taken = await ports.take('127.0.0.2', declared);
  expect(taken.port).not.toBe(declared);
  const pod = `127.0.0.2:${declared}`;
  expect(ports.placeOf(pod)).toBe(`127.0.0.1:${taken.port}`);
  expect(wayOut({ network, ports }, pod)).toBeDefined();
  expect(wayOut({ network, ports }, pod, isOutside)).toBeUndefined();
  await expect(wayOut({ network, ports }, pod)?.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  taken.release();
  expect(wayOut({ network, ports }, pod)).toBeUndefined();
  await place.close();
});

test('two that ask for one port at once get two', async () => {
  const ports = new LocalPorts(network);
  await place.close();
  const declared = Number(new URL(place.url).port);
  const taken = await Promise.all(
    ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((address) => ports.take(address, declared)),
  );
  expect(taken[0]?.port).toBe(declared);
  expect(new Set(taken.map(({ port }) => port)).size).toBe(3);
});
