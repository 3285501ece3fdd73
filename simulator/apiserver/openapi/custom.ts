/**
 * The schema of a custom resource as OpenAPI documents publish it. Version 3 can say nearly all that a definition says;
 * version 2 loses what its old readers take wrongly: defaults, junctors, `nullable`, and the members of what keeps
 * unknown fields. Source: upstream apiextensions-apiserver, pkg/controller/openapi.
 */
import { isRecord } from '../json.ts';
import { objectMetaType } from '../schema/structure.ts';

type Schema = Readonly<Record<string, unknown>>;

/** How a document refers to the schema of a type. */
export type Reference = (typeName: string) => object;

export interface PublishedAs {
  readonly openApi: 2 | 3;
  readonly reference: Reference;
}

/** The schema of one version, with type and metadata. */
export function publishedSchema(schema: Schema, as: PublishedAs): Schema {
  if (as.openApi === 2 && schema['x-kubernetes-preserve-unknown-fields'] === true) return { type: 'object' };
  const published = nested(schema, as);
  return { ...published, properties: { ...membersOf(published, 'properties'), ...typeMembers(as) } };
}

/** `FooList`. */
export function publishedList(kind: string, plural: string, item: object, listMetadata: object): Schema {
  const { apiVersion, kind: kindMember } = typeTexts;
  return {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion,
      items: { description: `List of ${plural}.`, type: 'array', items: item },
      kind: kindMember,
      metadata: { ...listMetadata, description: 'Standard list metadata: its version, and where it continues.' },
    },
  };
}

const typeTexts = {
  apiVersion: {
    description: 'APIVersion defines in which version of its group this object is written, as GROUP/VERSION.',
    type: 'string',
  },
  kind: { description: 'Kind says what this object is. It never changes.', type: 'string' },
};

function typeMembers({ reference }: PublishedAs): object {
  return {
    ...typeTexts,
    metadata: {
      ...reference(objectMetaType),
      description: "Standard object's metadata: name, labels, annotations, owners.",
    },
  };
}

const junctors = ['allOf', 'anyOf', 'oneOf', 'not'];

function nested(schema: Schema, as: PublishedAs): Schema {
  if (as.openApi === 3) return completed(withChildren(schema, as), as);
  if (schema.nullable === true) return kept(schema, ['description']);
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) {
    return kept(
      schema,
      Object.keys(schema).filter((name) => name === 'description' || name.startsWith('x-kubernetes-')),
    );
  }
  const known = Object.keys(schema).filter((name) => !junctors.includes(name) && name !== 'default');
  return completed(withoutNullable(withChildren(kept(schema, known), as), schema), as);
}

function kept(schema: Schema, names: readonly string[]): Schema {
  return Object.fromEntries(names.filter((name) => name in schema).map((name) => [name, schema[name]]));
}

function membersOf(schema: Schema, name: string): Schema {
  const members = schema[name];
  return isRecord(members) ? members : {};
}

function withChildren(schema: Schema, as: PublishedAs): Schema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, isRecord(each) ? nested(each, as) : each]),
          ),
        }
      : {}),
    ...(isRecord(items) ? { items: nested(items, as) } : {}),
    ...(isRecord(additionalProperties) ? { additionalProperties: nested(additionalProperties, as) } : {}),
  };
}

/** What may be null is not asked for: old readers take null for nothing. */
function withoutNullable(schema: Schema, given: Schema): Schema {
  const { required } = schema;
  if (!Array.isArray(required)) return schema;
  const properties = membersOf(given, 'properties');
  const left = required.filter((name) => membersOf(properties, String(name)).nullable !== true);
  const { required: _required, ...rest } = schema;
  return left.length > 0 ? { ...rest, required: left } : rest;
}

/** Embedded resources have a type; what may be a number or a text says so. */
function completed(schema: Schema, as: PublishedAs): Schema {
  if (schema['x-kubernetes-int-or-string'] === true && as.openApi === 3) {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }], ...schema };
  }
  if (schema['x-kubernetes-embedded-resource'] !== true) return schema;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return {
    ...schema,
    required: [...new Set([...required, 'kind', 'apiVersion'])],
    properties: { ...membersOf(schema, 'properties'), ...typeMembers(as) },
  };
}

/** Fields that a selector may name, as documents tell of them. */
export function selectableFieldMarks(fields: readonly string[]): object {
  return fields.length > 0 ? { 'x-kubernetes-selectable-fields': fields.map((fieldPath) => ({ fieldPath })) } : {};
}
