import { expect, test } from 'vitest';
import { networkContract } from '../network.contract.ts';
import { Simulation } from './simulation.ts';

networkContract('simulated', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  return {
    server: simulation.process('server').network,
    client: simulation.process('client').network,
    address: 'server:80',
    run: (work) => simulation.run(work),
    idle,
    close: async () => simulation.shutDown(),
  };
});

test('what is written and not yet read stays under 256 KiB, however large the answer and slow the reader', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const server = simulation.process('server');
  const client = simulation.process('client');
  const chunk = Buffer.alloc(10_000);
  let written = 0;
  await server.network.listen('server:80', async (_request, response) => {
    for (; written < 20_000_000; written += chunk.length) if (!response.write(chunk)) await response.drained();
    response.end();
  });
  let read = 0;
  let most = 0;
  const consume = async () => {
    const answer = await client.network.fetch('http://server/');
    for await (const bytes of answer.body ?? []) {
      most = Math.max(most, written - read);
      read += bytes.length;
      await client.clock.sleep(10);
    }
  };
  await simulation.run(consume());
  expect(read).toBe(20_000_000);
  expect(most).toBeLessThan(262_144);
});

async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
