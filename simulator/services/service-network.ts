/**
 * Names and virtual addresses of Services, as a cluster's DNS and its proxies have them: each request goes to one of
 * the ready endpoints, in turn.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { Informer } from '../../kubernetes/informer.ts';
import type { EndpointSlice, Service } from '../../kubernetes/objects.ts';
import { endpointSlices, services } from '../../kubernetes/resources.ts';
import type { World } from '../../world/world.ts';
import { placesOf } from './endpoints.ts';
import { isOfCluster, parseServiceName } from './names.ts';

const serviceNameLabel = 'kubernetes.io/service-name';

export interface ServiceNetworkOptions {
  readonly world: World;
  readonly client: KubernetesClient;
}

/**
 * Where a name leads: a place, nowhere (nobody is ready), or that no Service has this name. Undefined: it is no name of
 * a Service.
 */
export type Answer = { readonly place: string } | 'nobody is ready' | 'unknown name' | undefined;

export class ServiceNetwork {
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  /** How often each address was asked for. */
  readonly #turns = new Map<string, number>();

  constructor({ world, client }: ServiceNetworkOptions) {
    this.#services = new Informer<Service>({ world, client, type: services });
    this.#slices = new Informer<EndpointSlice>({ world, client, type: endpointSlices });
  }

  async start(): Promise<void> {
    await Promise.all([this.#services.start(), this.#slices.start()]);
  }

  async stop(): Promise<void> {
    this.#services.stop();
    this.#slices.stop();
  }

  /** Where `host:port` leads this time. */
  resolve(address: string): Answer {
    const separator = address.lastIndexOf(':');
    const host = address.slice(0, separator);
    const port = Number(address.slice(separator + 1));
    const name = parseServiceName(host);
    const service = this.#withAddress(host) ?? (name && this.#named(name.service, name.namespace));
    if (!service) return isOfCluster(host) ? 'unknown name' : undefined;
    const { type, externalName } = service.spec ?? {};
    if (type === 'ExternalName') return { place: `${externalName}:${port}` };
    const places = placesOf(service, this.#slicesOf(service), port, name?.hostname);
    if (places.length === 0) return 'nobody is ready';
    const turn = this.#turns.get(address) ?? 0;
    this.#turns.set(address, turn + 1);
    return { place: places[turn % places.length] ?? '' };
  }

  #withAddress(host: string): Service | undefined {
    return this.#services.list().find(({ spec }) => spec?.clusterIP === host && host !== 'None');
  }

  /** Without a namespace, which is the asker's: where only one Service has the name. */
  #named(name: string, namespace: string | undefined): Service | undefined {
    if (namespace !== undefined) return this.#services.get(namespace, name);
    const named = this.#services.list().filter(({ metadata }) => metadata?.name === name);
    return named.length === 1 ? named[0] : undefined;
  }

  #slicesOf({ metadata }: Service): EndpointSlice[] {
    const isIts = (slice: EndpointSlice) =>
      slice.metadata?.namespace === metadata?.namespace &&
      slice.metadata?.labels?.[serviceNameLabel] === metadata?.name;
    return this.#slices.list().filter(isIts);
  }
}
