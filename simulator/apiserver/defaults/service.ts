/** Defaults of Services. */
import type { V1Service } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';

type Service = Wire<V1Service>;

/** Three hours: how long a client sticks to a pod. */
const affinityTimeoutSeconds = 10_800;

export function defaultService(service: Service): Service {
  const { clusterIP, ...others }: Partial<NonNullable<Service['spec']>> = service.spec ?? {};
  // An empty address is none, as Go leaves it out.
  const spec = clusterIP ? { ...others, clusterIP } : others;
  const type = spec.type || 'ClusterIP';
  const reachable = type === 'NodePort' || type === 'LoadBalancer' || (spec.externalIPs ?? []).length > 0;
  const balanced = type !== 'ExternalName';
  return {
    ...service,
    spec: {
      ...withAffinity(spec),
      ...(spec.ports ? { ports: spec.ports.map(defaultPort) } : {}),
      type,
      ...(reachable && balanced ? { externalTrafficPolicy: spec.externalTrafficPolicy || 'Cluster' } : {}),
      ...(balanced ? { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true } : {}),
    },
  } as Service;
}

function withAffinity(spec: Partial<NonNullable<Service['spec']>>): Partial<NonNullable<Service['spec']>> {
  const { sessionAffinityConfig: config, ...rest } = spec;
  const sessionAffinity = spec.sessionAffinity || 'None';
  if (sessionAffinity === 'None') return { ...rest, sessionAffinity };
  if (sessionAffinity !== 'ClientIP' || config?.clientIP?.timeoutSeconds) return { ...spec, sessionAffinity };
  return { ...rest, sessionAffinity, sessionAffinityConfig: { clientIP: { timeoutSeconds: affinityTimeoutSeconds } } };
}

type Port = NonNullable<NonNullable<Service['spec']>['ports']>[number];

function defaultPort(port: Port): Port {
  return { ...port, protocol: port.protocol || 'TCP', targetPort: port.targetPort || port.port };
}
