/** Requests made of an OpenAPI document: to each operation right ones, wrong ones, and ones that mean harm. */
import fc from 'fast-check';
import type { OpenApiDocument, OperationObject, ParameterObject } from '../../fabric/openapi/document.ts';
import type { JsonSchema } from '../../fabric/openapi/schemas.ts';
import { contentTypes, hostileBytes, hostileText, hostileValue, sendable } from './hostile.ts';
import { valueFor } from './values.ts';

export interface FuzzRequest {
  readonly operationId: string;
  readonly method: string;
  /** As it is sent, byte for byte. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Whose token it bears: a name of `callers`. */
  readonly caller: string;
}

/** What a document does not say, and an attacker knows. */
export interface Knowledge {
  /** Names that there are, by the place in a path or the parameter that takes them. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Bodies that are right, by operation. */
  readonly bodies: Readonly<Record<string, readonly unknown[]>>;
  /** Who sends requests, the more often the more it stands there. */
  readonly callers: readonly string[];
  /** Who is let in where users are not, by operation. */
  readonly callerOf?: Readonly<Record<string, string>>;
  /** Operations that are left out. */
  readonly without?: readonly string[];
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function requestsOf(document: OpenApiDocument, knowledge: Knowledge): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => requestTo(path, method.toUpperCase(), operation, knowledge)),
  );
  const without = new Set(knowledge.without);
  return fc.oneof(...operations.filter(({ id }) => !without.has(id)).map(({ requests }) => requests));
}

function requestTo(template: string, method: string, operation: OperationObject, knowledge: Knowledge) {
  const { operationId: id, parameters } = operation;
  const requests = fc
    .record({
      method: fc.oneof(
        { weight: 19, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom(...methods) },
      ),
      path: pathOf(template, parameters, knowledge),
      query: queryOf(parameters, knowledge),
      headers: headersOf(parameters),
      body: bodyOf(operation, knowledge),
      caller: callerFor(id, knowledge),
    })
    .map(({ method: asked, path, query, headers, body, caller }): FuzzRequest => {
      const sent = asked === 'GET' || asked === 'HEAD' || asked === 'OPTIONS' ? undefined : body;
      return {
        operationId: id,
        method: asked,
        path: query === '' ? path : `${path}?${query}`,
        headers: { ...(sent ? { 'content-type': sent.type } : {}), ...headers },
        ...(sent ? { body: sent.bytes } : {}),
        caller,
      };
    });
  return { id, requests };
}

function callerFor(id: string, { callers, callerOf = {} }: Knowledge): fc.Arbitrary<string> {
  const right = callerOf[id];
  const any = fc.constantFrom(...callers);
  return right === undefined ? any : fc.oneof(fc.constant(right), any);
}

/** Known names in most places, hostile ones in the others: encoded, or raw as far as a request line takes it. */
function pathOf(template: string, parameters: readonly ParameterObject[], { known }: Knowledge): fc.Arbitrary<string> {
  const places = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  const values = places.map((name) =>
    fc.oneof(
      {
        weight: name === 'project' ? 60 : 10,
        arbitrary: fc.constantFrom(...(known[name] ?? ['x'])).map(encodeURIComponent),
      },
      { weight: 1, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed())) },
      { weight: 1, arbitrary: hostileText.map(raw) },
    ),
  );
  return fc.tuple(...values).map((all) => {
    const byName = new Map(places.map((name, index) => [name, all[index] ?? '']));
    return template.replace(/\{(\w+)\}/g, (_, name: string) => byName.get(name) ?? '');
  });
}

/** Without what no client can put into a request line. */
function raw(text: string): string {
  return text.replace(/[^\x21-\x7e]|[?#]/g, '');
}

function queryOf(parameters: readonly ParameterObject[], { known }: Knowledge): fc.Arbitrary<string> {
  const declared = parameters.filter((each) => each.in === 'query');
  const names = [...declared.map(({ name }) => name), 'unknown'];
  const value = (name: string) =>
    fc.oneof(
      hostileText,
      fc.constantFrom(...(known[name] ?? ['true', 'false', '1', ''])),
      rightText(declared.find((each) => each.name === name)?.schema),
    );
  const one = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), value(name), fc.boolean()));
  return fc
    .array(one, { maxLength: 3 })
    .map((all) =>
      all
        .map(([name, text, isRaw]) => `${name}=${isRaw ? raw(text) : encodeURIComponent(text.toWellFormed())}`)
        .join('&'),
    );
}

