/**
 * Removes pods that nobody else would: those bound to a node that is gone, and those that were deleted before they were
 * bound. Source: Kubernetes' pod garbage collector (semantics 5.4); its limit on terminated pods is out of a
 * simulation's reach.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { nodes, pods } from '../../../kubernetes/resources.ts';
import type { Timer } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';

const checkIntervalMs = 20_000;
/** A node may just be late in coming. */
const quarantineMs = 40_000;

export class PodGarbageCollector {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  /** Names of nodes that pods are bound to but that are not there, and when they are believed gone (epoch ms). */
  readonly #quarantine = new Map<string, number>();
  #startedAt = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: { readonly world: World; readonly client: KubernetesClient }) {
    const { world, client } = options;
    this.#world = world;
    this.#client = client;
    this.#pods = new Informer<Pod>({ world, client, type: pods });
    this.#nodes = new Informer<Node>({ world, client, type: nodes });
    this.#pods.on({ added: (pod) => this.#seen(pod), updated: (_before, pod) => this.#seen(pod) });
    this.#nodes.on({ deleted: () => this.#plan() });
  }

  async start(): Promise<void> {
    this.#startedAt = this.#world.clock.now();
    // Nodes first, or every pod would seem to have lost its own.
    await this.#nodes.start();
    await this.#pods.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#pods.stop();
    this.#nodes.stop();
  }

  async #round(): Promise<void> {
    try {
      await this.#collect();
    } catch (error) {
      this.#world.log.warn('pods could not be collected, trying again', { error: String(error) });
    }
    this.#timer = undefined;
    if (this.#quarantine.size > 0 || this.#pods.list().some((pod) => this.#isForgotten(pod))) this.#plan();
  }

  #seen(pod: Pod): void {
    if (this.#isForgotten(pod)) this.#plan();
  }

  #isForgotten({ metadata, spec }: Pod): boolean {
    const node = spec?.nodeName ?? '';
    return node === '' ? metadata?.deletionTimestamp !== undefined : !this.#nodes.get(undefined, node);
  }

  /** Rounds are 20 s apart; those in which there is nothing to do are left out. */
  #plan(): void {
    if (this.#stopped || this.#timer) return;
    const sinceRoundMs = (this.#world.clock.now() - this.#startedAt) % checkIntervalMs;
    this.#timer = this.#world.clock.after(checkIntervalMs - sinceRoundMs, () => void this.#round());
  }

  async #collect(): Promise<void> {
    const all = this.#pods.list();
    const gone = await this.#goneNodes(all);
    for (const pod of all) {
      const node = pod.spec?.nodeName ?? '';
      if (gone.has(node)) await this.#remove(pod, true);
      else if (node === '' && pod.metadata?.deletionTimestamp !== undefined) await this.#remove(pod, false);
    }
  }

  async #goneNodes(all: readonly Pod[]): Promise<ReadonlySet<string>> {
    const now = this.#world.clock.now();
    for (const { spec } of all) {
      const node = spec?.nodeName ?? '';
      if (node === '' || this.#nodes.get(undefined, node) || this.#quarantine.has(node)) continue;
      this.#quarantine.set(node, now + quarantineMs);
    }
    const gone = new Set<string>();
    for (const [node, until] of [...this.#quarantine]) {
      if (until > now) continue;
      this.#quarantine.delete(node);
      if (!this.#nodes.get(undefined, node) && (await this.#isGone(node))) gone.add(node);
    }
    return gone;
  }

  async #isGone(node: string): Promise<boolean> {
    try {
      await this.#client.get<Node>(nodes, undefined, node);
      return false;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return true;
      throw error;
    }
  }

  /** Marks the pod Failed, since no agent will, and deletes it without grace. */
  async #remove(pod: Pod, orphaned: boolean): Promise<void> {
    const { namespace, name = '', uid } = pod.metadata ?? {};
    try {
      if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') {
        const conditions = orphaned ? { conditions: [this.#disruption()] } : {};
        const patch = { metadata: { uid }, status: { phase: 'Failed', ...conditions } };
        await this.#client.patch<Pod>(pods, namespace, name, 'strategic-merge', patch, { subresource: 'status' });
      }
      await this.#client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      this.#world.log.warn('pod could not be removed', { namespace, pod: name, error: String(error) });
    }
  }

  #disruption() {
    return {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: `${new Date(this.#world.clock.now()).toISOString().slice(0, 19)}Z`,
    };
  }
}
