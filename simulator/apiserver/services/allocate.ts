/**
 * What a Service gets from the server's allocators, before it is validated: families, an address of the cluster, ports
 * of the nodes. Source: upstream pkg/registry/core/service/storage/alloc.go. The cluster has one family of addresses,
 * IPv4.
 */
import { isIPv6 } from 'node:net';
import { type FieldError, invalid as refusal } from '../errors.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';
import { invalid } from '../validate/field.ts';
import { validateAddresses } from '../validate/service-addresses.ts';
import { nodePortRange, type ServicePool } from './pool.ts';

type Spec = Record<string, unknown>;

const serviceKind = { group: '', kind: 'Service', plural: 'services' };

/** Fills in what a new Service leaves open. Throws 422. */
export function allocateNew(service: ApiObject, pool: ServicePool): void {
  const spec = { ...recordAt(service, 'spec') };
  service.spec = spec;
  if (textAt(spec, 'clusterIP') !== '' && listAt(spec, 'clusterIPs').length === 0) spec.clusterIPs = [spec.clusterIP];
  allocate(service, spec, pool, undefined);
}

/** Fills in what a change asks for and did not need before. Throws 422. */
export function allocateChanged(service: ApiObject, old: ApiObject, pool: ServicePool): void {
  const spec = { ...recordAt(service, 'spec') };
  service.spec = spec;
  allocate(service, spec, pool, recordAt(old, 'spec'));
}

function allocate(service: ApiObject, spec: Spec, pool: ServicePool, before: Spec | undefined): void {
  const refuse = (errors: readonly FieldError[]) => {
    if (errors.length > 0) throw refusal(serviceKind, service.metadata.name ?? '', errors);
  };
  if (textAt(spec, 'type') === 'ExternalName') return;
  refuse(validateAddresses(spec));
  refuse(initializeFamilies(spec));
  if (!hasAddress(before)) refuse(allocateAddress(spec, pool));
  if (needsNodePorts(spec)) refuse(allocateNodePorts(spec, pool, new Set(before ? nodePortsOf(before) : [])));
}

function hasAddress(spec: Spec | undefined): boolean {
  return spec !== undefined && textAt(spec, 'clusterIP') !== '';
}

/** `initIPFamilyFields`. */
function initializeFamilies(spec: Spec): FieldError[] {
  const addresses = listAt(spec, 'clusterIPs').map(String);
  const given = listAt(spec, 'ipFamilies').map(String);
  const isHeadless = addresses[0] === 'None';
  const unknown = addresses.flatMap((address, index) =>
    index >= given.length && isIPv6(address)
      ? [invalid(`spec.clusterIPs[${index}]`, addresses, 'IPv6 is not configured on this cluster')]
      : [],
  );
  if (unknown.length > 0) return unknown;
  if (isHeadless && Object.keys(recordAt(spec, 'selector')).length === 0) {
    initializeWithoutSelector(spec, given);
    return [];
  }
  const errors = [
    ...(spec.ipFamilyPolicy === 'RequireDualStack'
      ? [invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...given.flatMap((family, index) =>
      family === 'IPv4' ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
    ),
  ];
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (given.length === 0) spec.ipFamilies = ['IPv4'];
  return errors;
}

/** Who keeps the endpoints of such a Service is not known: it may have both families wherever it is. */
function initializeWithoutSelector(spec: Spec, given: readonly string[]): void {
  const first = given.length > 0 ? given : ['IPv4'];
  const other = first[0] === 'IPv4' ? 'IPv6' : 'IPv4';
  const isSingle = spec.ipFamilyPolicy === 'SingleStack';
  spec.ipFamilies = first.length < 2 && !isSingle ? [...first, other] : first;
  spec.ipFamilyPolicy ??= 'RequireDualStack';
}

function allocateAddress(spec: Spec, pool: ServicePool): FieldError[] {
  const asked = textAt(spec, 'clusterIP');
  if (asked === 'None') return [];
  if (asked !== '') {
    const why = !pool.isInRange(asked)
      ? 'the provided network does not match the current range'
      : pool.isTaken(asked) && 'provided IP is already allocated';
    return why ? [invalid('spec.clusterIPs', [asked], `failed to allocate IP ${asked}: ${why}`)] : [];
  }
  const address = pool.address();
  if (address === undefined) return [invalid('spec.clusterIPs', null, 'failed to allocate a serviceIP: range is full')];
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  return [];
}

export function needsNodePorts(spec: Spec): boolean {
  if (textAt(spec, 'type') === 'NodePort') return true;
  return textAt(spec, 'type') === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

export function nodePortsOf(spec: Spec): number[] {
  return listAt(spec, 'ports').flatMap((port) => (isRecord(port) && port.nodePort ? [Number(port.nodePort)] : []));
}

/** Ports of one number and different protocols may share a node port; `own` are those that the Service has already. */
function allocateNodePorts(spec: Spec, pool: ServicePool, own: ReadonlySet<number>): FieldError[] {
  const errors: FieldError[] = [];
  spec.ports = listAt(spec, 'ports').map((port, index) => {
    if (!isRecord(port)) return port;
    const asked = Number(port.nodePort ?? 0);
    if (asked === 0) return { ...port, nodePort: pool.nodePort() };
    const why = !pool.isPortInRange(asked)
      ? `provided port is not in the valid range. The range of valid ports is ${nodePortRange}`
      : !own.has(asked) && pool.isPortTaken(asked) && 'provided port is already allocated';
    if (why) errors.push(invalid(`spec.ports[${index}].nodePort`, asked, why));
    return port;
  });
  return errors;
}
