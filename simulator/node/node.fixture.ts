/** A cluster of an API server and one node for the tests of the agent. */
import { createHttpClient, kubeConfigFor } from '../../kubernetes/http-client.ts';
import type { Container, Pod, WatchEvent } from '../../kubernetes/objects.ts';
import { events as eventType, pods } from '../../kubernetes/resources.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { makeDefaultAccount } from '../apiserver/default-account.fixture.ts';
import { ApiServer } from '../apiserver/server.ts';
import { type NodeAgentOptions, startNodeAgent } from './agent.ts';
import type { Program, ProgramContext } from './runtimes/programs/program.ts';

export const startAt = Date.UTC(2026, 0, 1);
const address = '10.0.0.1:10250';

/** Sleeps for so many seconds and ends with that code; dies from SIGTERM. */
export const napping =
  (seconds: number, exitCode = 0): Program =>
  async ({ world, signal }) => {
    await world.clock.sleep(seconds * 1000, signal);
    return exitCode;
  };

export async function startCluster(options: Partial<NodeAgentOptions> = {}) {
  const simulation = new Simulation({ seed: 11, startAt });
  const serverWorld = simulation.process('kubernetes');
  const server = new ApiServer({ world: serverWorld });
  await serverWorld.network.listen('kubernetes:80', server.handler);
  await simulation.run(makeDefaultAccount(server.client('test')));
  const config = kubeConfigFor({ server: 'http://kubernetes' });
  const client = createHttpClient({ world: simulation.process('test'), config });

  const startAgent = async (more: Partial<NodeAgentOptions> = {}) => {
    const world = simulation.process('node-1');
    const agent = await simulation.run(
      startNodeAgent({
        world,
        client: createHttpClient({ world, config }),
        name: 'node-1',
        address,
        ...options,
        ...more,
      }),
    );
    return { agent, world };
  };
  const first = await startAgent();

  return {
    simulation,
    client,
    ...first,
    startAgent,
    /** Creates a pod that is bound to the node. */
    create: (name: string, spec: Partial<NonNullable<Pod['spec']>>) =>
      simulation.run(
        client.create<Pod>(pods, 'default', {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'default', labels: { app: 'test' } },
          spec: { nodeName: 'node-1', restartPolicy: 'Never', containers: [], ...spec },
        }),
      ),
    get: (name: string) => simulation.run(client.get<Pod>(pods, 'default', name)),
    /** Reasons of the pod's events, in order, with their counts. */
    events: async (name: string) => {
      const list = await simulation.run(
        client.list<{ reason: string; count: number; firstTimestamp: string; metadata: object }>(eventType, {
          namespace: 'default',
          fieldSelector: `involvedObject.name=${name}`,
        }),
      );
      return list.items.map(({ reason }) => reason).sort();
    },
    /** What `kubectl logs` prints. */
    log: (name: string, logOptions: Parameters<typeof client.log>[2] = {}) =>
      simulation.run(textOf(client.log('default', name, logOptions))),
    /** Records each version of the pod from now on. */
    follow: async (name: string) => {
      const seen: { type: string; pod: Pod }[] = [];
      const note = ({ type, object }: WatchEvent<Pod>) => void seen.push({ type, pod: object });
      const query = { namespace: 'default', fieldSelector: `metadata.name=${name}` };
      await simulation.run(client.watch<Pod>(pods, query, note));
      return seen;
    },
  };
}

export async function textOf(log: Promise<AsyncIterable<Buffer>>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await log) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export const main = (image: string, more: Partial<Container> = {}): Container => ({ name: 'main', image, ...more });

/** A program that runs the given steps and keeps the contexts that it was started with. */
export function recorded(program: Program): { readonly program: Program; readonly contexts: ProgramContext[] } {
  const contexts: ProgramContext[] = [];
  return {
    contexts,
    program: (context) => {
      contexts.push(context);
      return program(context);
    },
  };
}
