/**
 * Keeps the EndpointSlices of each Service that has a selector. Source: upstream pkg/controller/endpointslice.
 * Differences: slices are filled from the front, where upstream moves as few endpoints as it can, and no annotation
 * tells the time of the last change.
 */
import { isDeepStrictEqual } from 'node:util';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { EndpointSlice, Pod, Service } from '../../../kubernetes/objects.ts';
import { endpointSlices, pods, services } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import {
  type DesiredSlice,
  desiredSlices,
  managedBy,
  managedByLabel,
  selects,
  serviceNameLabel,
  sliceLabels,
} from './slices.ts';

export interface EndpointSliceControllerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
}

export class EndpointSliceController {
  readonly #client: KubernetesClient;
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #queue: WorkQueue;

  constructor({ world, client }: EndpointSliceControllerOptions) {
    this.#client = client;
    this.#services = new Informer<Service>({ world, client, type: services });
    this.#pods = new Informer<Pod>({ world, client, type: pods });
    const labelSelector = `${managedByLabel}=${managedBy}`;
    this.#slices = new Informer<EndpointSlice>({ world, client, type: endpointSlices, labelSelector });
    const serviceSeen = (service: Service) => this.#queue.add(keyOf(service));
    this.#services.on({ added: serviceSeen, updated: (_before, after) => serviceSeen(after), deleted: serviceSeen });
    this.#pods.on({
      added: (pod) => this.#podSeen(pod),
      updated: (before, after) => {
        this.#podSeen(before);
        this.#podSeen(after);
      },
      deleted: (pod) => this.#podSeen(pod),
    });
    this.#slices.on({
      updated: (_before, after) => this.#sliceSeen(after),
      deleted: (slice) => this.#sliceSeen(slice),
    });
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers: 1,
      handle: (key) => this.#sync(key),
      onError: (key, error) => world.log.debug('endpoints could not be kept', { key, error: String(error) }),
    });
  }

  async start(): Promise<void> {
    await Promise.all([this.#services.start(), this.#pods.start(), this.#slices.start()]);
    this.#queue.start();
  }

  async stop(): Promise<void> {
    for (const informer of [this.#services, this.#pods, this.#slices]) informer.stop();
    await this.#queue.stop();
  }

  #podSeen(pod: Pod): void {
    for (const service of this.#services.list()) {
      const isThere = service.metadata?.namespace === pod.metadata?.namespace;
      if (isThere && service.spec?.selector && selects(service, pod)) this.#queue.add(keyOf(service));
    }
  }

  #sliceSeen({ metadata }: EndpointSlice): void {
    this.#queue.add(`${metadata?.namespace}/${metadata?.labels?.[serviceNameLabel]}`);
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const service = this.#services.get(namespace, name);
    // Slices of a Service that is gone are the garbage collector's.
    if (!service?.spec?.selector || service.metadata?.deletionTimestamp || service.spec.type === 'ExternalName') return;
    const members = this.#pods.list().filter((pod) => pod.metadata?.namespace === namespace && selects(service, pod));
    const desired = desiredSlices(service, members);
    const existing = this.#slices
      .list()
      .filter(({ metadata }) => metadata?.namespace === namespace && metadata.labels?.[serviceNameLabel] === name)
      .sort((left, right) => ((left.metadata?.name ?? '') < (right.metadata?.name ?? '') ? -1 : 1));
    for (const [index, slice] of desired.entries()) await this.#bring(service, existing[index], slice);
    for (const spare of existing.slice(desired.length)) await this.#remove(spare);
  }

  async #bring(service: Service, existing: EndpointSlice | undefined, desired: DesiredSlice): Promise<void> {
    const { namespace = '', name = '', uid = '' } = service.metadata ?? {};
    const labels = sliceLabels(service);
    const { ports, endpoints } = desired;
    if (!existing) {
      const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
      const metadata = { generateName: `${name}-`, namespace, labels, ownerReferences: [owner] };
      const made = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4' };
      await this.#client.create(endpointSlices, namespace, { ...made, ports, endpoints } as EndpointSlice);
      return;
    }
    const isSame =
      isDeepStrictEqual(existing.ports ?? [], ports) &&
      isDeepStrictEqual(existing.endpoints ?? [], endpoints) &&
      isDeepStrictEqual(existing.metadata?.labels, labels);
    if (isSame) return;
    try {
      const metadata = { ...existing.metadata, labels };
      await this.#client.replace(endpointSlices, { ...existing, metadata, ports, endpoints } as EndpointSlice);
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  async #remove({ metadata }: EndpointSlice): Promise<void> {
    try {
      await this.#client.delete(endpointSlices, metadata?.namespace, metadata?.name ?? '');
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}
