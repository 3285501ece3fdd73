/** Volumes of a pod, and how containers mount them. */
import type {
  V1Container,
  V1DownwardAPIVolumeFile,
  V1KeyToPath,
  V1ProjectedVolumeSource,
  V1Volume,
  V1VolumeMount,
  V1VolumeProjection,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel } from '../schema/names.ts';
import { validateFieldReference, validateResourceReference } from './environment-variables.ts';
import { duplicate, forbidden, invalid, invalids, notFound, notSupported, required } from './field.ts';
import { validateFileMode, validateNoBackstep, validateRelativePath, validateUnreservedPath } from './paths.ts';
import { parseQuantity } from './quantity.ts';

type Volume = Wire<V1Volume>;

/** Names of the volumes that are valid, and what is wrong with the others. */
export interface CheckedVolumes {
  readonly names: ReadonlySet<string>;
  readonly errors: readonly FieldError[];
}

export function validateVolumes(volumes: readonly Volume[], path: string): CheckedVolumes {
  const names = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const name = volume.name ?? '';
    const found = [
      ...validateSource(volume, at),
      ...(name === '' ? [required(`${at}.name`)] : invalids(`${at}.name`, name, dnsLabel(name))),
      ...(names.has(name) ? [duplicate(`${at}.name`, name)] : []),
    ];
    if (found.length === 0) names.add(name);
    errors.push(...found);
  }
  return { names, errors };
}

/** Sources in the order in which the server looks at them; a second one is refused. */
function validateSource(volume: Volume, path: string): FieldError[] {
  const kinds = Object.entries(volume)
    .filter(([member, source]) => member !== 'name' && source !== undefined && source !== null)
    .map(([member]) => member);
  const [first, ...others] = kinds.sort((a, b) => orderOf(a) - orderOf(b));
  if (first === undefined) return [required(path, 'must specify a volume type')];
  return [
    ...validateKind(volume, first, path),
    ...others.map((member) => forbidden(`${path}.${member}`, 'may not specify more than 1 volume type')),
  ];
}

const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'secret',
  'nfs',
  'persistentVolumeClaim',
  'downwardAPI',
  'configMap',
];

function orderOf(member: string): number {
  const index = sourceOrder.indexOf(member);
  return index < 0 ? sourceOrder.length : index;
}

function validateKind(volume: Volume, member: string, path: string): FieldError[] {
  const at = `${path}.${member}`;
  switch (member) {
    case 'emptyDir':
      return validateEmptyDir(volume.emptyDir?.sizeLimit, at);
    case 'hostPath':
      return validateHostPath(volume, at);
    case 'secret':
      return validateKeyedSource(volume.secret?.secretName, `${at}.secretName`, volume.secret, at);
    case 'configMap':
      return validateKeyedSource(volume.configMap?.name, `${at}.name`, volume.configMap, at);
    case 'persistentVolumeClaim':
      return volume.persistentVolumeClaim?.claimName ? [] : [required(`${at}.claimName`)];
    case 'downwardAPI':
      return [
        ...validateFileMode(volume.downwardAPI?.defaultMode, `${at}.defaultMode`),
        ...(volume.downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, at)),
      ];
    case 'projected':
      return volume.projected ? validateProjected(volume.projected, at) : [];
    default:
      return [];
  }
}

