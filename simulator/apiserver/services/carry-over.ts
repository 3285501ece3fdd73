/**
 * What a changed Service takes over from the one that was: addresses and ports of which the client said nothing, and
 * not what its new type has no use for. Source: upstream NormalizeClusterIPs, patchAllocatedValues and
 * dropTypeDependentFields (pkg/registry/core/service).
 */
import { type ApiObject, isRecord, listAt, recordAt, sameJson, textAt } from '../json.ts';
import { needsNodePorts, nodePortsOf } from './allocate.ts';

type Spec = Record<string, unknown>;

const addressMembers = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'];

export function carryOver(service: ApiObject, old: ApiObject): void {
  const spec = { ...recordAt(service, 'spec') };
  const before = recordAt(old, 'spec');
  followFirstAddress(spec, before);
  if (needsAddress(spec) && needsAddress(before)) keepAddresses(spec, before);
  if (needsNodePorts(spec) && needsNodePorts(before)) keepNodePorts(spec, before);
  dropUnused(spec, before);
  service.spec = spec;
}

function needsAddress(spec: Spec): boolean {
  return textAt(spec, 'type') !== 'ExternalName';
}

/** A client that knows only the old member changed it: the list follows, unless the client has changed that too. */
function followFirstAddress(spec: Spec, before: Spec): void {
  const address = textAt(spec, 'clusterIP');
  if (address === textAt(before, 'clusterIP') || !sameJson(spec.clusterIPs, before.clusterIPs)) return;
  if (address === '') delete spec.clusterIPs;
  else spec.clusterIPs = [address];
}

function keepAddresses(spec: Spec, before: Spec): void {
  if (textAt(spec, 'clusterIP') === '') spec.clusterIP = before.clusterIP;
  if (listAt(spec, 'clusterIPs').length === 0 && spec.clusterIP === before.clusterIP) {
    spec.clusterIPs = before.clusterIPs;
  }
  for (const member of ['ipFamilies', 'ipFamilyPolicy']) {
    if (spec[member] === undefined && before[member] !== undefined) spec[member] = before[member];
  }
}

/** By the names of the ports, unless another port has asked for that number. */
function keepNodePorts(spec: Spec, before: Spec): void {
  const used = new Set(nodePortsOf(spec));
  const known = new Map(
    listAt(before, 'ports').map((port) => [textAt(port, 'name'), Number(recordOf(port).nodePort ?? 0)]),
  );
  spec.ports = listAt(spec, 'ports').map((port) => {
    const kept = known.get(textAt(port, 'name')) ?? 0;
    if (!isRecord(port) || port.nodePort || kept === 0 || used.has(kept)) return port;
    used.add(kept);
    return { ...port, nodePort: kept };
  });
}

/** What the client has changed at the same time stays, for validation to refuse. */
function dropUnused(spec: Spec, before: Spec): void {
  const dropIfSame = (members: readonly string[]) => {
    for (const member of members) if (sameJson(spec[member], before[member])) delete spec[member];
  };
  if (!needsAddress(spec) && needsAddress(before)) dropIfSame([...addressMembers, 'internalTrafficPolicy']);
  if (!needsNodePorts(spec) && needsNodePorts(before) && sameJson(nodePortsOf(spec), nodePortsOf(before))) {
    spec.ports = listAt(spec, 'ports').map(withoutNodePort);
  }
  if (!isReachable(spec) && isReachable(before)) dropIfSame(['externalTrafficPolicy', 'healthCheckNodePort']);
  if (textAt(spec, 'type') !== 'LoadBalancer' && textAt(before, 'type') === 'LoadBalancer') {
    dropIfSame(['allocateLoadBalancerNodePorts', 'loadBalancerClass']);
  }
}

function isReachable(spec: Spec): boolean {
  const type = textAt(spec, 'type');
  return (
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && listAt(spec, 'externalIPs').length > 0)
  );
}

function withoutNodePort(port: unknown): unknown {
  const { nodePort: _dropped, ...rest } = recordOf(port);
  return rest;
}

function recordOf(value: unknown): Spec {
  return isRecord(value) ? value : {};
}
