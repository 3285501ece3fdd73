/** Our node agent as a Node of the cluster: ready, untainted, its logs served over TLS that the API server verifies. */
import { join } from 'node:path';
import { startNodeAgent } from '../../../../simulator/node/agent.ts';
import type { LocalImages } from '../../../../simulator/node/runtimes/processes/local-images.ts';
import type { Program } from '../../../../simulator/node/runtimes/programs/program.ts';
import { ownWorld } from '../own-world.ts';
import { HOST } from '../site.ts';
import type { Step } from './step.ts';

export interface NodeWish {
  readonly name: string;
  /** Images that are programs in process. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Images that are commands of this machine. */
  readonly images?: LocalImages;
  /** `cpu`, `memory`, `pods`; enough for all scenarios at once when absent. */
  readonly capacity?: Readonly<Record<string, string>>;
}

const largeCapacity = { cpu: '64', memory: '256Gi', pods: '250' };

export function joinNode(wish: NodeWish): Step {
  return {
    name: `join the node ${wish.name}`,
    deadlineMs: 30_000,
    remedy: 'look at the API server’s log',
    async run(site) {
      const own = ownWorld(wish.name);
      site.atEnd(() => own.close());
      const world = { ...own.world, processes: site.programs.watched(own.world.processes) };
      const agent = await startNodeAgent({
        world,
        client: site.clientOf(world),
        name: wish.name,
        address: `${HOST}:0`,
        programs: wish.programs,
        ...(wish.images ? { images: wish.images } : {}),
        capacity: wish.capacity ?? largeCapacity,
        folder: join(site.folder, wish.name),
        tls: site.certificate,
      });
      site.atEnd(() => agent.stop());
    },
  };
}
