/**
 * OpenAPI v3 documents, one for each group and version, made from the structures of the kinds: enough for kubectl to
 * create, apply and explain. No prose. Source: semantics 1.2.
 */
import { createHash } from 'node:crypto';
import { apiVersionOf } from '../../kubernetes/resources.ts';
import { structureOfResource } from './managed.ts';
import { resourcePaths } from './openapi-paths.ts';
import type { Registry } from './registry.ts';
import type { Resource } from './resource.ts';
import { objectMetaType, type Structure, structureOfType, structureVersion } from './schema/structure.ts';

type Schemas = Record<string, object>;

/** `/openapi/v3`: where the documents are. The hash changes with the content, so that clients may cache for ever. */
export function openApiIndex(registry: Registry): object {
  const paths: Record<string, object> = {};
  for (const [place, resources] of groupVersions(registry)) {
    paths[place] = { serverRelativeURL: `/openapi/v3/${place}?hash=${hashOf(resources)}` };
  }
  return { paths };
}

/** The document at `api/v1` or `apis/GROUP/VERSION`; undefined when nothing is served there. */
export function openApiOf(registry: Registry, place: string): object | undefined {
  const resources = groupVersions(registry).get(place);
  return resources && documentOf(resources);
}

function groupVersions(registry: Registry): Map<string, Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of registry.all()) {
    const place = resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
    found.set(place, [...(found.get(place) ?? []), resource]);
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function hashOf(resources: readonly Resource[]): string {
  const facts = resources.map(({ plural, kind, subresources, custom }) => [plural, kind, subresources, custom?.schema]);
  return createHash('sha512')
    .update(JSON.stringify([structureVersion(), facts]))
    .digest('hex')
    .toUpperCase();
}

function documentOf(resources: readonly Resource[]): object {
  const schemas: Schemas = {};
  const paths: Record<string, object> = {};
  for (const resource of resources) {
    const name = componentOf(resource, schemas);
    Object.assign(paths, resourcePaths(resource, name));
  }
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

/** Adds the kind's schema, and all that it refers to; the name of its component. */
function componentOf(resource: Resource, schemas: Schemas): string {
  const { group, version, kind, custom } = resource;
  const structure = structureOfResource(resource);
  const marks = { 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
  const name = structure?.typeName ?? `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  if (custom) {
    schemas[name] = { ...customSchema(custom.schema, schemas), ...marks };
  } else if (structure) {
    addComponent(structure, schemas);
    schemas[name] = { ...schemas[name], ...marks };
  }
  return name;
}

function customSchema(schema: Record<string, unknown>, schemas: Schemas): object {
  addComponent(structureOfType(objectMetaType), schemas);
  const properties = {
    apiVersion: { type: 'string', description: 'Group and version of this kind, as GROUP/VERSION.' },
    kind: { type: 'string', description: 'What this object is.' },
    metadata: { allOf: [{ $ref: refTo(objectMetaType) }], description: 'Name, labels, annotations and owners.' },
  };
  return { ...schema, properties: { ...(schema.properties as object | undefined), ...properties } };
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
    const fields = [...(structure.fields ?? [])].map(([name, child]) => [name, schemaOf(child, schemas)]);
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
