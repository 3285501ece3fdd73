/** The internal credential goes to the services that it is for, by either way out, and to nobody else. */
import { expect, it } from 'vitest';
import { startExchange } from '../../kubernetes/exchange.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { withCredential } from './with-credential.ts';

const credential = 'the-internal-credential';

async function headersSeen(send: (world: ReturnType<typeof withCredential>) => Promise<unknown>): Promise<string[]> {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const seen: string[] = [];
  for (const host of ['gateway', 'elsewhere']) {
    await simulation.process(host).network.listen(`${host}:80`, (request, response) => {
      seen.push(`${host} ${request.headers.authorization ?? 'nothing'} ${request.headers['x-own'] ?? ''}`.trim());
      response.head(200, {});
      response.end();
    });
  }
  await simulation.run(send(withCredential(simulation.process('operator'), ['http://gateway/base'], credential)));
  simulation.shutDown();
  return seen;
}

it('by fetch', async () => {
  const seen = await headersSeen(async ({ network }) => {
    await network.fetch('http://gateway/x', { headers: { 'x-own': 'kept' } });
    await network.fetch('http://elsewhere/x');
    await network.fetch('http://gateway:8080/x').catch(() => undefined);
  });
  expect(seen).toEqual([`gateway Bearer ${credential} kept`, 'elsewhere nothing']);
});

it('by a dispatcher', async () => {
  const seen = await headersSeen(async ({ network }) => {
    for (const origin of ['http://gateway', 'http://elsewhere']) {
      await new Promise<void>((resolve, reject) => {
        startExchange(
          { dispatcher: network.dispatcher(), origin, method: 'GET', path: '/', headers: { 'x-own': 'kept' } },
          { head: () => undefined, data: () => undefined, ended: resolve, failed: reject },
        );
      });
    }
  });
  expect(seen).toEqual([`gateway Bearer ${credential} kept`, 'elsewhere nothing kept']);
});
