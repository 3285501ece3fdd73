/**
 * The thread in which cases are simulated: the cluster beside it, whose node lives in the first thread, must not wait
 * for them.
 */
import '../../warnings.ts';
import { parentPort } from 'node:worker_threads';
import { playSimulated } from './simulated-cluster.ts';
import type { Simulated, SimulationOrder } from './simulations.ts';

parentPort?.on('message', async ({ number, one, startAt }: SimulationOrder) => {
  const answer: Simulated = await playSimulated(one, startAt).then(
    (played) => ({ number, played }),
    (error: unknown) => ({ number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  parentPort?.postMessage(answer);
});
