/** What a Service gets from the server's allocators: addresses of the cluster and ports of the nodes. Source: upstream registry/core/service. */
import type { RandomStream } from '../../world/random.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from './json.ts';

/** `10.96.0.0/16` without its ends. */
function clusterAddress(random: RandomStream): string {
  return `10.96.${random.integer(1, 254)}.${random.integer(1, 254)}`;
}

function nodePort(random: RandomStream): number {
  return random.integer(30_000, 32_767);
}

/** Fills in what a new Service leaves open. Addresses are drawn without a look at those that are taken. */
export function allocate(service: ApiObject, random: RandomStream): void {
  const spec = { ...recordAt(service, 'spec') };
  const type = textAt(spec, 'type');
  if (type === 'ExternalName') return;
  spec.clusterIP = textAt(spec, 'clusterIP') || clusterAddress(random);
  spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (type === 'NodePort' || type === 'LoadBalancer') {
    spec.ports = listAt(spec, 'ports').map((port) =>
      isRecord(port) && port.nodePort === undefined ? { ...port, nodePort: nodePort(random) } : port,
    );
  }
  service.spec = spec;
}

/** An update keeps the addresses that it does not speak of. */
export function keepAddresses(service: ApiObject, old: ApiObject): void {
  const spec = { ...recordAt(service, 'spec') };
  const before = recordAt(old, 'spec');
  if (textAt(spec, 'type') === 'ExternalName') return;
  for (const member of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (spec[member] === undefined && before[member] !== undefined) spec[member] = before[member];
  }
  service.spec = spec;
}
