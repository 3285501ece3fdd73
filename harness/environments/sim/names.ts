/**
 * Where names lead on the network of a simulated Fabric: Services of its cluster, and what is not in the cluster here.
 */
import { isOfCluster } from '../../../simulator/services/names.ts';
import type { ServiceNetwork } from '../../../simulator/services/service-network.ts';
import type { Resolve } from '../../../world/simulated/way-out.ts';

/** Where the API server listens inside the simulation. */
export const kubernetesAddress = 'kubernetes:443';
/** Where its services do. */
export const gatewayAddress = 'gateway:80';
export const contentAddress = 'content:80';

/** The API server's Service has no endpoints here. */
const server = new Map([
  ...namesOf('kubernetes.default', 443, kubernetesAddress),
  ['10.96.0.1:443', kubernetesAddress],
]);

/**
 * Names of the gateway inside clusters (contract 3.13): skills reach it by them, and Services of one's own go before.
 */
const gateway = new Map([
  ...namesOf('cortex-internal.cortex', 80, gatewayAddress),
  ...namesOf('cortex-accounts.cortex', 5000, gatewayAddress),
  ...namesOf('cortex-connections.cortex', 4450, gatewayAddress),
]);

function namesOf(name: string, port: number, place: string): [string, string][] {
  return ['', '.svc', '.svc.cluster.local'].map((zone) => [`${name}${zone}:${port}`, place]);
}

/** `services` is absent until there is a Service. */
export function resolver(services?: ServiceNetwork['resolve']): Resolve {
  return (address) => {
    const toServer = server.get(address);
    if (toServer !== undefined) return { place: toServer };
    const answer = services?.(address);
    if (typeof answer === 'object') return answer;
    const toGateway = answer === 'nobody is ready' ? undefined : gateway.get(address);
    if (toGateway !== undefined) return { place: toGateway };
    return answer === 'unknown name' || (!services && isOfCluster(hostOf(address))) ? 'unknown name' : undefined;
  };
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
