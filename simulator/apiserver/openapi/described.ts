/** Puts the descriptions of types and members into the schemas of a document. */
import { isRecord } from '../json.ts';
import type { Prose } from '../schema/prose.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * In place. `custom` are the names of those that definitions made: they tell of themselves, but for what every kind
 * has.
 */
export function describe(schemas: Record<string, object>, custom: ReadonlySet<string>, prose: Prose): void {
  if (prose.name === '') return;
  for (const [typeName, schema] of Object.entries(schemas)) {
    schemas[typeName] = custom.has(typeName)
      ? withMembers(schema as Schema, (member) => everyKind(typeName, member, prose))
      : withText(
          withMembers(schema as Schema, (member) => prose.of(typeName, member)),
          prose.of(typeName),
        );
  }
}

const anyKind = { object: 'io.k8s.api.core.v1.ConfigMap', list: 'io.k8s.api.core.v1.ConfigMapList' };

function everyKind(typeName: string, member: string, prose: Prose): string | undefined {
  if (member !== 'apiVersion' && member !== 'kind' && member !== 'metadata') return undefined;
  return prose.of(typeName.endsWith('List') ? anyKind.list : anyKind.object, member);
}

function withMembers(schema: Schema, textOf: (member: string) => string | undefined): Schema {
  const { properties } = schema;
  if (!isRecord(properties)) return schema;
  const described = Object.entries(properties).map(([name, member]) => [
    name,
    isRecord(member) ? withText(member, textOf(name)) : member,
  ]);
  return { ...schema, properties: Object.fromEntries(described) };
}

/** A reference with a text beside it stands below `allOf`: what is beside it would not count. */
function withText(schema: Schema, description: string | undefined): Schema {
  if (description === undefined) return schema;
  const { $ref, ...rest } = schema;
  return { ...rest, description, ...($ref === undefined ? {} : { allOf: [{ $ref }] }) };
}
