/**
 * OpenAPI documents, made from the structures of the kinds: of version 3 one for each group and version, of version 2
 * one for all. Enough for kubectl to create, apply and explain. Source: semantics 1.2.
 */
import { createHash } from 'node:crypto';
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import type { Registry } from '../kinds/registry.ts';
import type { Resource } from '../kinds/resource.ts';
import type { Prose } from '../schema/prose.ts';
import { objectMetaType, type Structure, structureOf, structureOfType, structureVersion } from '../schema/structure.ts';
import { type PublishedAs, publishedList, publishedSchema, selectableFieldMarks } from './custom.ts';
import { describe } from './described.ts';
import { type Components, resourcePaths } from './paths.ts';
import { metadataTexts } from './texts.ts';
import { type DocumentV3, documentV2 } from './v2.ts';

type Schemas = Record<string, object>;

const listMetaType = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';

/** `/openapi/v3`: where the documents are. The hash changes with the content, so that clients may cache for ever. */
export function openApiIndex(registry: Registry, prose: Prose): object {
  const paths: Record<string, object> = {};
  for (const [place, resources] of groupVersions(registry)) {
    paths[place] = { serverRelativeURL: `/openapi/v3/${place}?hash=${hashOf(resources, prose)}` };
  }
  return { paths };
}

/** The document at `api/v1` or `apis/GROUP/VERSION`; undefined when nothing is served there. */
export function openApiOf(registry: Registry, place: string, prose: Prose): object | undefined {
  const resources = groupVersions(registry).get(place);
  return resources && documentOf(resources, 3, prose);
}

interface Published {
  readonly revision: number;
  readonly body: Buffer;
  readonly hash: string;
}

const published = new WeakMap<Registry, Published>();

/** `/openapi/v2` as JSON text, made anew when a definition has changed. */
export function openApiV2(registry: Registry, prose: Prose): { readonly body: Buffer; readonly hash: string } {
  const known = published.get(registry);
  if (known?.revision === registry.revision) return known;
  const documents = [...groupVersions(registry).values()].map((resources) => documentOf(resources, 2, prose));
  const body = Buffer.from(JSON.stringify(documentV2(documents, structureVersion())));
  const made = { revision: registry.revision, body, hash: sha512(body) };
  published.set(registry, made);
  return made;
}

function sha512(content: string | Buffer): string {
  return createHash('sha512').update(content).digest('hex').toUpperCase();
}

function groupVersions(registry: Registry): Map<string, Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of registry.all()) {
    const place = resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
    found.set(place, [...(found.get(place) ?? []), resource]);
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function hashOf(resources: readonly Resource[], prose: Prose): string {
  const facts = resources.map(({ plural, kind, subresources, custom, strategy }) => [
    plural,
    kind,
    subresources,
    custom && [custom.schema, Object.keys(strategy.fields)],
  ]);
  return sha512(JSON.stringify([structureVersion(), prose.name, facts]));
}

function documentOf(
  resources: readonly Resource[],
  openApi: 2 | 3,
  prose: Prose,
): DocumentV3 & { readonly openapi: string } {
  const schemas: Schemas = {};
  const paths: Record<string, object> = {};
  const custom = new Set<string>();
  for (const resource of resources) {
    const components = componentsOf(resource, schemas, openApi);
    if (resource.custom) custom.add(components.object).add(components.list);
    Object.assign(paths, resourcePaths(resource, components));
  }
  describe(schemas, custom, prose);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: structureVersion() },
    paths: sortedMembers(paths),
    components: { schemas: sortedMembers(schemas) },
  };
}

