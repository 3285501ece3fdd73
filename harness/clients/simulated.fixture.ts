/**
 * A simulated Fabric as the surroundings of a client. Reads of the network are not told apart there: silence is judged
 * over sockets.
 */
import type { TraceSink } from '../../world/simulated/trace.ts';
import { SimulatedEnvironment } from '../environments/sim/environment.ts';
import { sim } from '../environments/sim/kinds.ts';
import type { ClientAnswer, ClientRequest, Surroundings } from './asking.ts';

export interface SimulatedFabric extends AsyncDisposable {
  readonly environment: SimulatedEnvironment;
  readonly surroundings: Surroundings;
}

/** `sink` is told of each event of the trace. */
export async function simulatedFabric(seed = 1, sink?: TraceSink): Promise<SimulatedFabric> {
  const environment = await sim.up({}, seed, sink);
  if (!(environment instanceof SimulatedEnvironment)) throw new Error('sim is no simulated environment');
  return {
    environment,
    surroundings: {
      ask: (request) => environment.settle(asked(environment, request)),
      now: () => environment.clock.now(),
      rest: (ms) => environment.clock.sleep(ms),
    },
    [Symbol.asyncDispose]: () => environment.down(),
  };
}

async function asked(environment: SimulatedEnvironment, request: ClientRequest): Promise<ClientAnswer> {
  const { gateway } = environment;
  if (!gateway) throw new Error('there is no gateway');
  const { method, path, headers, body } = request;
  const init = { method, headers, ...(body === undefined ? {} : { body: body.toString() }) };
  const answer = await gateway.fetch(path, init);
  const type = answer.header('content-type');
  return {
    status: answer.status,
    headers: type === undefined ? {} : { 'content-type': type },
    text: answer.text,
    reads: [answer.text],
    silenceMs: 0,
  };
}
