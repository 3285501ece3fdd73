import { expect, test } from 'vitest';
import type { Lease } from '../../../kubernetes/objects.ts';
import { leases } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { FakeCluster } from '../../operator/testing/fake-cluster.ts';
import { leaseSeconds, Owners } from './owners.ts';

function open() {
  const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const client = new FakeCluster(() => simulation.now()).client();
  const owners = (name: string) => new Owners({ world: simulation.process(name), namespace: 'default', client });
  return { simulation, client, owners };
}

/** Asked each 5 s, as the sweep does. */
async function livesAfter(one: Owners, other: string, simulation: Simulation, seconds: number): Promise<boolean> {
  for (let left = seconds; left > 0; left -= 5) {
    await simulation.run(one.living());
    await simulation.advance(5_000);
  }
  return (await simulation.run(one.living()))(other);
}

test('one that renews its Lease lives, also when its clock is an hour slow', async () => {
  const { simulation, client, owners } = open();
  const [one, other] = [owners('one'), owners('other')];
  await simulation.run(other.begin());
  for (let round = 0; round < 20; round += 1) {
    const renewTime = `${new Date(simulation.now() - 3_600_000).toISOString().slice(0, -1)}000Z`;
    await simulation.run(client.patch<Lease>(leases, 'default', other.self, 'merge', { spec: { renewTime } }));
    expect(await livesAfter(one, other.self, simulation, 5)).toBe(true);
  }
});

test('one whose Lease stands still is dead after its duration, one without is dead at once, and itself lives', async () => {
  const { simulation, owners } = open();
  const [one, other] = [owners('one'), owners('other')];
  expect(await livesAfter(one, other.self, simulation, 0)).toBe(false);
  await simulation.run(other.begin());
  expect(await livesAfter(one, other.self, simulation, leaseSeconds - 5)).toBe(true);
  expect(await livesAfter(one, other.self, simulation, 10)).toBe(false);
  expect(await livesAfter(one, one.self, simulation, 0)).toBe(true);
});

test('on a store with one gateway nobody else lives', async () => {
  const { simulation } = open();
  const alone = new Owners({ world: simulation.process('alone'), namespace: 'default' });
  const isAlive = await simulation.run(alone.living());
  expect([isAlive(alone.self), isAlive('fabric-gateway-other')]).toEqual([true, false]);
});