function sortedMembers<T>(members: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Adds the schemas of the kind and its list, and all that they refer to; the names of their components. */
function componentsOf(resource: Resource, schemas: Schemas, openApi: 2 | 3): Components {
  const scale = resource.subresources.some(({ kind }) => kind === 'Scale')
    ? { scale: addKind('autoscaling', 'v1', 'Scale', schemas) ?? '' }
    : {};
  if (resource.custom) return { ...addCustom(resource, resource.custom.schema, schemas, openApi), ...scale };
  const { group, version, kind, listKind } = resource;
  const object = addKind(group, version, kind, schemas) ?? '';
  return { object, list: addKind(group, version, listKind, schemas) ?? object, ...scale };
}

/** Names the group, version and kind of the schema. */
function addKind(group: string, version: string, kind: string, schemas: Schemas): string | undefined {
  const structure = structureOf(group, version, kind);
  if (!structure?.typeName) return undefined;
  addComponent(structure, schemas);
  schemas[structure.typeName] = { ...schemas[structure.typeName], ...kindMark(group, version, kind) };
  return structure.typeName;
}

function kindMark(group: string, version: string, kind: string): object {
  return { 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
}

function addCustom(resource: Resource, schema: Record<string, unknown>, schemas: Schemas, openApi: 2 | 3): Components {
  const { group, version, kind, listKind, plural, strategy } = resource;
  const prefix = `${group.split('.').reverse().join('.')}.${version}`;
  const [object, list] = [`${prefix}.${kind}`, `${prefix}.${listKind}`];
  const fields = selectableFieldMarks(Object.keys(strategy.fields));
  const as: PublishedAs = { openApi, reference: (typeName) => ({ allOf: [{ $ref: refTo(typeName) }] }) };
  addComponent(structureOfType(objectMetaType), schemas);
  addComponent(structureOfType(listMetaType), schemas);
  schemas[object] = { ...publishedSchema(schema, as), ...kindMark(group, version, kind), ...fields };
  schemas[list] = {
    ...publishedList(kind, plural, { $ref: refTo(object) }, as.reference(listMetaType)),
    ...kindMark(group, version, listKind),
    ...fields,
  };
  return { object, list };
}

function addComponent(structure: Structure, schemas: Schemas): void {
  const { typeName } = structure;
  if (typeName === undefined || schemas[typeName]) return;
  // Known before it is described: types refer to themselves.
  schemas[typeName] = {};
  schemas[typeName] = described(structure, schemas);
}

function refTo(typeName: string): string {
  return `#/components/schemas/${typeName}`;
}

/** A schema for a member: a reference where the type has a name. */
function schemaOf(structure: Structure, schemas: Schemas): object {
  const { typeName } = structure;
  if (typeName === undefined) return described(structure, schemas);
  addComponent(structure, schemas);
  const reference = { $ref: refTo(typeName) };
  return structure.default === undefined ? reference : { allOf: [reference], default: structure.default };
}

const simpleTypes: Readonly<Record<string, object>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  'int-or-string': { 'x-kubernetes-int-or-string': true, oneOf: [{ type: 'integer' }, { type: 'string' }] },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  any: {},
};

function described(structure: Structure, schemas: Schemas): object {
  return { ...shapeOf(structure, schemas), ...markedWith(structure) };
}

function shapeOf(structure: Structure, schemas: Schemas): object {
  if (structure.type === 'object') {
    const texts = structure.typeName === objectMetaType ? metadataTexts : {};
    const fields = [...(structure.fields ?? [])].map(([name, child]) => [
      name,
      { ...(texts[name] === undefined ? {} : { description: texts[name] }), ...schemaOf(child, schemas) },
    ]);
    return {
      type: 'object',
      ...(fields.length > 0 ? { properties: Object.fromEntries(fields) } : {}),
      ...(structure.required ? { required: structure.required } : {}),
    };
  }
  if (structure.type === 'list') {
    return { type: 'array', ...(structure.items ? { items: schemaOf(structure.items, schemas) } : {}) };
  }
  if (structure.type === 'map') {
    return {
      type: 'object',
      ...(structure.values ? { additionalProperties: schemaOf(structure.values, schemas) } : {}),
    };
  }
  return simpleTypes[structure.type] ?? {};
}

function markedWith(structure: Structure): object {
  const { format, enumeration, listType, keys, mapType, mergeKey, strategies } = structure;
  const marks = {
    format: format === 'micro-time' ? 'date-time' : format,
    enum: enumeration,
    default: structure.default,
    'x-kubernetes-list-type': listType,
    'x-kubernetes-list-map-keys': keys,
    'x-kubernetes-map-type': mapType === 'atomic' ? mapType : undefined,
    'x-kubernetes-patch-merge-key': mergeKey,
    'x-kubernetes-patch-strategy': strategies?.join(','),
  };
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
