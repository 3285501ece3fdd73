/** Requests that leave the simulation reach a real server as they were sent. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RealNetwork } from '../../../world/real/network.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { egress } from './egress.ts';

let seen: { readonly headers: IncomingHttpHeaders; readonly text: string } | undefined;
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  seen = { headers: request.headers, text };
  response.end('taken');
});
const network = new RealNetwork();
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await network.close();
  server.close();
});

/** Sends it inside a simulation, to an address behind which is the way out. */
async function sent(body: string | AsyncIterable<Uint8Array>): Promise<string> {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  await simulation.process('way').network.listen('outside:80', egress(network, url));
  const asked = simulation
    .process('client')
    .network.fetch('http://outside/x', { method: 'POST', body, duplex: 'half' });
  return simulation.run(asked.then((answer) => answer.text()));
}

it('a body of known length keeps it: Python’s http.server reads no other', async () => {
  expect(await sent('{"payload":1}')).toBe('taken');
  expect(seen?.text).toBe('{"payload":1}');
  expect(seen?.headers).toMatchObject({ 'content-length': '13' });
});

it('a stream stays one', async () => {
  const stream = (async function* () {
    yield Buffer.from('one');
    yield Buffer.from('two');
  })();
  expect(await sent(stream)).toBe('taken');
  expect(seen?.text).toBe('onetwo');
  expect(seen?.headers['content-length']).toBeUndefined();
});
