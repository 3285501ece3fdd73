/** Services: types, ports, affinity, traffic policies. Addresses are the allocator's matter. */
import type { V1Service, V1ServicePort } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from '../schema/names.ts';
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from './field.ts';
import { validateLabels } from './labels.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { validatePort } from './probes.ts';
import { validateAddresses } from './service-addresses.ts';

type Service = Wire<V1Service>;
type ServicePort = Wire<V1ServicePort>;

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

export function validateService(service: Service): FieldError[] {
  return [
    ...validateMetadata(service, { namespaced: true, name: dnsLabel, qualifiedFinalizers: true }),
    ...validateSpec(service),
  ];
}

export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const address = primaryAddress(old);
  const moved = address && service.spec?.type !== 'ExternalName' && primaryAddress(service) !== address;
  return [
    ...validateMetadataUpdate(service, old),
    ...(moved ? [invalid('spec.clusterIPs[0]', service.spec?.clusterIPs ?? null, 'may not change once set')] : []),
    ...validateSpec(service),
  ];
}

function primaryAddress(service: Service): string {
  return service.spec?.clusterIPs?.[0] ?? service.spec?.clusterIP ?? '';
}

function isHeadless(service: Service): boolean {
  return service.spec?.clusterIP === 'None';
}

function validateSpec(service: Service): FieldError[] {
  const spec = service.spec ?? {};
  const ports = spec.ports ?? [];
  const named = new Set<string>();
  return [
    ...(ports.length === 0 && !isHeadless(service) && spec.type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...validateType(service),
    ...ports.flatMap((port, index) => validateServicePort(port, ports.length > 1, named, `spec.ports[${index}]`)),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']),
    ...validateAffinity(service),
    ...oneOf('spec.type', spec.type, types),
    ...validateNodePorts(service),
    ...validateRepeatedPorts(ports),
    ...validateTrafficPolicies(service),
    ...validateAddresses(spec),
  ];
}

function validateType(service: Service): FieldError[] {
  const { type = '', externalName = '' } = service.spec ?? {};
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service)) {
    return [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
  }
  if (type !== 'ExternalName') return [];
  const name = externalName.endsWith('.') ? externalName.slice(0, -1) : externalName;
  return [
    ...validateNoAddresses(service),
    ...(name === '' ? [required('spec.externalName')] : invalids('spec.externalName', name, dnsSubdomain(name))),
  ];
}

function validateNoAddresses({ spec }: Service): FieldError[] {
  const detail = 'may not be set for ExternalName services';
  const isSet = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined);
  return (['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const).flatMap((member) =>
    isSet(spec?.[member]) ? [forbidden(`spec.${member}`, detail)] : [],
  );
}

function validateServicePort(port: ServicePort, nameRequired: boolean, named: Set<string>, path: string): FieldError[] {
  const name = port.name ?? '';
  const errors: FieldError[] = [];
  if (name !== '') {
    errors.push(...invalids(`${path}.name`, name, dnsLabel(name)));
    if (named.has(name)) errors.push(duplicate(`${path}.name`, name));
    named.add(name);
  } else if (nameRequired) errors.push(required(`${path}.name`));
  return [
    ...errors,
    ...invalids(`${path}.port`, port.port ?? 0, portNumber(port.port ?? 0)),
    ...oneOf(`${path}.protocol`, port.protocol, protocols),
    ...validatePort(port.targetPort, `${path}.targetPort`),
    ...(port.appProtocol === undefined
      ? []
      : invalids(`${path}.appProtocol`, port.appProtocol, qualifiedName(port.appProtocol))),
  ];
}

/** A day at most, whatever the message says. */
function validateAffinity({ spec }: Service): FieldError[] {
  const seconds = spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (spec?.sessionAffinity !== 'ClientIP' || seconds === undefined || (seconds > 0 && seconds <= 86_400)) return [];
  const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
  return [invalid(path, seconds, 'must be greater than 0 and less than 86400')];
}

function validateNodePorts(service: Service): FieldError[] {
  const seen = new Set<string>();
  const clusterOnly = service.spec?.type === 'ClusterIP';
  return (service.spec?.ports ?? []).flatMap((port, index) => {
    if (!port.nodePort) return [];
    const path = `spec.ports[${index}].nodePort`;
    const key = `${port.protocol} ${port.nodePort}`;
    const repeated = seen.has(key);
    seen.add(key);
    return [
      ...(clusterOnly ? [forbidden(path, "may not be used when `type` is 'ClusterIP'")] : []),
      ...(repeated ? [duplicate(path, port.nodePort)] : []),
    ];
  });
}

function validateRepeatedPorts(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${port.protocol} ${port.port}`;
    const repeated = seen.has(key);
    seen.add(key);
    if (!repeated) return [];
    const shown = { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 };
    return [duplicate(`spec.ports[${index}]`, shown)];
  });
}

function validateTrafficPolicies(service: Service): FieldError[] {
  const {
    type,
    externalIPs = [],
    externalTrafficPolicy: external,
    internalTrafficPolicy: internal,
  } = service.spec ?? {};
  const policies = ['Cluster', 'Local'];
  const reachable = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
  const errors: FieldError[] = [];
  const at = 'spec.externalTrafficPolicy';
  if (!reachable && external) {
    errors.push(invalid(at, external, 'may only be set for externally-accessible services'));
  }
  if (reachable) errors.push(...oneOf(at, external, policies));
  if (internal !== undefined && !policies.includes(internal)) {
    errors.push(notSupported('spec.internalTrafficPolicy', internal, policies));
  }
  const distribution = service.spec?.trafficDistribution;
  if (distribution !== undefined && !distributions.includes(distribution)) {
    errors.push(notSupported('spec.trafficDistribution', distribution, distributions));
  }
  return errors;
}
