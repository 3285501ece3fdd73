/**
 * The types of rules' values, made from a schema, and the names that rules have for members. Source: apiserver
 * cel/common/schemas.go, cel/escaping.go.
 */
import type { Environment } from '../../cel/check/declarations.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  optionalOf,
  STRING,
  struct,
  TIMESTAMP,
  type Type,
} from '../../cel/check/types.ts';
import { kubernetesFunctions, kubernetesTypes } from '../../cel/library/kubernetes.ts';
import type { Schema } from './schema-node.ts';
import { embeddedResource, intOrString, isTrue, propertiesOf, subschema, textOf } from './schema-node.ts';

/** Words that CEL reserves. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const signs: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** A member's name as rules write it; undefined when rules cannot name it. */
export function celName(name: string): string | undefined {
  if (!/^[A-Za-z_.\-/][\w.\-/]*$/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[.\-/]/g, (sign) => signs[sign] ?? sign);
}

/**
 * The member that rules mean by the name: reserved words may stand for themselves. Undefined when the name is badly
 * escaped.
 */
export function memberNamed(name: string): string | undefined {
  let isRight = true;
  const member = name.replace(/__[^_]+__/g, (part) => {
    const word = part.slice(2, -2);
    const [sign] = Object.entries(signs).find(([, escaped]) => escaped === part) ?? [];
    if (sign !== undefined) return sign;
    if (!reserved.has(word) || part !== name) isRight = false;
    return word;
  });
  return isRight ? member : undefined;
}

const withImplicit = new WeakMap<Schema, Schema>();

/** The schema with what every object has; rules see names of metadata only. The same schema gives the same result. */
export function withImplicitFields(schema: Schema): Schema {
  const known = withImplicit.get(schema) ?? addImplicitFields(schema);
  withImplicit.set(schema, known);
  return known;
}

function addImplicitFields(schema: Schema): Schema {
  const text = { type: 'string' };
  const metadata = { type: 'object', properties: { name: text, generateName: text } };
  return {
    ...schema,
    type: 'object',
    properties: { ...subschema(schema, 'properties'), apiVersion: text, kind: text, metadata },
  };
}

/** The type of values of the schema; undefined when rules cannot see them. */
export function typeOfSchema(schema: Schema, path: string): Type | undefined {
  if (isTrue(schema, intOrString)) return DYN;
  switch (textOf(schema, 'type')) {
    case 'boolean':
      return BOOL;
    case 'integer':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return textType(textOf(schema, 'format'));
    case 'array':
      return listType(schema, path);
    case 'object':
      return objectType(schema, path);
    default:
      return undefined;
  }
}

function textType(format: string | undefined): Type {
  if (format === 'date' || format === 'date-time') return TIMESTAMP;
  if (format === 'duration') return DURATION;
  return format === 'byte' ? BYTES : STRING;
}

function listType(schema: Schema, path: string): Type | undefined {
  const items = typeOfSchema(subschema(schema, 'items') ?? {}, `${path}.@idx`);
  return items && listOf(items);
}

function objectType(schema: Schema, path: string): Type | undefined {
  const declared = isTrue(schema, embeddedResource) ? withImplicitFields(schema) : schema;
  const additional = subschema(schema, 'additionalProperties');
  if (additional !== undefined && propertiesOf(declared).length === 0) {
    const values = typeOfSchema(additional, `${path}.@elem`);
    return values && mapOf(STRING, values);
  }
  return structOf(declared, path);
}

const structs = new WeakMap<Schema, Type>();

/** The type of objects of the schema: one for a schema. */
export function structOf(schema: Schema, path: string): Type {
  const known = structs.get(schema) ?? struct(path, membersOf(schema, path));
  structs.set(schema, known);
  return known;
}

/** The types of members by the names that rules have for them; made when they are first asked for. */
function membersOf(schema: Schema, path: string): (name: string) => Type | undefined {
  let members: ReadonlyMap<string, Type> | undefined;
  return (name) => {
    members ??= new Map(
      propertiesOf(schema).flatMap(([field, child]) => {
        const known = celName(field);
        const type = typeOfSchema(child, `${path}.${field}`);
        return known === undefined || type === undefined ? [] : [[known, type] as const];
      }),
    );
    return members.get(name) ?? (reserved.has(name) ? members.get(`__${name}__`) : undefined);
  };
}

/**
 * What the rules of a schema may name; with `oldIsOptional`, `oldSelf` is an optional one. Undefined when they can see
 * nothing.
 */
export function environmentOf(schema: Schema, oldIsOptional: boolean): Environment | undefined {
  const self = typeOfSchema(schema, 'selfType');
  if (self === undefined) return undefined;
  const oldSelf = oldIsOptional ? optionalOf(self) : self;
  return {
    functions: kubernetesFunctions,
    types: kubernetesTypes,
    variables: new Map([
      ['self', self],
      ['oldSelf', oldSelf],
    ]),
  };
}
