/**
 * The environment of a container: from values, fields of the pod, config maps and secrets (upstream
 * makeEnvironmentVariables).
 */

import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import type { ConfigMap, Container, Pod, Secret } from '../../kubernetes/objects.ts';
import { configMaps, secrets } from '../../kubernetes/resources.ts';
import { ownMember, setMember } from '../../world/members.ts';
import { expand } from './expansion.ts';

/** The container cannot be created as it is described; kubectl shows CreateContainerConfigError. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

export interface EnvironmentContext {
  readonly client: KubernetesClient;
  readonly pod: Pod;
  readonly nodeName: string;
  readonly hostAddress: string;
  readonly podAddress: string;
}

type EnvironmentVariable = NonNullable<Container['env']>[number];
type EnvironmentSource = NonNullable<Container['envFrom']>[number];
type Values = Record<string, string>;

/** Rejects with ContainerConfigError when a config map, secret or key is missing and not optional. */
export async function environmentOf(container: Container, context: EnvironmentContext): Promise<Values> {
  const values: Values = { HOSTNAME: context.pod.spec?.hostname ?? context.pod.metadata?.name ?? '' };
  for (const source of container.envFrom ?? []) setAll(values, await allOf(source, context));
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, container, values, context);
    if (value !== undefined) setMember(values, variable.name, value);
  }
  return values;
}

function setAll(values: Values, more: Values): void {
  for (const [name, value] of Object.entries(more)) setMember(values, name, value);
}

async function allOf(source: EnvironmentSource, context: EnvironmentContext): Promise<Values> {
  const reference = source.configMapRef ?? source.secretRef;
  if (!reference?.name) return {};
  const data = await dataOf(source.configMapRef ? 'ConfigMap' : 'Secret', reference.name, reference.optional, context);
  const prefixed: Values = {};
  for (const [key, value] of Object.entries(data ?? {})) setMember(prefixed, `${source.prefix ?? ''}${key}`, value);
  return prefixed;
}

async function variableValue(
  variable: EnvironmentVariable,
  container: Container,
  known: Values,
  context: EnvironmentContext,
): Promise<string | undefined> {
  const { valueFrom } = variable;
  if (!valueFrom) return expand(variable.value ?? '', known);
  if (valueFrom.fieldRef) return fieldOf(valueFrom.fieldRef.fieldPath, context);
  if (valueFrom.resourceFieldRef) return resourceOf(valueFrom.resourceFieldRef.resource, container);
  const kind = valueFrom.configMapKeyRef ? 'ConfigMap' : 'Secret';
  const reference = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
  if (!reference) return undefined;
  const name = reference.name ?? '';
  const data = await dataOf(kind, name, reference.optional, context);
  const value = ownMember(data, reference.key);
  if (value === undefined && !reference.optional) {
    const namespace = context.pod.metadata?.namespace;
    throw new ContainerConfigError(`couldn't find key ${reference.key} in ${kind} ${namespace}/${name}`);
  }
  return value;
}

async function dataOf(
  kind: 'ConfigMap' | 'Secret',
  name: string,
  optional: boolean | undefined,
  context: EnvironmentContext,
): Promise<Values | undefined> {
  const namespace = context.pod.metadata?.namespace;
  try {
    if (kind === 'ConfigMap') return (await context.client.get<ConfigMap>(configMaps, namespace, name)).data ?? {};
    return decoded((await context.client.get<Secret>(secrets, namespace, name)).data ?? {});
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    if (optional) return undefined;
    throw new ContainerConfigError(`${kind.toLowerCase()} "${name}" not found`);
  }
}

function decoded(data: Values): Values {
  const plain: Values = {};
  for (const [key, value] of Object.entries(data)) setMember(plain, key, Buffer.from(value, 'base64').toString('utf8'));
  return plain;
}

/** The text of a field of the pod, as in `fieldRef`. Throws ContainerConfigError. */
export function fieldOf(path: string, context: EnvironmentContext): string {
  const { pod } = context;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript) return ownMember(pod.metadata?.[subscript[1] as 'labels' | 'annotations'], subscript[2] ?? '') ?? '';
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': pod.metadata?.name,
    'metadata.namespace': pod.metadata?.namespace,
    'metadata.uid': pod.metadata?.uid,
    'spec.nodeName': context.nodeName,
    'spec.serviceAccountName': pod.spec?.serviceAccountName,
    'status.hostIP': context.hostAddress,
    'status.hostIPs': context.hostAddress,
    'status.podIP': context.podAddress,
    'status.podIPs': context.podAddress,
  };
  if (!Object.hasOwn(fields, path)) throw new ContainerConfigError(`unsupported fieldPath: ${path}`);
  return ownMember(fields, path) ?? '';
}

/** The quantity as it was given: divisors are not applied. */
function resourceOf(resource: string, container: Container): string {
  const [list, name = ''] = resource.split('.');
  const quantities = list === 'limits' ? container.resources?.limits : container.resources?.requests;
  return ownMember(quantities, name) ?? '0';
}
