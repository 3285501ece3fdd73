/**
 * Keeps the Node of an agent registered and alive: the object, its status, its Lease, and no taint for not being ready.
 */
import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import type { Lease, Node } from '../../kubernetes/objects.ts';
import { leases, nodes } from '../../kubernetes/resources.ts';
import type { Timer } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import { leaseNamespace, type NodeFacts, nodeLease, nodeObject, nodeStatus } from './node-object.ts';

const retryMs = 2_000;
/** A Lease is renewed after a quarter of its duration: ms for each of its seconds. */
const renewalsMs = 250;
const notReadyTaint = 'node.kubernetes.io/not-ready';

export interface RegistrationOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly facts: NodeFacts;
  readonly leaseDurationSeconds: number;
  readonly statusIntervalMs: number;
}

export class Registration {
  readonly #options: RegistrationOptions;
  readonly #timers = new Set<Timer>();
  readonly #startedAt: number;
  /** As the API server returned it last; undefined: not known. */
  #lease: Lease | undefined;
  #isStopped = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#startedAt = options.world.clock.now();
  }

  /** Resolves with the Node once the API server has it; tries until then or until `stop`. */
  async start(): Promise<Node> {
    const node = await this.#persist('register', () => this.#register());
    const { leaseDurationSeconds, statusIntervalMs } = this.#options;
    void this.#every(leaseDurationSeconds * renewalsMs, () => this.#renewLease(node));
    this.#later(statusIntervalMs, () => void this.#every(statusIntervalMs, () => this.#writeStatus()));
    return node;
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  async #register(): Promise<Node> {
    const { client, facts, world } = this.#options;
    let node: Node;
    try {
      node = await client.create<Node>(nodes, undefined, nodeObject(facts, world.clock.now()));
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
      node = await client.get<Node>(nodes, undefined, facts.name);
    }
    // A real API server drops the status of a create for Nodes of others, and adds a taint to new ones.
    await this.#writeStatus();
    return this.#liftTaint(node);
  }

  async #liftTaint(node: Node): Promise<Node> {
    const taints = node.spec?.taints ?? [];
    if (!taints.some(({ key }) => key === notReadyTaint)) return node;
    const { client, facts } = this.#options;
    const fresh = await client.get<Node>(nodes, undefined, facts.name);
    const kept = (fresh.spec?.taints ?? []).filter(({ key }) => key !== notReadyTaint);
    return client.replace<Node>(nodes, { ...fresh, spec: { ...fresh.spec, taints: kept } });
  }

  async #writeStatus(): Promise<void> {
    const { client, facts, world } = this.#options;
    const patch = { status: nodeStatus(facts, world.clock.now(), this.#startedAt) };
    const node = await client.patch<Node>(nodes, undefined, facts.name, 'strategic-merge', patch, {
      subresource: 'status',
    });
    await this.#liftTaint(node);
  }

  /** As the kubelet does: a PUT of the Lease as it was written last; read anew when somebody else changed it. */
  async #renewLease(node: Node): Promise<void> {
    const { client, world, leaseDurationSeconds } = this.#options;
    const fresh = nodeLease(node, world.clock.now(), leaseDurationSeconds);
    const known = this.#lease;
    this.#lease = undefined;
    if (known) {
      this.#lease = await client.replace<Lease>(leases, { ...known, spec: fresh.spec });
      return;
    }
    try {
      this.#lease = await client.create<Lease>(leases, leaseNamespace, fresh);
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
      const existing = await client.get<Lease>(leases, leaseNamespace, fresh.metadata?.name ?? '');
      this.#lease = await client.replace<Lease>(leases, { ...existing, spec: fresh.spec });
    }
  }

  /** Repeats the work until `stop`; failures are logged and wait for the next turn. */
  async #every(intervalMs: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.world.log.warn('node heartbeat failed', { error: String(error) });
    }
    this.#later(intervalMs, () => void this.#every(intervalMs, work));
  }

  async #persist<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.#options.world.log.warn(`cannot ${what} the node, trying again`, { error: String(error) });
        if (this.#isStopped) throw error;
        await this.#options.world.clock.sleep(retryMs);
      }
    }
  }

  #later(delayMs: number, callback: () => void): void {
    if (this.#isStopped) return;
    const timer = this.#options.world.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }
}
