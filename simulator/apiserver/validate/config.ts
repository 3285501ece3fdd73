/** ConfigMaps and Secrets: keys, size, immutability, and what each type of Secret must hold. */

import type { ConfigMap, Secret } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { configKey, dnsSubdomain } from '../schema/names.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, immutableMessage, invalid, invalids, required, tooLong } from './field.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

/** 1 MiB over all values. */
const dataBytesMax = 1024 * 1024;
const rule = { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true } as const;

type Data = Readonly<Record<string, string>>;

function entriesOf(data: Data | undefined): [string, string][] {
  return Object.entries(data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function decodedBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

export function validateConfigMap(map: ConfigMap): FieldError[] {
  const text = entriesOf(map.data);
  const binary = entriesOf(map.binaryData);
  const total =
    text.reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0) +
    binary.reduce((sum, [, value]) => sum + decodedBytes(value), 0);
  return [
    ...validateMetadata(map, rule),
    ...text.flatMap(([key]) => [
      ...invalids(`data[${key}]`, key, configKey(key)),
      ...(ownMember(map.binaryData, key) === undefined
        ? []
        : [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]),
    ]),
    ...binary.flatMap(([key]) => invalids(`binaryData[${key}]`, key, configKey(key))),
    // An empty path stands for the whole object; this is how upstream prints it.
    ...(total > dataBytesMax ? [tooLong('[]', dataBytesMax)] : []),
  ];
}

export function validateConfigMapUpdate(map: ConfigMap, old: ConfigMap): FieldError[] {
  return [
    ...validateMetadataUpdate(map, old),
    ...validateFrozen(map, old, ['data', 'binaryData']),
    ...validateConfigMap(map),
  ];
}

/** Once `immutable` is set, it and the data stay. */
function validateFrozen<T extends { immutable?: boolean }>(
  object: T,
  old: T,
  members: readonly (keyof T & string)[],
): FieldError[] {
  if (!old.immutable) return [];
  const detail = 'field is immutable when `immutable` is set';
  return [
    ...(object.immutable ? [] : [forbidden('immutable', detail)]),
    ...members
      .filter((member) => !semanticallyEqual(object[member], old[member]))
      .map((member) => forbidden(member, detail)),
  ];
}

export function validateSecret(secret: Secret): FieldError[] {
  const data = entriesOf(secret.data);
  const total = data.reduce((sum, [, value]) => sum + decodedBytes(value), 0);
  return [
    ...validateMetadata(secret, rule),
    ...data.flatMap(([key]) => invalids(`data[${key}]`, key, configKey(key))),
    ...(total > dataBytesMax ? [tooLong('data', dataBytesMax)] : []),
    ...validateSecretType(secret),
  ];
}

const accountName = 'kubernetes.io/service-account.name';

function validateSecretType(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const missing = (...keys: string[]) =>
    keys.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`));
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      return secret.metadata?.annotations?.[accountName] ? [] : [required(`metadata.annotations[${accountName}]`)];
    case 'kubernetes.io/dockercfg':
      return validateJson(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return validateJson(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth': {
      const absent = missing('username', 'password');
      return absent.length === 2 ? absent : [];
    }
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')];
    case 'kubernetes.io/tls':
      return missing('tls.crt', 'tls.key');
    default:
      return [];
  }
}

function validateJson(data: Data, key: string): FieldError[] {
  const value = data[key];
  if (value === undefined) return [required(`data[${key}]`)];
  try {
    JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return [];
  } catch {
    return [invalid(`data[${key}]`, '<secret contents redacted>', 'unexpected end of JSON input')];
  }
}

export function validateSecretUpdate(secret: Secret, old: Secret): FieldError[] {
  return [
    ...validateMetadataUpdate(secret, old),
    ...((secret.type ?? '') === (old.type ?? '') ? [] : [invalid('type', secret.type ?? '', immutableMessage)]),
    ...validateFrozen(secret, old, ['data']),
    ...validateSecret(secret),
  ];
}
