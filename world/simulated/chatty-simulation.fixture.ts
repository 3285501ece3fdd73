/**
 * A run with many interleavings, for the tests of replay; as a program it prints its outcome for the seed in its
 * argument.
 */
import { Simulation } from './simulation.ts';

export interface ChattyOutcome {
  readonly hash: string;
  /** Which client was answered when. */
  readonly order: string[];
}

export async function runChattySimulation(seed: number): Promise<ChattyOutcome> {
  const simulation = new Simulation({ seed, startAt: Date.UTC(2026, 0, 1) });
  const server = simulation.process('server');
  await server.network.listen('server:80', async (request, response) => {
    const body = await request.bytes(1000);
    await server.clock.sleep(server.random.stream('work').integer(0, 20));
    response.head(200, { 'content-type': 'text/plain' });
    response.end(`${body} ${server.random.stream('ids').uuid()}`);
  });
  const order: string[] = [];
  const talk = async (name: string) => {
    const world = simulation.process(name);
    for (let turn = 0; turn < 20; turn++) {
      const response = await world.network.fetch('http://server/talk', { method: 'POST', body: `${name} ${turn}` });
      order.push((await response.text()).split(' ').slice(0, 2).join(' '));
      await world.clock.sleep(world.random.stream('pause').integer(0, 10));
    }
  };
  await simulation.run(Promise.all(['a', 'b', 'c', 'd', 'e'].map(talk)));
  return { hash: simulation.trace.hash(), order };
}

if (import.meta.main) process.stdout.write(JSON.stringify(await runChattySimulation(Number(process.argv[2]))));
