/**
 * The scheduler: binds pending pods to nodes with room, and tries those without a place again when something has
 * changed. Preemption, priorities, host ports, volumes, topology and pod affinity are left out (semantics 7).
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { KubernetesObject, Node, Pod, PodCondition } from '../../../kubernetes/objects.ts';
import { nodes as nodeType, pods as podType } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import { place } from './placement.ts';
import { Usage } from './usage.ts';

const schedulerName = 'default-scheduler';
/** Of a pod that has found no place: 1 s, 2 s, 4 s ... from its last attempt, before a change lets it try again. */
const firstBackoffMs = 1_000;
const maximumBackoffMs = 10_000;
/** Without any change it tries again after this. */
const flushMs = 300_000;

interface Attempts {
  readonly uid: string;
  readonly count: number;
  readonly lastAt: number;
}

interface Binding extends KubernetesObject {
  target: { apiVersion: string; kind: string; name: string };
}

export class Scheduler {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;
  readonly #usage = new Usage();
  /** Pods without a place, by key. */
  readonly #unplaced = new Map<string, Attempts>();

  constructor(options: { readonly world: World; readonly client: KubernetesClient }) {
    const { world, client } = options;
    this.#world = world;
    this.#client = client;
    this.#pods = new Informer<Pod>({ world, client, type: podType });
    this.#nodes = new Informer<Node>({ world, client, type: nodeType });
    this.#events = new EventRecorder({ world, client, component: schedulerName });
    this.#queue = new WorkQueue({
      clock: world.clock,
      // One at a time: two pods must not both take the last room.
      workers: 1,
      baseDelayMs: firstBackoffMs,
      maximumDelayMs: maximumBackoffMs,
      handle: (key) => this.#schedule(key),
      onError: (key, error) => world.log.warn('scheduling failed, trying again', { key, error: String(error) }),
    });
    this.#listen();
  }

  /** Resolves when the caches are filled and pods are being placed. */
  async start(): Promise<void> {
    await this.#nodes.start();
    await this.#pods.start();
    this.#queue.start();
  }

  /** Resolves when the pod at hand is done; nothing is placed after that. */
  async stop(): Promise<void> {
    this.#nodes.stop();
    this.#pods.stop();
    await this.#queue.stop();
  }

  #listen(): void {
    this.#nodes.on({
      added: () => this.#retryUnplaced(),
      updated: (before, after) => {
        if (placementFacts(before) !== placementFacts(after)) this.#retryUnplaced();
      },
    });
    this.#pods.on({
      added: (pod) => this.#podChanged(pod),
      updated: (before, pod) => {
        // New tolerations, or the last gate gone: what was decided before does not hold.
        if (before.metadata?.generation !== pod.metadata?.generation) this.#unplaced.delete(keyOf(pod));
        this.#podChanged(pod);
      },
      deleted: (pod) => this.#podGone(pod),
    });
  }

  #podChanged(pod: Pod): void {
    if (isTerminal(pod)) {
      this.#podGone(pod);
      return;
    }
    const node = pod.spec?.nodeName ?? '';
    if (node !== '') {
      this.#usage.seat(pod, node);
      this.#unplaced.delete(keyOf(pod));
    } else if (this.#isMine(pod) && this.#unplaced.get(keyOf(pod))?.uid !== pod.metadata?.uid) {
      this.#queue.add(keyOf(pod));
    }
  }

  #podGone(pod: Pod): void {
    this.#unplaced.delete(keyOf(pod));
    if (!this.#usage.has(pod)) return;
    this.#usage.leave(pod);
    this.#retryUnplaced();
  }

  /** Something has changed that may make room: who waits tries again, its back-off permitting. */
  #retryUnplaced(): void {
    const now = this.#world.clock.now();
    for (const [key, { count, lastAt }] of this.#unplaced) {
      const backoffMs = Math.min(maximumBackoffMs, firstBackoffMs * 2 ** Math.min(count - 1, 10));
      this.#queue.addAfter(key, lastAt + backoffMs - now);
    }
  }

  #isMine(pod: Pod): boolean {
    return (
      (pod.spec?.schedulerName ?? schedulerName) === schedulerName &&
      pod.metadata?.deletionTimestamp === undefined &&
      (pod.spec?.schedulingGates ?? []).length === 0 &&
      !isTerminal(pod)
    );
  }

  async #schedule(key: string): Promise<void> {
    const slash = key.indexOf('/');
    const pod = this.#pods.get(key.slice(0, slash), key.slice(slash + 1));
    if (pod === undefined || (pod.spec?.nodeName ?? '') !== '' || !this.#isMine(pod) || this.#usage.has(pod)) return;
    const placement = place(pod, this.#nodes.list(), (node) => this.#usage.of(node));
    if (placement.kind === 'node') await this.#bind(pod, placement.name);
    else await this.#leaveUnplaced(pod, placement.message);
  }

  /** The room is taken before the API server answers, and given back if it refuses. */
  async #bind(pod: Pod, node: string): Promise<void> {
    const { namespace, name, uid } = pod.metadata ?? {};
    const binding: Binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    this.#usage.seat(pod, node);
    try {
      await this.#client.create<Binding>(podType, namespace, binding, { subresource: 'binding' });
    } catch (error) {
      this.#giveBack(pod);
      if (hasReason(error, 'NotFound')) return;
      throw error;
    }
    this.#unplaced.delete(keyOf(pod));
    this.#events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${keyOf(pod)} to ${node}`);
  }

  /** The room of a pod that was not bound; if only the answer was lost, the cache may show by now where it is. */
  #giveBack(pod: Pod): void {
    this.#usage.leave(pod);
    const { namespace, name = '', uid } = pod.metadata ?? {};
    const seen = this.#pods.get(namespace, name);
    if (seen?.metadata?.uid === uid && seen?.spec?.nodeName) this.#podChanged(seen);
  }

  async #leaveUnplaced(pod: Pod, message: string): Promise<void> {
    const key = keyOf(pod);
    const uid = pod.metadata?.uid ?? '';
    const before = this.#unplaced.get(key);
    const count = before?.uid === uid ? before.count + 1 : 1;
    this.#unplaced.set(key, { uid, count, lastAt: this.#world.clock.now() });
    this.#queue.addAfter(key, flushMs);
    this.#events.event(pod, 'Warning', 'FailedScheduling', message);
    await this.#writeUnschedulable(pod, message);
  }

  async #writeUnschedulable(pod: Pod, message: string): Promise<void> {
    const present = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
    if (present?.status === 'False' && present.reason === 'Unschedulable' && present.message === message) return;
    const now = `${new Date(this.#world.clock.now()).toISOString().slice(0, 19)}Z`;
    const condition: PodCondition = {
      type: 'PodScheduled',
      observedGeneration: pod.metadata?.generation,
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: present?.status === 'False' ? present.lastTransitionTime : now,
    };
    const { namespace, name = '', uid } = pod.metadata ?? {};
    const patch = { metadata: { uid }, status: { conditions: [condition] } };
    try {
      await this.#client.patch(podType, namespace, name, 'strategic-merge', patch, { subresource: 'status' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}

/** What of a node decides placements; heartbeats and images do not. */
function placementFacts(node: Node): string {
  const { labels } = node.metadata ?? {};
  const { taints, unschedulable } = node.spec ?? {};
  return JSON.stringify([labels, taints, unschedulable, node.status?.allocatable]);
}

function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
