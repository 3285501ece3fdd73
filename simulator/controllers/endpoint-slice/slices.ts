/**
 * The endpoints that a Service should have, from its selector and the pods. Pure. Source: upstream
 * pkg/controller/endpointslice (utils.go, reconciler) and k8s.io/endpointslice/utils.go.
 */
import type { EndpointSlice, Pod, Service } from '../../../kubernetes/objects.ts';

export const managedBy = 'endpointslice-controller.k8s.io';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const serviceNameLabel = 'kubernetes.io/service-name';
/** A headless Service's slices say so: no proxy needs them. */
const headlessLabel = 'service.kubernetes.io/headless';
/** `--max-endpoints-per-slice`. */
const endpointsMaximum = 100;

export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
export type EndpointPorts = NonNullable<EndpointSlice['ports']>;

export interface DesiredSlice {
  readonly ports: EndpointPorts;
  readonly endpoints: readonly Endpoint[];
}

/** Slices in a stable order; pods whose named ports have other numbers stand in slices of their own. */
export function desiredSlices(service: Service, pods: readonly Pod[]): DesiredSlice[] {
  const byPorts = new Map<string, { ports: EndpointPorts; endpoints: Endpoint[] }>();
  const isUnready = service.spec?.publishNotReadyAddresses === true;
  for (const pod of [...pods].sort(byName)) {
    if (!isMember(pod)) continue;
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, isUnready));
    byPorts.set(key, group);
  }
  if (byPorts.size === 0) return [{ ports: [], endpoints: [] }];
  return [...byPorts.values()].flatMap(({ ports, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / endpointsMaximum) }, (_, index) => ({
      ports,
      endpoints: endpoints.slice(index * endpointsMaximum, (index + 1) * endpointsMaximum),
    })),
  );
}

/** The labels of its slices: the Service's own and what finds them. */
export function sliceLabels(service: Service): Record<string, string> {
  const { labels = {}, name = '' } = service.metadata ?? {};
  const { [headlessLabel]: _reserved, ...own } = labels;
  const isHeadless = service.spec?.clusterIP === 'None';
  return {
    ...own,
    ...(isHeadless ? { [headlessLabel]: '' } : {}),
    [serviceNameLabel]: name,
    [managedByLabel]: managedBy,
  };
}

/** Whether the Service's selector, which must be there, takes the pod. */
export function selects(service: Service, pod: Pod): boolean {
  const labels = pod.metadata?.labels ?? {};
  return Object.entries(service.spec?.selector ?? {}).every(([name, value]) => labels[name] === value);
}

/** `ShouldPodBeInEndpoints`: it has an address and has not ended. */
function isMember(pod: Pod): boolean {
  const { phase, podIP } = pod.status ?? {};
  return phase !== 'Succeeded' && phase !== 'Failed' && podIP !== undefined && podIP !== '';
}

function endpointOf(service: Service, pod: Pod, isUnready: boolean): Endpoint {
  const { metadata, status, spec } = pod;
  const serving = status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  const terminating = metadata?.deletionTimestamp !== undefined;
  const hasName = spec?.hostname !== undefined && spec.subdomain === service.metadata?.name;
  return {
    addresses: [status?.podIP ?? ''],
    conditions: { ready: isUnready || (serving && !terminating), serving, terminating },
    ...(hasName ? { hostname: spec.hostname } : {}),
    ...(spec?.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    targetRef: {
      kind: 'Pod',
      namespace: metadata?.namespace,
      name: metadata?.name,
      uid: metadata?.uid,
    },
  } as Endpoint;
}

/** `getEndpointPorts`: a port whose name the pod does not have is left out. */
function portsOf(service: Service, pod: Pod): EndpointPorts {
  return (service.spec?.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort, appProtocol }) => {
    const number = portNumber(pod, targetPort ?? port, protocol);
    if (number === undefined) return [];
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function portNumber(pod: Pod, target: number | string, protocol: string): number | undefined {
  if (typeof target === 'number') return target;
  const ports = pod.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find(({ name, protocol: own = 'TCP' }) => name === target && own === protocol)?.containerPort;
}

function byName(left: Pod, right: Pod): number {
  return (left.metadata?.name ?? '') < (right.metadata?.name ?? '') ? -1 : 1;
}
