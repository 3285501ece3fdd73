/**
 * Which task pools keep their records in the cluster (`persistTasks: false`). Followed by a watch: where there are
 * none, a list of tasks costs the cluster nothing.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { World } from '../../../world/world.ts';
import { type TaskPool, taskPools } from '../../task/index.ts';

export class UnrecordedPools {
  readonly #informer: Informer<TaskPool>;
  #isComplete = false;

  constructor(world: World, client: KubernetesClient) {
    this.#informer = new Informer<TaskPool>({ world, client, type: taskPools });
  }

  /** Goes on until it is stopped, however long the cluster is away. */
  start(): void {
    void this.#informer.start().then(() => {
      this.#isComplete = true;
    });
  }

  stop(): void {
    this.#informer.stop();
  }

  /** False only when it is known that there is none. */
  get mayExist(): boolean {
    return !this.#isComplete || this.#informer.list().some(isUnrecorded);
  }

  /** Whether tasks of that pool have no records, as far as is known. */
  has(namespace: string | undefined, pool: string | undefined): boolean {
    const found = pool === undefined ? undefined : this.#informer.get(namespace ?? '', pool);
    return found !== undefined && isUnrecorded(found);
  }
}

function isUnrecorded({ spec }: TaskPool): boolean {
  return spec?.persistTasks === false;
}
