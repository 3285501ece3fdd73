/**
 * EndpointSlices. Source: upstream pkg/apis/discovery/validation. Addresses of the loopback are taken here: local
 * commands, which are processes of the machine, have one.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { V1Endpoint, V1EndpointSlice } from '@kubernetes/client-node';
import type { KubernetesObject, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, dnsSubdomain, ipAddress } from '../schema/names.ts';
import { duplicate, immutableMessage, invalid, invalids, oneOf, required } from './field.ts';

type Slice = Wire<V1EndpointSlice>;
type Endpoint = Partial<Wire<V1Endpoint>>;
type Port = NonNullable<Slice['ports']>[number];

const types = ['FQDN', 'IPv4', 'IPv6'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export function checkSlice(object: object, old: object | undefined): FieldError[] {
  const { addressType = '', endpoints, ports } = object as Partial<Slice>;
  const before = (old as Partial<Slice> | undefined)?.addressType;
  const named = new Set<string>();
  return [
    ...oneOf('addressType', addressType, types),
    ...(old && addressType !== before ? [invalid('addressType', addressType, immutableMessage)] : []),
    ...(endpoints ?? []).flatMap((each, index) => checkEndpoint(each, addressType, `endpoints[${index}]`)),
    ...(ports ?? []).flatMap((each, index) => checkPort(each, named, `ports[${index}]`)),
  ];
}

export function warnAboutSlice(object: KubernetesObject): string[] {
  const { addressType } = object as Partial<Slice>;
  return addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [];
}

function checkEndpoint({ addresses = [], hostname }: Endpoint, type: string, path: string): FieldError[] {
  return [
    ...(addresses.length === 0 ? [required(`${path}.addresses`, 'must contain at least 1 address')] : []),
    ...addresses.flatMap((each, index) => checkAddress(each, type, `${path}.addresses`, index)),
    ...(hostname ? invalids(`${path}.hostname`, hostname, dnsLabel(hostname)) : []),
  ];
}

function checkAddress(address: string, type: string, list: string, index: number): FieldError[] {
  const path = `${list}[${index}]`;
  if (type === 'FQDN') return invalids(path, address, dnsSubdomain(address));
  const form = ipAddress(address);
  if (form.length > 0) return invalids(path, address, form);
  if (type === 'IPv4' && !isIPv4(address)) return [invalid(list, address, 'must be an IPv4 address')];
  if (type === 'IPv6' && !isIPv6(address)) return [invalid(list, address, 'must be an IPv6 address')];
  const why = specialUse(address);
  return why === undefined ? [] : [invalid(path, address, why)];
}

/** `ValidateNonSpecialIP`, but for the loopback. */
function specialUse(address: string): string | undefined {
  if (address === '0.0.0.0' || address === '::') return `may not be unspecified (${address})`;
  if (/^(169\.254\.|fe[89ab].:)/i.test(address))
    return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
  if (/^(224\.0\.0\.|ff02:)/i.test(address)) {
    return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
  }
  return undefined;
}

/** Upstream does not look at the number. */
function checkPort({ name = '', protocol = 'TCP' }: Port, named: Set<string>, path: string): FieldError[] {
  const isRepeated = named.has(name);
  named.add(name);
  return [
    ...(name === '' ? [] : invalids(`${path}.name`, name, dnsLabel(name))),
    ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
    ...oneOf(`${path}.protocol`, protocol, protocols),
  ];
}
