/**
 * What stands in volumes whose files come from the API server: config maps, secrets, fields of the pod, tokens
 * (upstream pkg/volume).
 */
import { hasReason } from '../../../kubernetes/client.ts';
import type { ConfigMap, KubernetesObject, Pod, Secret } from '../../../kubernetes/objects.ts';
import { configMaps, type ResourceType, secrets, serviceAccounts } from '../../../kubernetes/resources.ts';
import { type EnvironmentContext, fieldOf } from '../container-environment.ts';

export type Volume = NonNullable<NonNullable<Pod['spec']>['volumes']>[number];
type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type Item = { readonly key: string; readonly path: string };
/** Path in the volume to content. */
export type VolumeFiles = ReadonlyMap<string, Uint8Array>;

/** The volume cannot be set up as it is described. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}

/** undefined when the volume has no content of this kind. Rejects with VolumeError. */
export async function contentOf(volume: Volume, context: EnvironmentContext): Promise<VolumeFiles | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return configMapFiles(configMap.name ?? '', configMap, context);
  if (secret) return secretFiles(secret.secretName ?? '', secret, context);
  if (downwardAPI) return fieldFiles(downwardAPI.items ?? [], context);
  if (!projected) return undefined;
  const all = new Map<string, Uint8Array>();
  for (const source of projected.sources ?? []) {
    for (const [path, content] of await projectedFiles(source, context)) all.set(path, content);
  }
  return all;
}

async function projectedFiles(source: Projection, context: EnvironmentContext): Promise<VolumeFiles> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) return configMapFiles(configMap.name ?? '', configMap, context);
  if (secret) return secretFiles(secret.name ?? '', secret, context);
  if (downwardAPI) return fieldFiles(downwardAPI.items ?? [], context);
  if (!serviceAccountToken) return new Map();
  const { path, audience, expirationSeconds } = serviceAccountToken;
  return new Map([[path, Buffer.from(await tokenOf(context, audience, expirationSeconds))]]);
}

interface Choice {
  readonly items?: readonly Item[];
  readonly optional?: boolean;
}

async function configMapFiles(name: string, choice: Choice, context: EnvironmentContext): Promise<VolumeFiles> {
  const map = await read<ConfigMap>(configMaps, name, choice, context);
  const files = new Map<string, Uint8Array>();
  for (const [key, text] of Object.entries(map?.data ?? {})) files.set(key, Buffer.from(text));
  for (const [key, text] of Object.entries(map?.binaryData ?? {})) files.set(key, Buffer.from(text, 'base64'));
  return chosen(files, choice, `configmap "${name}"`);
}

async function secretFiles(name: string, choice: Choice, context: EnvironmentContext): Promise<VolumeFiles> {
  const secret = await read<Secret>(secrets, name, choice, context);
  const files = new Map<string, Uint8Array>();
  for (const [key, text] of Object.entries(secret?.data ?? {})) files.set(key, Buffer.from(text, 'base64'));
  return chosen(files, choice, `secret "${name}"`);
}

/** undefined when it is optional and not there. */
async function read<T extends KubernetesObject>(
  type: ResourceType,
  name: string,
  { optional }: Choice,
  { client, pod }: EnvironmentContext,
): Promise<T | undefined> {
  try {
    return await client.get<T>(type, pod.metadata?.namespace, name);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    if (optional) return undefined;
    throw new VolumeError(`${type.kind.toLowerCase()} "${name}" not found`);
  }
}

/** With `items`, these keys alone, each at its path. */
function chosen(files: VolumeFiles, { items, optional }: Choice, what: string): VolumeFiles {
  if (!items) return files;
  const some = new Map<string, Uint8Array>();
  for (const { key, path } of items) {
    const content = files.get(key);
    if (content) some.set(path, content);
    else if (!optional) throw new VolumeError(`references non-existent config key: ${key} of ${what}`);
  }
  return some;
}

interface FieldItem {
  readonly path: string;
  readonly fieldRef?: { readonly fieldPath: string };
}

function fieldFiles(items: readonly FieldItem[], context: EnvironmentContext): VolumeFiles {
  const files = new Map<string, Uint8Array>();
  for (const { path, fieldRef } of items) {
    if (fieldRef) files.set(path, Buffer.from(wholeField(fieldRef.fieldPath, context)));
  }
  return files;
}

/** Unlike a variable, a file may hold all labels or annotations. */
function wholeField(path: string, context: EnvironmentContext): string {
  if (path !== 'metadata.labels' && path !== 'metadata.annotations') return fieldOf(path, context);
  const values = context.pod.metadata?.[path === 'metadata.labels' ? 'labels' : 'annotations'] ?? {};
  return Object.keys(values)
    .sort()
    .map((key) => `${key}=${JSON.stringify(values[key])}`)
    .join('\n');
}

interface TokenRequest extends KubernetesObject {
  readonly spec: object;
  readonly status?: { readonly token?: string };
}

const defaultTokenSeconds = 3600;

async function tokenOf(
  { client, pod }: EnvironmentContext,
  audience: string | undefined,
  expirationSeconds: number = defaultTokenSeconds,
): Promise<string> {
  const account = pod.spec?.serviceAccountName ?? 'default';
  const type = { ...serviceAccounts, plural: `${serviceAccounts.plural}/${account}/token`, kind: 'TokenRequest' };
  const answer = await client.create<TokenRequest>(type, pod.metadata?.namespace, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      expirationSeconds,
      ...(audience === undefined ? {} : { audiences: [audience] }),
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata?.name, uid: pod.metadata?.uid },
    },
  });
  return answer.status?.token ?? '';
}
