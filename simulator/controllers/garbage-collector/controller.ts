/**
 * The garbage collector: deletes what has lost its owners, and keeps foreground and orphan deletions going. It follows
 * every kind that is served and creates nothing. Upstream asks every 30 s which kinds there are; since only a change of
 * a definition can change the answer, this one asks then, and 30 s later again, and an idle cluster costs nothing.
 * Begin reading at `graph.ts` (what there is to do), then `attempts.ts` (doing it). Source: semantics 5.2.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { apiVersionOf, type ResourceType } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { Timer } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import { answeredLater } from '../answered-later.ts';
import { nameOfKind, oneVersionEach } from '../kinds.ts';
import { attemptToDelete, attemptToOrphan, type Surroundings } from './attempts.ts';
import { Graph, nodeOf, type Work } from './graph.ts';

const discoveryDelayMs = 30_000;
const workers = 20;
const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
/** Two views on one store; events own nothing and are many. */
const ignored: readonly string[] = ['events', 'events.events.k8s.io'];

export interface GarbageCollectorOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** All types that the API server serves at the moment. */
  resources(): readonly ResourceType[];
}

export class GarbageCollector {
  readonly #options: GarbageCollectorOptions;
  readonly #graph = new Graph();
  readonly #deletions: WorkQueue;
  readonly #orphanings: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #followed = new Map<
    string,
    { readonly type: ResourceType; readonly informer: Informer<KubernetesObject> }
  >();
  #discovery: Timer | undefined;
  #stopped = false;

  constructor(options: GarbageCollectorOptions) {
    const { world, client } = options;
    this.#options = options;
    this.#recorder = new EventRecorder({ world, client, component: 'garbage-collector-controller' });
    const around: Surroundings = {
      // Its reads of a dependent and its owner take their time: whoever follows an owner sees its end before that of
      // its dependents.
      client: answeredLater(client, world.clock),
      graph: this.#graph,
      resources: () => options.resources(),
      wake: (uid) => this.#deletions.add(uid),
      gone: (uid) => this.#take(this.#graph.remove(uid)),
    };
    this.#deletions = this.#queue((uid) => attemptToDelete(around, uid));
    this.#orphanings = this.#queue((uid) => attemptToOrphan(around, uid));
  }

  /** Resolves when all kinds are in the cache. */
  async start(): Promise<void> {
    await this.#discover();
    this.#deletions.start();
    this.#orphanings.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#discovery?.cancel();
    for (const { informer } of this.#followed.values()) informer.stop();
    await Promise.all([this.#deletions.stop(), this.#orphanings.stop()]);
  }

  #queue(handle: (uid: string) => Promise<void>): WorkQueue {
    const { world } = this.#options;
    const onError = (uid: string, error: unknown) =>
      world.log.debug('garbage collection is tried again', { uid, error: String(error) });
    return new WorkQueue({ clock: world.clock, workers, handle, onError });
  }

  /** Follows the kinds that are new and leaves those that are gone. */
  async #discover(): Promise<void> {
    if (this.#stopped) return;
    const kinds = oneVersionEach(this.#options.resources()).filter((kind) => !ignored.includes(nameOfKind(kind)));
    const served = new Set(kinds.map(nameOfKind));
    for (const [name, { type, informer }] of [...this.#followed]) {
      if (served.has(name)) continue;
      informer.stop();
      this.#followed.delete(name);
      this.#graph.forget(type);
    }
    await Promise.all(kinds.filter((kind) => !this.#followed.has(nameOfKind(kind))).map((kind) => this.#follow(kind)));
  }

  #follow(type: ResourceType): Promise<void> {
    const { world, client } = this.#options;
    const informer = new Informer<KubernetesObject>({ world, client, type });
    const name = nameOfKind(type);
    this.#followed.set(name, { type, informer });
    const put = (object: KubernetesObject) => this.#take(this.#graph.put(nodeOf(type, object)));
    informer.on({
      added: put,
      updated: (_before, after) => put(after),
      deleted: (last) => this.#take(this.#graph.remove(last.metadata?.uid ?? '')),
    });
    if (name === definitions) {
      const rediscover = () => this.#rediscover();
      informer.on({ added: rediscover, updated: rediscover, deleted: rediscover });
    }
    return informer.start();
  }

  /** A kind is served a moment after its definition says so. */
  #rediscover(): void {
    void this.#discover();
    this.#discovery?.cancel();
    this.#discovery = this.#options.world.clock.after(discoveryDelayMs, () => void this.#discover());
  }

  #take(work: Work): void {
    for (const uid of work.toDelete) this.#deletions.add(uid);
    for (const uid of work.toOrphan) this.#orphanings.add(uid);
    for (const { dependent, owner } of work.misplaced) {
      const involved = {
        apiVersion: apiVersionOf(dependent.type),
        kind: dependent.type.kind,
        metadata: { name: dependent.name, namespace: dependent.namespace, uid: dependent.uid },
      };
      const identity = `[${owner.apiVersion}/${owner.kind}, namespace: ${dependent.namespace}, name: ${owner.name}, uid: ${owner.uid}]`;
      const message = `ownerRef ${identity} does not exist in namespace "${dependent.namespace}"`;
      this.#recorder.event(involved, 'Warning', 'OwnerRefInvalidNamespace', message);
    }
  }
}
