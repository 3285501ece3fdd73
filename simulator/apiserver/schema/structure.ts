/**
 * The structure of a kind: types, list and map semantics, patch strategies, defaults and required fields, without
 * prose. The same nodes drive strict decoding, strategic merge, server-side apply and OpenAPI documents.
 *
 * Built-in kinds come from `structure.json` (see README.md), which is read at the first question about a kind; custom
 * resources from their OpenAPI schema.
 */
import { createRequire } from 'node:module';
import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';

/** `any` accepts whatever comes; `object` has named fields, `map` has values of one structure under free names. */
export type StructureType =
  | 'object'
  | 'map'
  | 'list'
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'int-or-string'
  | 'quantity'
  | 'any';

export interface Structure {
  readonly type: StructureType;
  /** Name of the OpenAPI component that declares it; nothing for what is declared in place. */
  readonly typeName?: string;
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `micro-time` (a date-time with six decimals). */
  readonly format?: string;
  readonly default?: Json;
  readonly enumeration?: readonly string[];
  /** Only for `object`. */
  readonly fields?: ReadonlyMap<string, Structure>;
  readonly required?: readonly string[];
  /** Only for `list`. */
  readonly items?: Structure;
  /** Only for `map`. */
  readonly values?: Structure;
  /** Absent means atomic. */
  readonly listType?: 'atomic' | 'set' | 'map';
  /** Names of the fields that tell elements of a `map` list apart. */
  readonly keys?: readonly string[];
  /** Absent means granular. */
  readonly mapType?: 'atomic' | 'granular';
  /** Strategic merge: the field that tells elements apart. */
  readonly mergeKey?: string;
  /** Strategic merge: `merge`, `replace`, `retainKeys`. */
  readonly strategies?: readonly string[];
  /** A Go structure that is no pointer: always written, as `{}` when nothing in it is set. */
  readonly present?: boolean;
  /** Fields that are not declared are kept (x-kubernetes-preserve-unknown-fields). */
  readonly open?: boolean;
}

type TableNode = string | TableObject;
interface TableObject {
  readonly type?: StructureType;
  readonly ref?: string;
  readonly present?: boolean;
  readonly format?: string;
  readonly default?: Json;
  readonly enum?: readonly string[];
  readonly fields?: Readonly<Record<string, TableNode>>;
  readonly required?: readonly string[];
  readonly items?: TableNode;
  readonly values?: TableNode;
  readonly listType?: Structure['listType'];
  readonly keys?: readonly string[];
  readonly mapType?: Structure['mapType'];
  readonly mergeKey?: string;
  readonly strategies?: readonly string[];
}
interface Table {
  readonly kubernetes: string;
  /** `group/version/kind` to type name. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, TableNode>>;
}

let loaded: Table | undefined;
const named = new Map<string, Structure>();

function table(): Table {
  loaded ??= createRequire(import.meta.url)('./structure.json') as Table;
  return loaded;
}

/** Type definitions refer to themselves (JSONSchemaProps), so children are made when they are first looked at. */
class TableStructure implements Structure {
  readonly type: StructureType;
  readonly typeName?: string;
  readonly format?: string;
  readonly default?: Json;
  readonly enumeration?: readonly string[];
  readonly required?: readonly string[];
  readonly listType?: Structure['listType'];
  readonly keys?: readonly string[];
  readonly mapType?: Structure['mapType'];
  readonly mergeKey?: string;
  readonly strategies?: readonly string[];
  readonly present?: boolean;
  readonly #node: TableObject;
  #fields: ReadonlyMap<string, Structure> | undefined;
  #items: Structure | undefined;
  #values: Structure | undefined;

