/**
 * What a document must hold to be OpenAPI 3.1: the fixed fields of its objects, references that lead somewhere,
 * parameters that stand in the path, ids that are unique, schemas of JSON Schema's words. After the specification's own
 * schema (https://spec.openapis.org/oas/3.1/schema/2022-10-07). For tests.
 */
import { z } from 'zod';
import type { OpenApiDocument } from './document.ts';

const schemaWords = new Set([
  ...['$ref', 'type', 'const', 'enum', 'default', 'description', 'title', 'format', 'pattern', 'examples'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'items', 'prefixItems'],
  ...['anyOf', 'oneOf', 'allOf', 'not', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'multipleOf'],
]);
const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

const content = z.record(z.string().regex(/^[\w*.+-]+\/[\w*.+-]+$/), z.strictObject({ schema: z.looseObject({}) }));
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  description: z.string().optional(),
  parameters: z.array(
    z.strictObject({
      name: z.string().min(1),
      in: z.enum(['path', 'query', 'header']),
      required: z.boolean(),
      description: z.string().min(1),
      schema: z.looseObject({}),
    }),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: content.optional() }),
  ),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});
const document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string().min(1) })).min(1),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'delete', 'head', 'patch']), operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
  }),
});

export function structureFaults(given: OpenApiDocument): string[] {
  const { error } = document.safeParse(given);
  const fields = (error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('/')}: ${message}`);
  return [...fields, ...operationFaults(given), ...schemasIn(given).flatMap((each) => schemaFaults(each, given))];
}

function operationFaults({ paths, components }: OpenApiDocument): string[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((each) => ({ path, ...each })),
  );
  const ids = all.map(({ operationId }) => operationId);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands there twice`);
  const shapes = Object.keys(paths).map((path) => path.replace(/\{\w+\}/g, '{}'));
  const same = shapes
    .filter((shape, index) => shapes.indexOf(shape) !== index)
    .map((shape) => `two paths are ${shape}`);
  const places = all.flatMap(({ path, operationId, parameters }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    const isSame = JSON.stringify(inPath) === JSON.stringify(declared.sort());
    const keys = parameters.map((each) => `${each.in} ${each.name}`);
    const isOnce = new Set(keys).size === keys.length;
    const isRequired = parameters.every((each) => each.in !== 'path' || each.required);
    const isFree = parameters.every(({ in: where, name }) => where !== 'header' || !ownHeaders.includes(name));
    return isSame && isOnce && isRequired && isFree ? [] : [`${operationId} has wrong parameters`];
  });
  const schemes = all.flatMap(({ operationId, security }) =>
    security
      .flatMap(Object.keys)
      .flatMap((name) => (name in components.securitySchemes ? [] : [`${operationId}: ${name}`])),
  );
  return [...twice, ...same, ...places, ...schemes];
}

/** Parameters of these names are ignored (Parameter Object, `name`). */
const ownHeaders = ['accept', 'content-type', 'authorization'];

interface Placed {
  readonly where: string;
  readonly schema: unknown;
}

/** Every schema that stands somewhere by itself, or as a part of another. */
function schemasIn({ paths, components }: OpenApiDocument): Placed[] {
  const found: Placed[] = [];
  const walk = (value: unknown, where: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      const place = `${where}/${name}`;
      if (name === 'schema') found.push(...partsOf(member, place));
      else walk(member, place);
    }
  };
  walk(paths, 'paths');
  for (const [name, schema] of Object.entries(components.schemas)) found.push(...partsOf(schema, name));
  return found;
}

function partsOf(schema: unknown, where: string): Placed[] {
  if (typeof schema !== 'object' || schema === null) return [{ where, schema }];
  const {
    properties = {},
    items,
    additionalProperties,
    propertyNames,
    anyOf = [],
    oneOf = [],
    allOf = [],
  } = schema as {
    readonly properties?: object;
    readonly [word: string]: unknown;
    readonly anyOf?: unknown[];
    readonly oneOf?: unknown[];
    readonly allOf?: unknown[];
  };
  const parts = [
    ...Object.values(properties),
    items,
    additionalProperties,
    propertyNames,
    ...anyOf,
    ...oneOf,
    ...allOf,
  ];
  const below = parts.filter((part) => part !== undefined && part !== false && part !== true);
  return [{ where, schema }, ...below.flatMap((part, index) => partsOf(part, `${where}/${index}`))];
}

function schemaFaults({ where, schema }: Placed, { components }: OpenApiDocument): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`${where} is no schema`];
  const { type, $ref, required = [], properties = {} } = schema as Record<string, unknown> & { required?: string[] };
  const unknown = Object.keys(schema).filter((word) => !schemaWords.has(word));
  const isType = [type ?? []].flat().every((one) => types.includes(String(one)));
  const target = typeof $ref === 'string' ? /^#\/components\/schemas\/([\w.-]+)$/.exec($ref)?.[1] : '';
  const isLost = target === undefined || (target !== '' && !(target in components.schemas));
  const missing = required.filter((name) => !Object.hasOwn(properties as object, name));
  return [
    ...unknown.map((word) => `${where} has the word ${word}`),
    ...(isType ? [] : [`${where} has the type ${String(type)}`]),
    ...(isLost ? [`${where} refers to ${String($ref)}`] : []),
    ...missing.map((name) => `${where} requires ${name} and does not have it`),
  ];
}
