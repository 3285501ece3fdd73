/** A whole simulated Fabric, to which the steps of a report are sent. */
import { DatabaseSync } from 'node:sqlite';
import { programImages } from '../../fixtures/images.ts';
import { bringUpFabric } from '../../harness/environments/sim/bring-up.ts';
import { SimulatedCluster } from '../../harness/environments/sim/cluster.ts';
import { contentAddress, gatewayAddress, kubernetesAddress } from '../../harness/environments/sim/names.ts';
import { Services } from '../../harness/environments/sim/services.ts';
import type { Node } from '../../kubernetes/objects.ts';
import { nodes } from '../../kubernetes/resources.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { World } from '../../world/world.ts';
import type { Answer } from './show.ts';

const nodeHost = '10.0.0.1';
const namespace = 'default';

export class ReportedFabric {
  readonly #simulation: Simulation;
  readonly #asking: World;
  readonly #urls: Readonly<Record<string, string>>;

  static async up(): Promise<ReportedFabric> {
    const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
    const cluster = new SimulatedCluster({ simulation, programs: programImages });
    const services = new Services({
      simulation,
      cluster,
      settings: {},
      createProjectsOnUse: true,
      namespace,
      database: new DatabaseSync(':memory:'),
      contentFolder: '/content',
    });
    const world = simulation.process('reports');
    const client = cluster.client(world);
    await simulation.run(bringUpFabric({ cluster, services, world, client, namespace, nodeHost }));
    const { status } = await simulation.run(client.get<Node>(nodes, undefined, 'node-1'));
    return new ReportedFabric(simulation, status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0);
  }

  private constructor(simulation: Simulation, kubeletPort: number) {
    this.#simulation = simulation;
    this.#urls = {
      kubernetes: `https://${kubernetesAddress}`,
      node: `http://${nodeHost}:${kubeletPort}`,
      gateway: `http://${gatewayAddress}`,
      content: `http://${contentAddress}`,
    };
    this.#asking = simulation.process('asking');
  }

  wait(seconds: number): Promise<void> {
    return this.#simulation.advance(seconds * 1000);
  }

  /** `send` is `METHOD host/path`; the body is sent as JSON. */
  send(send: string, body: object | undefined): Promise<Answer> {
    const [, method = '', host = '', path = ''] = /^(\S+) (\w+)(\/\S*)$/.exec(send) ?? [];
    const url = this.#urls[host];
    if (url === undefined) throw new TypeError(`not METHOD host/path, or of another host: ${send}`);
    const asked = async (): Promise<Answer> => {
      const answer = await this.#asking.network.fetch(`${url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const warnings = answer.headers.get('warning') ?? '';
      return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), warnings };
    };
    return this.#simulation.run(asked());
  }

  down(): void {
    this.#simulation.shutDown();
  }
}
