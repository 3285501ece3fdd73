/** Which places of pods a request to a Service's port may go to. Pure. */
import type { EndpointSlice, Service } from '../../kubernetes/objects.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/**
 * `address:port` of each endpoint, in the order of the slices. Of a headless Service any port can be asked: there is no
 * proxy.
 */
export function placesOf(
  service: Service,
  slices: readonly EndpointSlice[],
  port: number,
  hostname?: string,
): string[] {
  const isHeadless = service.spec?.clusterIP === 'None';
  const own = service.spec?.ports?.find((each) => each.port === port);
  if (!own && !isHeadless) return [];
  const all = slices.flatMap((slice) => {
    const target = isHeadless ? port : slice.ports?.find(({ name = '' }) => name === (own?.name ?? ''))?.port;
    return target === undefined ? [] : (slice.endpoints ?? []).map((endpoint) => ({ endpoint, target }));
  });
  const meant = all.filter(({ endpoint }) => hostname === undefined || endpoint.hostname === hostname);
  const isReady = ({ endpoint }: { endpoint: Endpoint }) => endpoint.conditions?.ready !== false;
  const ready = meant.filter(isReady);
  const chosen = ready.length > 0 || isHeadless ? ready : meant.filter(({ endpoint }) => isEndingWell(endpoint));
  return chosen.flatMap(({ endpoint, target }) => endpoint.addresses.map((address) => `${address}:${target}`));
}

/**
 * While none is ready, a proxy asks those that are on their way out and still serve (upstream pkg/proxy/topology.go).
 */
function isEndingWell({ conditions }: Endpoint): boolean {
  return conditions?.terminating === true && conditions.serving === true;
}
