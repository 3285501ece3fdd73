/** A case on a simulated cluster of its own, in virtual time that begins where the real one began. */
import { Simulation } from '../../../world/simulated/simulation.ts';
import { SimulatedCluster } from '../../environments/sim/cluster.ts';
import type { ControllerCase } from './case.ts';
import { Observation } from './observation.ts';
import { type Played, play } from './play.ts';
import { script, scriptImage } from './script.ts';

/** The cluster is up this long before the case starts. */
const BRING_UP_MS = 10_000;
const SEED = 1;

/**
 * `startAt` is the instant at which the case started on the real cluster: minutes, and with them names, are then the
 * same.
 */
export async function playSimulated(one: ControllerCase, startAt: number): Promise<Played> {
  const simulation = new Simulation({ seed: SEED, startAt: startAt - BRING_UP_MS });
  const cluster = new SimulatedCluster({ simulation, programs: { [scriptImage]: script() } });
  const harness = simulation.process('harness');
  const client = cluster.client(harness);
  const observation = new Observation();
  const work = async () => {
    await cluster.startApiServer();
    await cluster.startNode('node-1', '10.0.0.1');
    await observation.start(client, harness.clock, one.namespace);
    return play(one, { client, clock: harness.clock, observation }, startAt);
  };
  try {
    return await simulation.run(work());
  } finally {
    observation.stop();
    simulation.shutDown();
  }
}
