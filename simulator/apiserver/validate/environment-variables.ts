/** Environment variables of a container and the sources that they are filled from. */
import type {
  V1ConfigMapKeySelector,
  V1EnvFromSource,
  V1EnvVar,
  V1EnvVarSource,
  V1FileKeySelector,
  V1ObjectFieldSelector,
  V1ResourceFieldSelector,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { configKey, dnsSubdomain, environmentName, qualifiedName } from '../schema/names.ts';
import { invalid, invalids, notSupported, required } from './field.ts';
import { validateNoBackstep } from './paths.ts';
import { canonicalQuantity, parseQuantity } from './quantity.ts';

export function validateEnvironment(variables: readonly Wire<V1EnvVar>[], path: string): FieldError[] {
  return variables.flatMap((variable, index) => {
    const at = `${path}[${index}]`;
    const name = variable.name ?? '';
    return [
      ...(name === '' ? [required(`${at}.name`)] : invalids(`${at}.name`, name, environmentName(name))),
      ...validateValueFrom(variable, `${at}.valueFrom`),
    ];
  });
}

/** Fields that a variable may take from its pod. */
const podFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function validateValueFrom(variable: Wire<V1EnvVar>, path: string): FieldError[] {
  const from = variable.valueFrom;
  if (!from) return [];
  const errors = validateSources(from, path);
  const sources = Object.values(from).filter((source) => source !== undefined && source !== null).length;
  if (sources === 0) {
    const names = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalid(path, '', `must specify one of: ${names}`));
  } else if (variable.value) {
    errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  } else if (sources > 1) {
    errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  }
  return errors;
}

function validateSources(from: Wire<V1EnvVarSource>, path: string): FieldError[] {
  return [
    ...(from.fieldRef ? validateFieldReference(from.fieldRef, podFields, `${path}.fieldRef`) : []),
    ...(from.resourceFieldRef
      ? validateResourceReference(from.resourceFieldRef, `${path}.resourceFieldRef`, false)
      : []),
    ...(from.configMapKeyRef ? validateKeySelector(from.configMapKeyRef, `${path}.configMapKeyRef`) : []),
    ...(from.secretKeyRef ? validateKeySelector(from.secretKeyRef, `${path}.secretKeyRef`) : []),
    ...(from.fileKeyRef ? validateFileKey(from.fileKeyRef, `${path}.fileKeyRef`) : []),
  ];
}

/** Fields that the downward API knows at all; which of them are allowed depends on the place. */
const downwardFields = new Set([
  ...podFields,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** A reference to a field of the pod; `allowed` are those without a subscript, sorted. */
export function validateFieldReference(
  reference: Wire<V1ObjectFieldSelector>,
  allowed: readonly string[],
  path: string,
): FieldError[] {
  const field = reference.fieldPath ?? '';
  if (field === '') return [required(`${path}.fieldPath`)];
  const version = reference.apiVersion || 'v1';
  if (version !== 'v1') {
    return [invalid(`${path}.fieldPath`, field, `error converting fieldPath: unsupported pod version: ${version}`)];
  }
  const subscripted = /^(.*)\['(.*)'\]$/s.exec(field);
  if (subscripted) return validateSubscript(field, subscripted[1] ?? '', subscripted[2] ?? '', path);
  const internal = field === 'spec.host' ? 'spec.nodeName' : field;
  if (!downwardFields.has(internal)) {
    const detail = `error converting fieldPath: field label not supported: ${field}`;
    return [invalid(`${path}.fieldPath`, field, detail)];
  }
  return allowed.includes(internal) ? [] : [notSupported(`${path}.fieldPath`, internal, allowed)];
}

function validateSubscript(field: string, map: string, key: string, path: string): FieldError[] {
  if (map === 'metadata.annotations') return invalids(path, key.toLowerCase(), qualifiedName(key.toLowerCase()));
  if (map === 'metadata.labels') return invalids(path, key, qualifiedName(key));
  const detail = `error converting fieldPath: field label does not support subscript: ${field}`;
  return [invalid(`${path}.fieldPath`, field, detail)];
}

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** A reference to a container's resources; inside a volume it must name the container. */
export function validateResourceReference(
  reference: Wire<V1ResourceFieldSelector>,
  path: string,
  inVolume: boolean,
): FieldError[] {
  const resource = reference.resource ?? '';
  const errors: FieldError[] = [];
  if (inVolume && !reference.containerName) errors.push(required(`${path}.containerName`));
  else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!containerResources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, containerResources));
  }
  return [...errors, ...validateDivisor(resource, reference.divisor, `${path}.divisor`)];
}

function validateDivisor(resource: string, divisor: string | undefined, path: string): FieldError[] {
  const quantity = parseQuantity(String(divisor ?? '0'));
  if (!quantity || quantity.nanos === 0n) return [];
  const text = canonicalQuantity(quantity);
  if (resource.endsWith('.cpu')) {
    const detail = "only divisor's values 1m and 1 are supported with the cpu resource";
    return ['1m', '1'].includes(text) ? [] : [invalid(path, resource, detail)];
  }
  const kind = resource.endsWith('.memory')
    ? 'memory'
    : resource.endsWith('.ephemeral-storage')
      ? 'local ephemeral storage'
      : 'hugepages';
  const detail = `only divisor's values ${byteDivisors.join(', ')} are supported with the ${kind} resource`;
  return byteDivisors.includes(text) ? [] : [invalid(path, resource, detail)];
}

function validateKeySelector(selector: Wire<V1ConfigMapKeySelector>, path: string): FieldError[] {
  const { name = '', key = '' } = selector;
  return [
    ...invalids(`${path}.name`, name, dnsSubdomain(name)),
    ...(key === '' ? [required(`${path}.key`)] : invalids(`${path}.key`, key, configKey(key))),
  ];
}

function validateFileKey(selector: Wire<V1FileKeySelector>, path: string): FieldError[] {
  const { key = '', volumeName = '', path: file = '' } = selector;
  return [
    ...(key === '' ? [required(`${path}.key`)] : invalids(`${path}.key`, key, environmentName(key))),
    ...(volumeName === '' ? [required(`${path}.volumeName`)] : []),
    ...(file === '' ? [required(`${path}.path`)] : validateNoBackstep(file, `${path}.path`)),
  ];
}

export function validateEnvironmentFrom(sources: readonly Wire<V1EnvFromSource>[], path: string): FieldError[] {
  return sources.flatMap((source, index) => {
    const at = `${path}[${index}]`;
    const references = [source.configMapRef, source.secretRef].filter((reference) => reference);
    return [
      ...(source.prefix ? invalids(`${at}.prefix`, source.prefix, environmentName(source.prefix)) : []),
      ...(source.configMapRef ? validateWholeMap(source.configMapRef.name, `${at}.configMapRef.name`) : []),
      ...(source.secretRef ? validateWholeMap(source.secretRef.name, `${at}.secretRef.name`) : []),
      ...(references.length === 0 ? [invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
      ...(references.length > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : []),
    ];
  });
}

function validateWholeMap(name: string | undefined, path: string): FieldError[] {
  return name ? invalids(path, name, dnsSubdomain(name)) : [required(path)];
}
