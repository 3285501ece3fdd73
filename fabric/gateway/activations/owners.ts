/**
 * Which gateways live, of those that share a store: each renews a Lease in the cluster, and makes the calls of its own
 * steps alone. On a store with one gateway whoever else owned a step is dead. As in client-go's leader election, a
 * Lease is judged by how long it has stood still before this gateway's own eyes: clocks of two machines may differ.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Lease } from '../../../kubernetes/objects.ts';
import { leases } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';

export const leaseSeconds = 15;
const renewMs = 5_000;
/** A Lease that has stood still for so long is nobody's any more, and is removed. */
const abandonedMs = 10 * 60_000;
const labels = { 'app.kubernetes.io/component': 'fabric-gateway' };
const labelSelector = Object.entries(labels)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

interface OwnersOptions {
  readonly world: World;
  readonly namespace: string;
  /** Absent: no other gateway can be alive. */
  readonly client?: KubernetesClient | undefined;
}

export class Owners {
  /** This gateway's own name: another one after each start. */
  readonly self: string;
  readonly #options: OwnersOptions;
  /** What each Lease said last, and when this was first seen here, epoch ms. */
  readonly #seen = new Map<string, { readonly renewTime: string; readonly at: number }>();

  constructor(options: OwnersOptions) {
    this.#options = options;
    this.self = `fabric-gateway-${options.world.random.stream('owner').uuid().slice(0, 13)}`;
  }

  /** Makes the Lease and renews it until the signal is aborted; then removes it. Returns at once without others. */
  async keep(signal: AbortSignal): Promise<void> {
    const { client, world, namespace } = this.#options;
    if (!client) return;
    while (!signal.aborted) {
      await this.#renew(client).catch((error: unknown) => {
        world.log.warn('the lease of this gateway cannot be renewed', { error: String(error) });
      });
      await world.clock.sleep(renewMs, signal).catch(() => undefined);
    }
    await client.delete(leases, namespace, this.self).catch(() => undefined);
  }

  /** Makes sure that others see this gateway before it owns anything. */
  async begin(): Promise<void> {
    if (this.#options.client) await this.#renew(this.#options.client);
  }

  /**
   * Says of an owner whether it lives; to be asked from time to time, for a Lease that nobody renews is found so by and
   * by. Rejects when the cluster does not answer.
   */
  async living(): Promise<(owner: string) => boolean> {
    const { client, namespace, world } = this.#options;
    if (!client) return (owner) => owner === this.self;
    const { items } = await client.list<Lease>(leases, { namespace, labelSelector });
    const now = world.clock.now();
    const names = new Set([this.self]);
    for (const { metadata, spec } of items) {
      const name = metadata?.name ?? '';
      const stillMs = now - this.#stillSince(name, spec?.renewTime ?? '', now);
      if (stillMs < leaseSeconds * 1000) names.add(name);
      if (stillMs > abandonedMs) await client.delete(leases, namespace, name).catch(() => undefined);
    }
    return (owner) => names.has(owner);
  }

  #stillSince(name: string, renewTime: string, now: number): number {
    const before = this.#seen.get(name);
    if (before?.renewTime === renewTime) return before.at;
    this.#seen.set(name, { renewTime, at: now });
    return now;
  }

  async #renew(client: KubernetesClient): Promise<void> {
    const { world, namespace } = this.#options;
    const renewTime = `${new Date(world.clock.now()).toISOString().slice(0, -1)}000Z`;
    const spec = { holderIdentity: this.self, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      await client.patch<Lease>(leases, namespace, this.self, 'merge', { spec });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      const metadata = { name: this.self, namespace, labels };
      await client.create<Lease>(leases, namespace, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata,
        spec,
      });
    }
  }
}