function validateEmptyDir(sizeLimit: string | undefined, path: string): FieldError[] {
  const size = sizeLimit === undefined ? undefined : parseQuantity(String(sizeLimit));
  return size && size.nanos < 0n
    ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
    : [];
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateHostPath(volume: Volume, path: string): FieldError[] {
  const { path: host = '', type = '' } = volume.hostPath ?? {};
  if (host === '') return [required(`${path}.path`)];
  return [
    ...validateNoBackstep(host, `${path}.path`),
    ...(hostPathTypes.includes(type) ? [] : [notSupported(`${path}.type`, type, hostPathTypes)]),
  ];
}

interface KeyedSource {
  readonly defaultMode?: number;
  readonly items?: readonly Wire<V1KeyToPath>[];
}

function validateKeyedSource(
  name: string | undefined,
  namePath: string,
  source: KeyedSource | undefined,
  path: string,
): FieldError[] {
  return [
    ...(name ? [] : [required(namePath)]),
    ...validateFileMode(source?.defaultMode, `${path}.defaultMode`),
    ...validateItems(source?.items ?? [], `${path}.items`),
  ];
}

function validateItems(items: readonly Wire<V1KeyToPath>[], path: string): FieldError[] {
  return items.flatMap((item, index) => {
    const at = `${path}[${index}]`;
    return [
      ...(item.key ? [] : [required(`${at}.key`)]),
      ...(item.path ? [] : [required(`${at}.path`)]),
      ...validateUnreservedPath(item.path ?? '', `${at}.path`),
      ...validateFileMode(item.mode, `${at}.mode`),
    ];
  });
}

/** Fields that a file may show of its pod. */
const fileFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function validateDownwardFile(file: Wire<V1DownwardAPIVolumeFile>, path: string): FieldError[] {
  const errors = file.path ? [] : [required(`${path}.path`)];
  errors.push(...validateUnreservedPath(file.path ?? '', `${path}.path`));
  if (file.fieldRef) {
    errors.push(...validateFieldReference(file.fieldRef, fileFields, `${path}.fieldRef`));
    if (file.resourceFieldRef) {
      const detail = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      errors.push(invalid(path, 'resource', detail));
    }
  } else if (file.resourceFieldRef) {
    errors.push(...validateResourceReference(file.resourceFieldRef, `${path}.resourceFieldRef`, true));
  } else {
    errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  }
  return [...errors, ...validateFileMode(file.mode, `${path}.mode`)];
}

function validateProjected(source: Wire<V1ProjectedVolumeSource>, path: string): FieldError[] {
  return [
    ...validateFileMode(source.defaultMode, `${path}.defaultMode`),
    ...(source.sources ?? []).flatMap((projection, index) =>
      validateProjection(projection, `${path}.sources[${index}]`),
    ),
  ];
}

function validateProjection(projection: Wire<V1VolumeProjection>, path: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken: token } = projection;
  const expiry = token?.expirationSeconds ?? 3600;
  return [
    ...(secret ? validateKeyedSource(secret.name, `${path}.secret.name`, secret, `${path}.secret`) : []),
    ...(configMap ? validateKeyedSource(configMap.name, `${path}.configMap.name`, configMap, `${path}.configMap`) : []),
    ...(downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, `${path}.downwardAPI`)),
    ...(token && expiry < 600
      ? [
          invalid(
            `${path}.serviceAccountToken.expirationSeconds`,
            expiry,
            'may not specify a duration less than 10 minutes',
          ),
        ]
      : []),
    ...(token && !token.path ? [required(`${path}.serviceAccountToken.path`)] : []),
  ];
}

export function validateVolumeMounts(
  container: Wire<V1Container>,
  volumes: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const seen = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    const errors = validateMount(mount, volumes, at);
    if (seen.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    seen.add(mount.mountPath);
    if (devices.some((device) => device.name === mount.name)) {
      errors.push(invalid(`${at}.name`, mount.name, 'must not already exist in volumeDevices'));
    }
    return [...errors, ...validateSubPaths(mount, at, path)];
  });
}

function validateMount(mount: Wire<V1VolumeMount>, volumes: ReadonlySet<string>, path: string): FieldError[] {
  const name = mount.name ?? '';
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(volumes.has(name) ? [] : [notFound(`${path}.name`, name)]),
    ...(mount.mountPath ? [] : [required(`${path}.mountPath`)]),
  ];
}

/** The paths of these errors lack the mount's index: so does the server's. */
function validateSubPaths(mount: Wire<V1VolumeMount>, path: string, listPath: string): FieldError[] {
  const { subPath, subPathExpr } = mount;
  return [
    ...(subPath ? validateRelativePath(subPath, `${listPath}.subPath`) : []),
    ...(subPath && subPathExpr
      ? [invalid(`${path}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
      : []),
    ...(subPathExpr ? validateRelativePath(subPathExpr, `${listPath}.subPathExpr`) : []),
  ];
}
