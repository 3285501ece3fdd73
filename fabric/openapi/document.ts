/**
 * The OpenAPI 3.1 document of an API, made of its operations. Pure. Begin reading here; what an operation is stands in
 * `operation.ts`.
 */
import type { z } from 'zod';
import type { Answer, Contents, Operation, Parameters } from './operation.ts';
import { Components, type JsonSchema, type Side } from './schemas.ts';

export interface Api {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly operations: readonly Operation[];
  /** By name, as OpenAPI has them. */
  readonly securitySchemes?: Readonly<Record<string, JsonSchema>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: Api['tags'];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly ParameterObject[];
  readonly requestBody?: { readonly required: boolean; readonly content: ContentObject };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: ContentObject }>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface ParameterObject {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

export type ContentObject = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Paths in alphabetical order. Throws where two operations have one place, or one id. */
export function openApiDocument(api: Api): OpenApiDocument {
  const { title, version, description, tags, operations, securitySchemes = {} } = api;
  const components = new Components();
  const paths: Record<string, Record<string, OperationObject>> = {};
  const ids = new Set<string>();
  for (const operation of [...operations].sort(byPath)) {
    const { path, operationId } = operation;
    const method = operation.method.toLowerCase();
    if (paths[path]?.[method] || ids.has(operationId)) throw new Error(`described twice: ${method} ${path}`);
    ids.add(operationId);
    paths[path] = { ...paths[path], [method]: operationObject(operation, components) };
  }
  return {
    openapi: '3.1.1',
    info: { title, version, description },
    servers: [{ url: '/' }],
    tags,
    paths,
    components: { schemas: components.schemas, securitySchemes },
  };
}

function byPath(left: Operation, right: Operation): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
}

function operationObject(operation: Operation, components: Components): OperationObject {
  const { operationId, tag, summary, description, places, query, headers, body, answers, security } = operation;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [
      ...parameterObjects('path', places, components),
      ...parameterObjects('query', query, components),
      ...parameterObjects('header', headers, components),
    ],
    ...(body
      ? { requestBody: { required: body.isRequired, content: contentOf(body.contents, 'sent', components) } }
      : {}),
    responses: Object.fromEntries([...answers].map(([status, answer]) => [status, responseObject(answer, components)])),
    security: security === undefined ? [] : [{ [security]: [] }],
  };
}

function parameterObjects(where: ParameterObject['in'], parameters: Parameters, components: Components) {
  return Object.entries(parameters).map(([name, schema]): ParameterObject => {
    const { description, ...rest } = components.of(schema, 'sent');
    return { name, in: where, required: where === 'path', description: String(description ?? ''), schema: rest };
  });
}

function responseObject({ description, contents }: Answer, components: Components) {
  return { description, ...(contents ? { content: contentOf(contents, 'answered', components) } : {}) };
}

function contentOf(contents: Contents, side: Side, components: Components): ContentObject {
  const schemaOf = (schema: z.ZodType) => ({ schema: components.of(schema, side) });
  return Object.fromEntries(Object.entries(contents).map(([type, schema]) => [type, schemaOf(schema)]));
}
