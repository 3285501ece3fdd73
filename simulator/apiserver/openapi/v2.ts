/**
 * The OpenAPI v2 document: one for the whole server, made from the documents of version 3. Source: semantics 1.2.
 */
import { isRecord } from '../json.ts';

type Members = Readonly<Record<string, unknown>>;

export interface DocumentV3 {
  readonly info: object;
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** All of them as one of version 2. Their custom resources are to be in the form of version 2 already. */
export function documentV2(documents: readonly DocumentV3[], version: string): object {
  const definitions: Record<string, unknown> = {};
  const paths: Record<string, unknown> = {};
  for (const { components, paths: found } of documents) {
    for (const [name, schema] of Object.entries(components.schemas)) definitions[name] ??= schemaV2(schema);
    for (const [path, operations] of Object.entries(found)) paths[path] = pathV2(operations);
  }
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: sorted(paths),
    definitions: sorted(definitions),
    securityDefinitions: {
      BearerToken: { description: 'Bearer Token authentication', type: 'apiKey', name: 'authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
  };
}

function sorted(members: Members): Members {
  return Object.fromEntries(Object.entries(members).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** References elsewhere and without `allOf`, no defaults, no junctors. */
function schemaV2(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(schemaV2);
  if (!isRecord(schema)) return schema;
  const { allOf, oneOf, default: _default, ...rest } = schema;
  const [reference] = Array.isArray(allOf) ? allOf : [];
  const own = isRecord(reference) ? { ...rest, ...reference } : oneOf ? { ...rest, type: 'string' } : rest;
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, memberV2(name, value)]));
}

function memberV2(name: string, value: unknown): unknown {
  if (name === '$ref') return String(value).replace('#/components/schemas/', '#/definitions/');
  if (name === 'properties' && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([member, schema]) => [member, schemaV2(schema)]));
  }
  return name === 'items' || name === 'additionalProperties' ? schemaV2(value) : value;
}

function pathV2(operations: object): Members {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]: [string, unknown]) => [
      method,
      method === 'parameters' ? parametersV2(operation) : operationV2(operation as Members),
    ]),
  );
}

function operationV2(operation: Members): Members {
  const { requestBody, responses, parameters, ...rest } = operation;
  const content = isRecord(requestBody) && isRecord(requestBody.content) ? requestBody.content : {};
  const [sent] = Object.values(content);
  const body = isRecord(sent) ? [{ name: 'body', in: 'body', required: true, schema: schemaV2(sent.schema) }] : [];
  const all = [...body, ...parametersV2(parameters)];
  return {
    ...rest,
    consumes: body.length > 0 ? Object.keys(content) : ['*/*'],
    produces: ['application/json', 'application/yaml'],
    schemes: ['https'],
    ...(all.length > 0 ? { parameters: all } : {}),
    responses: Object.fromEntries(
      Object.entries(isRecord(responses) ? responses : {}).map(([code, answer]) => [code, answerV2(answer)]),
    ),
  };
}

function parametersV2(parameters: unknown): object[] {
  return (Array.isArray(parameters) ? parameters : []).filter(isRecord).map(({ schema, ...parameter }) => ({
    ...parameter,
    ...(isRecord(schema) ? schema : {}),
  }));
}

function answerV2(answer: unknown): unknown {
  if (!isRecord(answer) || !isRecord(answer.content)) return answer;
  const { content, ...rest } = answer;
  const [first] = Object.values(answer.content);
  return isRecord(first) && content !== undefined ? { ...rest, schema: schemaV2(first.schema) } : rest;
}
