/**
 * Request bodies of `application/vnd.kubernetes.protobuf`, as kubectl's `create` commands and Go clients with typed
 * objects send them: read into the same JSON that those clients would send. Answers stay JSON, which these clients
 * accept. Source: semantics 1.2; upstream runtime/serializer/protobuf.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { structureOf } from '../schema/structure.ts';
import { type Field, fieldsOf } from './fields.ts';
import { readSpecial } from './special.ts';
import { WireError, type WireValue, wireFields } from './wire.ts';

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** The body holds a kind that no table of fields is there for. */
export class UnknownMessageError extends Error {
  override readonly name = 'UnknownMessageError';
  readonly apiVersion: string;
  readonly kind: string;

  constructor(apiVersion: string, kind: string) {
    super(`${apiVersion} ${kind} is not read from protobuf: send application/json (kubectl create -f does)`);
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}

/** The object in the envelope. Throws an UnknownMessageError, or a WireError for bytes that are no protobuf. */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw new WireError(0, `the data does not begin with the prefix [${[...magic].join(' ')}]`);
  }
  const { type, raw } = envelopeOf(body.subarray(magic.length));
  const message = messageOf(type.apiVersion, type.kind);
  if (message === undefined) throw new UnknownMessageError(type.apiVersion, type.kind);
  return { ...type, ...(decodeMessage(message, raw) as JsonObject) };
}

function envelopeOf(bytes: Buffer): { type: { apiVersion: string; kind: string }; raw: Buffer } {
  const type = { apiVersion: '', kind: '' };
  let raw: Buffer = Buffer.alloc(0);
  for (const [number, value] of wireFields(bytes)) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 2) raw = value;
    if (number !== 1) continue;
    for (const [part, text] of wireFields(value)) {
      if (part === 1) type.apiVersion = String(text);
      if (part === 2) type.kind = String(text);
    }
  }
  return { type, raw };
}

/** `batch.v1.Job` for `batch/v1` and `Job`. */
function messageOf(apiVersion: string, kind: string): string | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const name = structureOf(group, version, kind)?.typeName ?? (kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : '');
  const message = name.split('.').slice(-3).join('.');
  return fieldsOf(message) && message;
}

function decodeMessage(message: string, bytes: Buffer): Json {
  const special = readSpecial(message, bytes, decodeMessage);
  if (special !== undefined) return special;
  const fields = fieldsOf(message);
  if (!fields) throw new UnknownMessageError('', message);
  const object: JsonObject = {};
  const list: Json[] = [];
  for (const [number, raw] of wireFields(bytes)) {
    const field = fields.get(number);
    if (!field) continue;
    if (field.name !== '') setMember(object, field, raw);
    else if (field.shape === 'list') list.push(readValue(field.type, raw));
    else Object.assign(object, readValue(field.type, raw));
  }
  // A named list in Go is a message of its own on the wire.
  return isNamedList(fields) ? list : object;
}

function isNamedList(fields: ReadonlyMap<number, Field>): boolean {
  return fields.size === 1 && fields.get(1)?.name === '' && fields.get(1)?.shape === 'list';
}

function setMember(object: JsonObject, field: Field, raw: WireValue): void {
  const { name, shape, type } = field;
  if (shape === 'map') {
    const [key, value] = entryOf(type, raw);
    object[name] = { ...(object[name] as JsonObject | undefined), [key]: value };
    return;
  }
  const value = readValue(type, raw);
  if (shape === 'list') object[name] = [...((object[name] as Json[] | undefined) ?? []), value];
  else if (value !== null && !(field.leftOutWhenEmpty && isEmpty(value))) object[name] = value;
}

function isEmpty(value: Json): boolean {
  return value === '' || value === 0 || value === false;
}

function entryOf(type: string, raw: WireValue): [string, Json] {
  let key = '';
  let value: Json | undefined;
  for (const [number, part] of wireFields(bytesOf(raw))) {
    if (number === 1) key = String(part);
    if (number === 2) value = readValue(type, part);
  }
  return [key, value ?? readValue(type, Buffer.alloc(0))];
}

function readValue(type: string, raw: WireValue): Json {
  if (type === 'string') return bytesOf(raw).toString();
  if (type === 'bytes') return bytesOf(raw).toString('base64');
  if (type.includes('.')) return decodeMessage(type, bytesOf(raw));
  if (Buffer.isBuffer(raw)) throw new WireError(0, `a value is no ${type}`);
  return type === 'bool' ? raw !== 0 : raw;
}

function bytesOf(raw: WireValue): Buffer {
  if (Buffer.isBuffer(raw)) return raw;
  throw new WireError(0, 'a number stands where bytes belong');
}
