/**
 * The namespace controller: empties namespaces that were deleted, reports what holds them up, and lets them go.
 * `content.ts` deletes, `conditions.ts` reports. Source: semantics 5.3.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { Namespace } from '../../../kubernetes/objects.ts';
import { namespaces, type ResourceType } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import { conditionsAfter } from './conditions.ts';
import { type ContentDeletion, deleteContent } from './content.ts';

const workers = 10;
const maximumDelayMs = 60_000;
/** A fixed wait, for creates that are still under way. */
const startDelayMs = 5_000;
const ownFinalizer = 'kubernetes';

/** The namespace is read as it was before its deletion, which the cache shows: that read was stale. */
export class StaleNamespaceError extends Error {
  override readonly name = 'StaleNamespaceError';
  readonly namespace: string;

  constructor(namespace: string) {
    super(`namespace ${namespace} is being deleted, and was read as if it were not`);
    this.namespace = namespace;
  }
}

/** Something could not be deleted; the namespace is tried again after a back-off. */
export class ContentDeletionError extends Error {
  override readonly name = 'ContentDeletionError';
  readonly namespace: string;
  readonly causes: readonly string[];

  constructor(namespace: string, causes: readonly string[]) {
    super(`not all content of namespace ${namespace} could be deleted: ${causes.join(', ')}`);
    this.namespace = namespace;
    this.causes = causes;
  }
}

export interface NamespaceControllerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** All types that the API server serves at the moment. */
  resources(): readonly ResourceType[];
}

export class NamespaceController {
  readonly #options: NamespaceControllerOptions;
  readonly #namespaces: Informer<Namespace>;
  readonly #queue: WorkQueue;

  constructor(options: NamespaceControllerOptions) {
    const { world, client } = options;
    this.#options = options;
    this.#namespaces = new Informer<Namespace>({ world, client, type: namespaces });
    this.#namespaces.on({
      added: (namespace) => this.#seen(namespace),
      updated: (_before, namespace) => this.#seen(namespace),
    });
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers,
      maximumDelayMs,
      handle: (name) => this.#sync(name),
      onError: (namespace, error) =>
        world.log.debug('a namespace is not empty yet', { namespace, error: String(error) }),
    });
  }

  async start(): Promise<void> {
    await this.#namespaces.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#namespaces.stop();
    await this.#queue.stop();
  }

  #seen(namespace: Namespace): void {
    if (namespace.metadata?.deletionTimestamp === undefined) return;
    this.#queue.addAfter(namespace.metadata.name ?? '', startDelayMs);
  }

  async #sync(name: string): Promise<void> {
    const namespace = await this.#read(name);
    const deletedAt = namespace?.metadata?.deletionTimestamp;
    if (deletedAt === undefined && this.#namespaces.get(undefined, name)?.metadata?.deletionTimestamp !== undefined) {
      throw new StaleNamespaceError(name);
    }
    if (!namespace || deletedAt === undefined || (namespace.spec?.finalizers ?? []).length === 0) return;
    const { client, world, resources } = this.#options;
    const content = { client, namespace: name, deletedAt: Date.parse(deletedAt), nowMs: world.clock.now() };
    const left = await deleteContent(content, resources());
    const reported = await this.#report(namespace, left);
    if (left.errors.length > 0) throw new ContentDeletionError(name, left.errors);
    if (left.estimateSeconds > 0) {
      this.#queue.addAfter(name, (Math.floor(left.estimateSeconds / 2) + 1) * 1000);
      return;
    }
    await this.#finalize(reported);
  }

  async #read(name: string): Promise<Namespace | undefined> {
    try {
      return await this.#options.client.get<Namespace>(namespaces, undefined, name);
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** The conditions are a courtesy: a conflict leaves them for the next attempt. */
  async #report(namespace: Namespace, left: ContentDeletion): Promise<Namespace> {
    const before = namespace.status?.conditions ?? [];
    const conditions = conditionsAfter(before, left, this.#options.world.clock.now());
    if (JSON.stringify(conditions) === JSON.stringify(before)) return namespace;
    const status = { ...namespace.status, phase: 'Terminating', conditions };
    try {
      return await this.#options.client.replace<Namespace>(
        namespaces,
        { ...namespace, status },
        { subresource: 'status' },
      );
    } catch (error) {
      if (!hasReason(error, 'Conflict')) throw error;
      return namespace;
    }
  }

  /** Not there any more is as good as done; a conflict is tried again with the rest. */
  async #finalize(namespace: Namespace): Promise<void> {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== ownFinalizer);
    const released: Namespace = { ...namespace, spec: { ...namespace.spec, finalizers } };
    try {
      await this.#options.client.replace<Namespace>(namespaces, released, { subresource: 'finalize' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}