function rightText(schema: JsonSchema | undefined): fc.Arbitrary<string> {
  return schema
    ? valueFor(schema).map((value) => (typeof value === 'string' ? value : String(JSON.stringify(value))))
    : hostileText;
}

const ordinaryHeaders = [
  'accept',
  'accept-encoding',
  'range',
  'if-none-match',
  'last-event-id',
  'x-forwarded-host',
  'content-encoding',
  'expect',
  'x-http-method-override',
  'cookie',
  'origin',
];

function headersOf(parameters: readonly ParameterObject[]): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter((each) => each.in === 'header').map(({ name }) => name);
  const name = fc.constantFrom(...own, ...ordinaryHeaders);
  const value = fc.oneof(
    hostileText.map(sendable),
    fc.constantFrom(
      'bytes=0-1',
      'bytes=-1',
      'bytes=5-1',
      'bytes=-',
      '*',
      '60',
      'text/event-stream',
      'gzip',
      'http://evil.example',
    ),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(name, value, { maxKeys: 2, noNullPrototype: true }) },
  );
}

interface SentBody {
  readonly type: string;
  readonly bytes: Buffer;
}

function bodyOf(
  { operationId, requestBody }: OperationObject,
  { bodies }: Knowledge,
): fc.Arbitrary<SentBody | undefined> {
  const hostile = fc.record({ type: contentTypes, bytes: hostileBytes });
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined || !media) return fc.option(hostile, { nil: undefined, freq: 3 });
  const described = valueFor(media.schema);
  const right = bodies[operationId] ? fc.oneof(fc.constantFrom(...bodies[operationId]), described) : described;
  const spoilt = right.chain((value) => spoiltOf(value));
  const asJson = (value: unknown): SentBody => ({
    type: sentTypes[type] ?? type,
    bytes: Buffer.from(
      typeof value === 'string' && type !== 'application/json' ? value : (JSON.stringify(value) ?? ''),
    ),
  });
  return fc.oneof(
    { weight: 4, arbitrary: right.map(asJson) },
    { weight: 4, arbitrary: spoilt.map(asJson) },
    { weight: 2, arbitrary: hostile },
    { weight: 1, arbitrary: right.chain((value) => contentTypes.map((other) => ({ ...asJson(value), type: other }))) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Types of the document, as a client sends them. */
const sentTypes: Readonly<Record<string, string>> = {
  '*/*': 'application/octet-stream',
  'multipart/form-data': 'multipart/form-data; boundary=b',
};

/** The value with one of its places filled with what does not belong there, left out, or under another name. */
function spoiltOf(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .tuple(fc.constantFrom(...places), hostileValue, hostileText, fc.constantFrom('fill', 'drop', 'add', 'rename'))
    .map(([place, other, name, how]) => changed(value, place, (at) => spoilt(at, other, name, how)));
}

function spoilt(at: unknown, other: unknown, name: string, how: string): unknown {
  const isObject = typeof at === 'object' && at !== null && !Array.isArray(at);
  if (how === 'drop') return undefined;
  if (how === 'add' && isObject) return Object.fromEntries([...Object.entries(at), [name, other]]);
  if (how === 'rename' && isObject)
    return Object.fromEntries(Object.entries(at).map(([key, each], index) => [index === 0 ? name : key, each]));
  return other;
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([name, member]) =>
      placesIn(member, [...at, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function changed(value: unknown, [first, ...rest]: Place, change: (at: unknown) => unknown): unknown {
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? changed(each, rest, change) : each));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [
      name,
      name === first ? changed(member, rest, change) : member,
    ]),
  );
}
