/** Expired sessions do not stay in the store, and a gateway without sessions has nothing that wakes it. */
import { expect, it } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { type Session, sessionsDefinition } from './session.ts';
import { Sessions } from './sessions.ts';

async function opened() {
  const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const store = openEmbeddedStore(':memory:');
  const sessions = await Sessions.open(simulation.process('gateway'), store);
  const stored = await store.collection<Session>(sessionsDefinition);
  const idsStored = async () => (await stored.find({})).map(({ document }) => document.sessionId);
  const write = (sessionId: string, ttl: number) =>
    sessions.write({ project: 'p', sessionId, username: 'u', state: {}, ttl });
  return { simulation, store, sessions, idsStored, write };
}

it('an hour after their end they are gone, and the others stay', async () => {
  const { simulation, idsStored, write } = await opened();
  await simulation.run(write('short', 10));
  await simulation.run(write('long', 100_000));
  await simulation.advanceTo(simulation.now() + 30 * 60_000);
  expect(await idsStored()).toEqual(['long', 'short']);
  await simulation.advanceTo(simulation.now() + 40 * 60_000);
  expect(await idsStored()).toEqual(['long']);
});

it('those of a gateway that was killed are swept by the next', async () => {
  const { simulation, store, sessions, idsStored, write } = await opened();
  await simulation.run(write('old', 10));
  sessions.stop();
  await Sessions.open(simulation.process('next'), store);
  await simulation.advanceTo(simulation.now() + 2 * 60 * 60_000);
  expect(await idsStored()).toEqual([]);
});
