/**
 * zod schemas as the JSON Schemas of an OpenAPI document: those that have names once, in its `components`, and
 * references to them.
 */
import { z } from 'zod';
import { names } from './operation.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Whether the schema is of what clients send, or of what they get: defaults are filled in between. */
export type Side = 'sent' | 'answered';

export class Components {
  readonly #schemas = new Map<string, JsonSchema>();

  /** In alphabetical order. */
  get schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** Where the schema stands: a reference if it has a name, else itself. */
  of(schema: z.ZodType, side: Side): JsonSchema {
    const { $defs = {}, properties } = z.toJSONSchema(z.object({ schema }), {
      io: side === 'sent' ? 'input' : 'output',
      metadata: names,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => adjust(zodSchema, jsonSchema as Record<string, unknown>, side),
    });
    for (const [name, definition] of Object.entries($defs)) this.#add(name, moved(definition) as JsonSchema);
    return moved(properties?.schema ?? {}) as JsonSchema;
  }

  #add(name: string, schema: JsonSchema): void {
    const known = this.#schemas.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas are called ${name}`);
    this.#schemas.set(name, schema);
  }
}

/** What zod's own conversion does not say. */
function adjust(zodSchema: z.core.$ZodType, jsonSchema: Record<string, unknown>, side: Side): void {
  const { id: _, ...meta } = z.globalRegistry.get(zodSchema) ?? {};
  Object.assign(jsonSchema, meta);
  delete jsonSchema.id;
  // Tests are strict about answers; a client takes members that it does not know, which the next version may have.
  if (side === 'answered' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  // How far JavaScript counts is no rule of ours.
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

/** References of a schema to its own definitions, as ones to the document's. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isReference = name === '$ref' && typeof member === 'string';
      return [name, isReference ? member.replace(/^#\/\$defs\//, '#/components/schemas/') : moved(member)];
    }),
  );
}
