/**
 * Writes `simulator/apiserver/schema/structure.json`: the structure of the built-in kinds (types, list and map
 * semantics, patch strategies, defaults, required fields; no prose), read from a running API server's OpenAPI v3
 * documents.
 *
 *   node scripts/generate-structure.ts --server https://127.0.0.1:6443 --token secret
 *
 * The server's certificate is not checked. The result depends on the server's version only, so running it twice changes
 * nothing.
 */
import '../harness/unread-output.ts';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Agent, fetch } from 'undici';

interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

/** One node of the table; see the folder's README for the short forms. */
type TableNode = string | { [member: string]: unknown };

const groupVersions = [
  'api/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
  'apis/apiregistration.k8s.io/v1',
  'apis/apps/v1',
  'apis/authentication.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/autoscaling/v1',
  'apis/autoscaling/v2',
  'apis/batch/v1',
  'apis/certificates.k8s.io/v1',
  'apis/coordination.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/flowcontrol.apiserver.k8s.io/v1',
  'apis/networking.k8s.io/v1',
  'apis/node.k8s.io/v1',
  'apis/policy/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/resource.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/storage.k8s.io/v1',
];

const referencePrefix = '#/components/schemas/';

function typeOf(name: string | undefined, schema: OpenApiSchema): string {
  if (name?.endsWith('.resource.Quantity')) return 'quantity';
  if (name?.endsWith('.IntOrString')) return 'int-or-string';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') {
    if (schema.properties !== undefined || name?.endsWith('CustomResourceSubresourceStatus')) return 'object';
    return schema.additionalProperties === undefined ? 'any' : 'map';
  }
  return schema.type ?? 'any';
}

function formatOf(name: string | undefined, schema: OpenApiSchema): string | undefined {
  if (name?.endsWith('.v1.MicroTime')) return 'micro-time';
  return schema.format === 'int-or-string' ? undefined : schema.format;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** What a property says beside its type or reference. */
function facts(schema: OpenApiSchema): Record<string, unknown> {
  const strategies = schema['x-kubernetes-patch-strategy']?.split(',');
  const found: Record<string, unknown> = {
    default: isEmptyObject(schema.default) ? undefined : schema.default,
    enum: schema.enum,
    listType: schema.type === 'array' ? schema['x-kubernetes-list-type'] : undefined,
    keys: schema['x-kubernetes-list-map-keys'],
    mapType: schema['x-kubernetes-map-type'],
    mergeKey: schema['x-kubernetes-patch-merge-key'],
    strategies,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** An element is there because the list has it, whatever its default. */
function withoutEmptyDefault(schema: OpenApiSchema): OpenApiSchema {
  if (!isEmptyObject(schema.default)) return schema;
  const { default: _default, ...rest } = schema;
  return rest;
}

function nodeOf(schema: OpenApiSchema, name?: string): TableNode {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const own = facts(schema);
  if (reference !== undefined) {
    const target = reference.slice(referencePrefix.length);
    // Go structures that are not pointers have the default {} and are written even when nothing is set in them.
    const isPresent = isEmptyObject(schema.default);
    if (Object.keys(own).length === 0) return `${isPresent ? '!' : '#'}${target}`;
    return { ref: target, ...(isPresent ? { present: true } : {}), ...own };
  }
  const type = typeOf(name, schema);
  const format = formatOf(name, schema);
  const node: Record<string, unknown> = { type, ...(format === undefined ? {} : { format }), ...own };
  if (schema.properties !== undefined) {
    node.fields = Object.fromEntries(sortedEntries(schema.properties).map(([field, value]) => [field, nodeOf(value)]));
  }
  if (schema.required !== undefined && schema.required.length > 0) node.required = schema.required;
  if (schema.items !== undefined) node.items = nodeOf(withoutEmptyDefault(schema.items));
  if (typeof schema.additionalProperties === 'object')
    node.values = nodeOf(withoutEmptyDefault(schema.additionalProperties));
  const plain = Object.keys(node).every((member) => member === 'type' || member === 'format');
  return plain ? (format === undefined ? type : `${type}:${format}`) : node;
}

async function read(server: string, token: string, path: string): Promise<unknown> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const response = await fetch(new URL(path, server), { dispatcher, headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
  return response.json();
}

const { values } = parseArgs({ options: { server: { type: 'string' }, token: { type: 'string', default: 'secret' } } });
if (values.server === undefined) throw new Error('--server is missing: the URL of a running API server');

const { gitVersion } = (await read(values.server, values.token, '/version')) as { gitVersion: string };
const types: Record<string, TableNode> = {};
const kinds: Record<string, string> = {};
for (const groupVersion of groupVersions) {
  const document = (await read(values.server, values.token, `/openapi/v3/${groupVersion}`)) as {
    components: { schemas: Record<string, OpenApiSchema> };
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    types[name] = nodeOf(schema, name);
    const named = schema['x-kubernetes-group-version-kind'] ?? [];
    // Options and watch events name every group-version; they are found by their type's name.
    const [only] = named;
    if (named.length === 1 && only !== undefined) kinds[[only.group, only.version, only.kind].join('/')] = name;
  }
}

const lines = (record: Readonly<Record<string, TableNode>>): string =>
  sortedEntries(record)
    .map(([name, node]) => `${JSON.stringify(name)}:${JSON.stringify(node)}`)
    .join(',\n');
const target = new URL('../simulator/apiserver/schema/structure.json', import.meta.url);
writeFileSync(
  target,
  `{"kubernetes":"${gitVersion}",\n"kinds":{\n${lines(kinds)}\n},\n"types":{\n${lines(types)}\n}}\n`,
);
