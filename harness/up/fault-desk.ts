/** Faults of a live run by number: those of the network and of the Kubernetes API, and services that are down. */

import type { ApiFault } from '../../simulator/apiserver/faults/fault.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import { DocumentError } from '../documents/fields.ts';
import type { FabricService } from '../environments/environment.ts';
import type { SimulatedCluster } from '../environments/sim/cluster.ts';
import type { Services } from '../environments/sim/services.ts';
import { checkParties } from '../faults/parties.ts';

export interface OpenFault {
  readonly id: number;
  readonly description: string;
}

interface Entry extends OpenFault {
  heal(): void | Promise<void>;
}

export class FaultDesk {
  readonly #simulation: Simulation;
  readonly #services: Services;
  readonly #cluster: Pick<SimulatedCluster, 'injectApiFault'>;
  readonly #open = new Map<number, Entry>();
  #count = 0;

  constructor(simulation: Simulation, services: Services, cluster: Pick<SimulatedCluster, 'injectApiFault'>) {
    this.#simulation = simulation;
    this.#cluster = cluster;
    this.#services = services;
  }

  list(): OpenFault[] {
    return [...this.#open.values()].map(({ id, description }) => ({ id, description }));
  }

  /** Throws a DocumentError when it names a party that is not here. */
  injectNetwork(fault: NetworkFault): OpenFault {
    checkParties(fault, this.#simulation);
    const active = this.#simulation.network.inject(fault);
    return this.#add(active.description, () => active.heal());
  }

  injectApi(fault: ApiFault): OpenFault {
    const active = this.#cluster.injectApiFault(fault);
    return this.#add(active.description, () => active.heal());
  }

  /** Kills a service; healing starts it again. */
  kill(service: FabricService): OpenFault {
    const { names } = this.#services;
    if (!names.includes(service)) {
      const message = `must be one that runs here (${names.join(', ') || 'none does'}), not ${JSON.stringify(service)}`;
      throw new DocumentError([{ field: 'service', message }]);
    }
    this.#services.kill(service);
    return this.#add(`${service} down`, () => this.#services.start(service));
  }

  /** False if there is no such fault. */
  async heal(id: number): Promise<boolean> {
    const entry = this.#open.get(id);
    if (!entry) return false;
    this.#open.delete(id);
    await entry.heal();
    return true;
  }

  #add(description: string, heal: () => void | Promise<void>): OpenFault {
    const entry = { id: ++this.#count, description, heal };
    this.#open.set(entry.id, entry);
    return { id: entry.id, description };
  }
}
