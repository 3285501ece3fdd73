/** The gateway in a simulation, with operator, content and a cluster, or with none of them. */
import { DatabaseSync } from 'node:sqlite';
import { answerFaults } from '../../fabric/gateway/openapi/described.fixture.ts';
import { gatewayDocument } from '../../fabric/gateway/openapi/document.ts';
import { allAreas } from '../../fabric/gateway/routes/all.ts';
import { startGateway } from '../../fabric/gateway/server.ts';
import { openEmbeddedStore } from '../../fabric/gateway/stores/embedded/store.ts';
import { newSigningKey, signingKey } from '../../fabric/identity/key.ts';
import { defaultAudience, defaultIssuer } from '../../fabric/identity/personal-access-token.ts';
import { signToken } from '../../fabric/identity/token.ts';
import { actor } from '../../fixtures/actor/actor.ts';
import { skillPrograms } from '../../fixtures/skills/programs.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { fabricGateway } from '../environments/gateway-program.ts';
import { accessOf, type FabricIdentity, identityOf, newSecrets } from '../environments/identity.ts';
import { bringUpFabric } from '../environments/sim/bring-up.ts';
import { SimulatedCluster } from '../environments/sim/cluster.ts';
import { gatewayAddress } from '../environments/sim/names.ts';
import { Services } from '../environments/sim/services.ts';
import {
  described,
  gatewayKnowledge,
  invocation,
  seedsOfAll,
  seedsOfCluster,
  withLearned,
} from './gateway-knowledge.ts';
import type { FuzzRequest } from './requests.ts';
import { InnerErrors, senderTo, type Target } from './target.ts';

const startAt = Date.UTC(2026, 0, 1);
const origin = `http://${gatewayAddress}`;
/** As long as jobs of the fuzz run, and more. */
const restMs = 120_000;

interface Identity {
  readonly fabric: FabricIdentity;
  readonly bearers: ReadonlyMap<string, string>;
}

export async function wholeGateway(seed: number): Promise<Target> {
  const errors = new InnerErrors();
  const simulation = new Simulation({ seed, startAt, sink: errors.sink });
  const cluster = new SimulatedCluster({
    simulation,
    programs: { 'orrery/actor': actor, ...skillPrograms, 'orrery/gateway': fabricGateway },
    folder: '/nodes',
  });
  const { fabric, bearers } = identityIn(simulation);
  const database = new DatabaseSync(':memory:');
  const services = new Services({
    simulation,
    cluster,
    settings: {},
    namespace: 'default',
    database,
    contentFolder: '/content',
    identity: fabric,
    projects: ['proj1', 'proj2'],
  });
  const world = simulation.process('harness');
  const client = cluster.client(world);
  const up = { cluster, services, world, client, namespace: 'default', nodeHost: '10.0.0.1' };
  await simulation.run(bringUpFabric(up));
  const stop = async () => {
    await simulation.run(services.stop());
    await simulation.run(cluster.stop());
    database.close();
  };
  const name = 'a gateway with operator, content and a cluster';
  return target({ name, simulation, errors, bearers, isWhole: true, stop });
}

/** A gateway by itself: no cluster, no content. */
export async function loneGateway(seed: number): Promise<Target> {
  const errors = new InnerErrors();
  const simulation = new Simulation({ seed, startAt, sink: errors.sink });
  const { fabric, bearers } = identityIn(simulation);
  const database = new DatabaseSync(':memory:');
  const world = simulation.process('gateway');
  const store = openEmbeddedStore(database);
  const projects = ['proj1', 'proj2'];
  const options = { world, address: gatewayAddress, store, access: accessOf(fabric), projects };
  const serving = await simulation.run(startGateway(options));
  const stop = async () => {
    await simulation.run(serving.stop());
    database.close();
  };
  const name = 'a gateway without cluster and content';
  return target({ name, simulation, errors, bearers, isWhole: false, stop });
}

/** Ann may see `proj1`, whose tokens last as long as the fuzz. */
function identityIn(simulation: Simulation): Identity {
  const { random } = simulation.process('keys');
  const secrets = newSecrets(random, 'ann');
  const fabric = identityOf(secrets, ['proj1']);
  const claims = { sub: 'ann', aud: defaultAudience, iss: defaultIssuer, iat: startAt / 1000 };
  const forever = { ...claims, exp: startAt / 1000 + 100 * 366 * 86_400 };
  const user = signingKey(secrets.user);
  return {
    fabric,
    bearers: new Map([
      ['user', signToken(user, forever)],
      ['expired', signToken(user, { ...claims, exp: startAt / 1000 - 1 })],
      ['stranger', signToken(newSigningKey(random.stream('stranger')), forever)],
      ['job', signToken(fabric.own, { ...forever, projectId: 'proj1', activationId: 'known' })],
      ['service', fabric.credential],
      ['word', 'constructor'],
    ]),
  };
}

interface Running {
  readonly name: string;
  readonly simulation: Simulation;
  readonly errors: InnerErrors;
  readonly bearers: ReadonlyMap<string, string>;
  /** With cluster and content. */
  readonly isWhole: boolean;
  stop(): Promise<void>;
}

async function target({ name, simulation, errors, bearers, isWhole, stop }: Running): Promise<Target> {
  const world = simulation.process('attacker');
  const send = senderTo(simulation, world, origin, bearers);
  let learned = await seeded(send, isWhole);
  return {
    name,
    document: gatewayDocument(allAreas),
    get knowledge() {
      return withLearned(gatewayKnowledge, learned);
    },
    send,
    describedFaults({ method, path }, { status, headers, text, isWhole }) {
      const contentType = headers['content-type'];
      if (!isWhole) return [];
      return answerFaults({ method, url: path, status, contentType: contentType?.toString(), text });
    },
    innerErrors: () => errors.take(),
    async isAlive() {
      const ask = { operationId: '', method: 'GET', headers: {}, caller: 'user' };
      const ready = await send({ ...ask, path: '/readyz' });
      const listed = await send({ ...ask, path: '/fabric/v4/projects/proj1/skills?limit=1' });
      return ready.status === 200 && listed.status === 200;
    },
    async rest() {
      await simulation.run(world.clock.sleep(restMs));
      learned = await seeded(send, isWhole);
    },
    async end() {
      await stop();
      await simulation.shutDown();
    },
  };
}

/** Sends what there is to be found, and gives back the ids that the gateway gave it. */
async function seeded(send: Target['send'], isWhole: boolean): Promise<Record<string, string[]>> {
  const learned: Record<string, string[]> = {};
  const sent = async (request: FuzzRequest): Promise<void> => {
    const { status, text } = await send(request);
    // A task of before may be there still.
    const isRight = status === 200 || (status === 409 && request.operationId === 'createTask');
    if (!isRight) throw new Error(`${request.operationId} of what is to be found answered ${status}: ${text}`);
    for (const [, name = '', id = ''] of text.matchAll(/"(activation|channel|snapshot)Id":"([^"]+)"/g))
      learned[name] = [id];
  };
  for (const request of seedsOfAll) await sent(request);
  if (!isWhole) return learned;
  for (const request of seedsOfCluster) await sent(request);
  await sent(invocation);
  await sent(described(learned.activation?.[0] ?? ''));
  return learned;
}
