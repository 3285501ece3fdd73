/** Values that a JSON Schema describes, as far as the documents of this project use it. */
import fc from 'fast-check';
import type { JsonSchema } from '../../fabric/openapi/schemas.ts';

const words = [
  'a',
  'x',
  'hello',
  'cortex/s',
  'proj1',
  '1',
  'true',
  '@hourly',
  '2026-01-01T00:00:00Z',
  '{}',
  '* * * * *',
];

export function valueFor(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  const { anyOf, oneOf, type } = schema as { anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; type?: string | string[] };
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map(valueFor));
  if (Array.isArray(type)) return fc.oneof(...type.map((each) => valueFor({ ...schema, type: each })));
  switch (type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return fc.array(valueFor((schema.items ?? {}) as JsonSchema), { maxLength: 3 });
    case 'string':
      return fc.constantFrom(...words);
    case 'integer':
      return fc.integer({ min: Number(schema.minimum ?? -5), max: Math.min(Number(schema.maximum ?? 1_000), 100_000) });
    case 'number':
      return fc.double({ min: Number(schema.minimum ?? 0), max: Number(schema.maximum ?? 1_000), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.oneof(fc.constantFrom<unknown>(...words, 1, null, {}, []), fc.jsonValue({ maxDepth: 2 }));
  }
}

function objectOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = new Set((schema.required ?? []) as string[]);
  const members = Object.entries(properties).map(([name, member]) =>
    required.has(name) ? valueFor(member).map((value) => [name, value] as const) : optional(name, member),
  );
  return fc.tuple(...members).map((all) => Object.fromEntries(all.filter((member) => member !== undefined)));
}

function optional(name: string, schema: JsonSchema): fc.Arbitrary<readonly [string, unknown] | undefined> {
  return fc.option(
    valueFor(schema).map((value) => [name, value] as const),
    { nil: undefined, freq: 2 },
  );
}
