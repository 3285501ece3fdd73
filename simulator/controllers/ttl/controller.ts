/**
 * Removes finished Jobs when their time to live is over. Source: Kubernetes' TTL-after-finished controller (semantics
 * 5.1).
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { Job } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import { withinTimers } from '../delays.ts';
import { expiryOf } from './expiry.ts';

const workers = 5;

export class TtlController {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #jobs: Informer<Job>;
  readonly #queue: WorkQueue;

  constructor(options: { readonly world: World; readonly client: KubernetesClient }) {
    const { world, client } = options;
    this.#world = world;
    this.#client = client;
    this.#jobs = new Informer<Job>({ world, client, type: jobs });
    this.#jobs.on({ added: (job) => this.#seen(job), updated: (_before, job) => this.#seen(job) });
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers,
      handle: (key) => this.#sync(key),
      onError: (key, error) => world.log.debug('removal of a finished Job failed', { job: key, error: String(error) }),
    });
  }

  async start(): Promise<void> {
    await this.#jobs.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#jobs.stop();
    await this.#queue.stop();
  }

  #seen(job: Job): void {
    if (expiryOf(job) !== undefined) this.#queue.add(keyOf(job));
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const cached = this.#jobs.get(namespace, name);
    if (!cached || !this.#isOver(key, cached)) return;
    try {
      const live = await this.#client.get<Job>(jobs, namespace, name);
      if (!this.#isOver(key, live)) return;
      const preconditions = { uid: live.metadata?.uid };
      await this.#client.delete(jobs, namespace, name, { propagationPolicy: 'Foreground', preconditions });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  /** If its time is still to come, the Job is looked at again then. */
  #isOver(key: string, job: Job): boolean {
    const expiresAt = expiryOf(job);
    if (expiresAt === undefined) return false;
    const leftMs = expiresAt - this.#world.clock.now();
    if (leftMs > 0) this.#queue.addAfter(key, withinTimers(leftMs));
    return leftMs <= 0;
  }
}
