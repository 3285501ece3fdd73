/**
 * Lets claims, volumes and classes of volumes go when nobody uses them any more: takes off the finalizer that the API
 * server put on. Source: upstream pkg/controller/volume/{pvcprotection,pvprotection,vacprotection}.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import type { ProtectedKind } from './kinds.ts';

/** What is in use is looked at again after this. */
const lookAgainMs = 1000;

export interface ProtectionControllerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly kind: ProtectedKind;
}

export class ProtectionController {
  readonly #client: KubernetesClient;
  readonly #kind: ProtectedKind;
  readonly #objects: Informer<KubernetesObject>;
  readonly #queue: WorkQueue;

  constructor({ world, client, kind }: ProtectionControllerOptions) {
    this.#client = client;
    this.#kind = kind;
    this.#objects = new Informer<KubernetesObject>({ world, client, type: kind.type });
    this.#objects.on({ added: (object) => this.#seen(object), updated: (_before, object) => this.#seen(object) });
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers: 1,
      handle: (key) => this.#sync(key),
      onError: (key, error) =>
        world.log.debug('a protecting finalizer could not be taken off', { key, error: String(error) }),
    });
  }

  async start(): Promise<void> {
    await this.#objects.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#objects.stop();
    await this.#queue.stop();
  }

  #seen({ metadata }: KubernetesObject): void {
    if (metadata?.deletionTimestamp === undefined || !metadata.finalizers?.includes(this.#kind.finalizer)) return;
    this.#queue.add(`${metadata.namespace ?? ''}/${metadata.name ?? ''}`);
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const { type, finalizer, isUsed } = this.#kind;
    const object = this.#objects.get(namespace || undefined, name);
    if (!object?.metadata?.finalizers?.includes(finalizer)) return;
    if (await isUsed(this.#client, object)) {
      this.#queue.addAfter(key, lookAgainMs);
      return;
    }
    const finalizers = object.metadata.finalizers.filter((each) => each !== finalizer);
    const { resourceVersion, uid } = object.metadata;
    try {
      const metadata = { uid, resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null };
      await this.#client.patch(type, namespace || undefined, name, 'merge', { metadata });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}
