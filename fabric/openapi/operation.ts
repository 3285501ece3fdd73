/** An operation of an HTTP API as OpenAPI has it, described by zod schemas. Whoever has routes makes these of them. */
import { z } from 'zod';

/** What a body may be, by its media type. */
export type Contents = Readonly<Record<string, z.ZodType>>;

/** Parameters of one kind by name; what they mean stands in the schema's description. */
export type Parameters = Readonly<Record<string, z.ZodType>>;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer {
  readonly description: string;
  /** Absent: it has no body. */
  readonly contents?: Contents;
}

export interface Operation {
  readonly operationId: string;
  readonly method: Method;
  /** With its parameters in braces: `/tasks/{name}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Those of the path, which are all required. */
  readonly places: Parameters;
  readonly query: Parameters;
  readonly headers: Parameters;
  readonly body?: { readonly contents: Contents; readonly isRequired: boolean };
  readonly answers: ReadonlyMap<number, Answer>;
  /** Name of the security scheme; absent: anybody may ask. */
  readonly security?: string;
}

export function json(schema: z.ZodType): Contents {
  return { 'application/json': schema };
}

/** A text, or bytes, of that media type. */
export function text(mediaType: string): Contents {
  return { [mediaType]: z.string() };
}

/** A parameter that is heeded when it is `true`, in any case. */
export function flag(meaning: string): z.ZodType {
  return z.boolean().default(false).describe(meaning);
}

export function count(meaning: string): z.ZodType {
  return z.int().min(0).describe(meaning);
}

export function words(meaning: string): z.ZodType {
  return z.string().describe(meaning);
}

/**
 * Names for the document: a schema that has one stands under it in `components`, and wherever it is used is a
 * reference.
 */
export const names = z.registry<{ id: string }>();

/** Gives the schema its name. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  names.add(schema, { id });
  return schema;
}