  constructor(node: TableObject, typeName: string | undefined) {
    this.#node = node;
    this.type = node.type ?? 'any';
    const facts = {
      typeName,
      format: node.format,
      default: node.default,
      enumeration: node.enum,
      required: node.required,
      listType: node.listType,
      keys: node.keys,
      mapType: node.mapType,
      mergeKey: node.mergeKey,
      strategies: node.strategies,
      present: node.present,
    };
    Object.assign(this, Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)));
  }

  get fields(): ReadonlyMap<string, Structure> | undefined {
    if (this.#fields === undefined && this.type === 'object') {
      const entries = Object.entries(this.#node.fields ?? {});
      this.#fields = new Map(entries.map(([name, node]) => [name, fromTable(node)]));
    }
    return this.#fields;
  }

  get items(): Structure | undefined {
    if (this.#node.items !== undefined) this.#items ??= fromTable(this.#node.items);
    return this.#items;
  }

  get values(): Structure | undefined {
    if (this.#node.values !== undefined) this.#values ??= fromTable(this.#node.values);
    return this.#values;
  }
}

function expand(node: TableNode): TableObject {
  if (typeof node !== 'string') return node;
  if (node.startsWith('#')) return { ref: node.slice(1) };
  if (node.startsWith('!')) return { ref: node.slice(1), present: true };
  const [type, format] = node.split(':');
  return { type: type as StructureType, ...(format === undefined ? {} : { format }) };
}

function fromTable(node: TableNode): Structure {
  const expanded = expand(node);
  if (expanded.ref === undefined) return new TableStructure(expanded, undefined);
  const { ref, ...overrides } = expanded;
  if (Object.keys(overrides).length === 0) return structureOfType(ref);
  return new TableStructure({ ...expand(table().types[ref] ?? 'any'), ...overrides }, ref);
}

/**
 * The structure of an OpenAPI component by its name (`io.k8s.api.core.v1.PodSpec`); `any` for a name that the table
 * lacks.
 */
export function structureOfType(typeName: string): Structure {
  const known = named.get(typeName);
  if (known !== undefined) return known;
  const structure = new TableStructure(expand(table().types[typeName] ?? 'any'), typeName);
  named.set(typeName, structure);
  return structure;
}

/** The structure of a built-in kind (`''` is the core group); undefined for a kind that the table lacks. */
export function structureOf(group: string, version: string, kind: string): Structure | undefined {
  const typeName = table().kinds[`${group}/${version}/${kind}`];
  return typeName === undefined ? undefined : structureOfType(typeName);
}

/** Every built-in kind of the table, sorted. */
export function builtInKinds(): { group: string; version: string; kind: string; typeName: string }[] {
  return Object.entries(table().kinds).map(([key, typeName]) => {
    const [group = '', version = '', kind = ''] = key.split('/');
    return { group, version, kind, typeName };
  });
}

/** The release that the table was read from: `v1.36.3`. */
export function structureVersion(): string {
  return table().kubernetes;
}

export const objectMetaType = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * Structure of a custom resource, from `spec.versions[].schema.openAPIV3Schema`; apiVersion, kind and metadata are
 * added.
 */
export function structureFromSchema(openAPIV3Schema: unknown): Structure {
  return embedded(fromSchema(isObject(openAPIV3Schema) ? openAPIV3Schema : {}), true);
}

function embedded(structure: Structure, isRoot: boolean): Structure {
  const fields = new Map(structure.fields ?? []);
  fields.set('apiVersion', { type: 'string' });
  fields.set('kind', { type: 'string' });
  fields.set('metadata', structureOfType(objectMetaType));
  const { values: _values, items: _items, ...facts } = structure;
  return { ...facts, type: 'object', fields, ...(isRoot ? { mapType: 'granular' } : {}) };
}

function schemaType(schema: JsonObject): StructureType {
  if (schema['x-kubernetes-int-or-string'] === true) return 'int-or-string';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return isObject(schema.additionalProperties) ? 'map' : 'object';
  return typeof schema.type === 'string' ? (schema.type as StructureType) : 'any';
}

function texts(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

function fromSchema(schema: JsonObject): Structure {
  const declared = schemaType(schema);
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  // An object that declares nothing and keeps everything is the wild card.
  const type = open && declared === 'object' && schema.properties === undefined ? 'any' : declared;
  const facts = {
    format: typeof schema.format === 'string' ? schema.format : undefined,
    default: schema.default,
    required: texts(schema.required),
    listType: schema['x-kubernetes-list-type'] as Structure['listType'],
    keys: texts(schema['x-kubernetes-list-map-keys']),
    mapType: schema['x-kubernetes-map-type'] as Structure['mapType'],
    open: open ? true : undefined,
    items: isObject(schema.items) ? fromSchema(schema.items) : undefined,
    values:
      type === 'map' && isObject(schema.additionalProperties) ? fromSchema(schema.additionalProperties) : undefined,
  };
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const structure = {
    type,
    ...Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)),
    ...(type === 'object'
      ? { fields: new Map(properties.map(([name, child]) => [name, fromSchema(isObject(child) ? child : {})])) }
      : {}),
  } as Structure;
  return schema['x-kubernetes-embedded-resource'] === true ? embedded(structure, false) : structure;
}
