/** Messages whose JSON is no object of their fields: times, quantities, numbers or texts, JSON within protobuf. */
import { ownMember } from '../../../world/members.ts';
import type { Json } from '../schema/json.ts';
import { WireError, type WireValue, wireFields } from './wire.ts';

type Decode = (message: string, bytes: Buffer) => Json;
type Parts = ReadonlyMap<number, readonly WireValue[]>;

const schema = 'apiextensions.v1.JSONSchemaProps';

const readers: Readonly<Record<string, (parts: Parts, decode: Decode) => Json>> = {
  'meta.v1.Time': (parts) => timeOf(parts, 0),
  'meta.v1.MicroTime': (parts) => timeOf(parts, 6),
  'api.resource.Quantity': (parts) => text(parts, 1) || '0',
  'util.intstr.IntOrString': (parts) => (integer(parts, 1) === 1 ? text(parts, 3) : integer(parts, 2)),
  'meta.v1.FieldsV1': (parts) => json(parts),
  'pkg.runtime.RawExtension': (parts) => json(parts),
  'apiextensions.v1.JSON': (parts) => json(parts),
  'apiextensions.v1.JSONSchemaPropsOrArray': (parts, decode) =>
    parts.has(2) ? bytesOf(parts, 2).map((each) => decode(schema, each)) : schemaOr(parts, 1, decode, null),
  'apiextensions.v1.JSONSchemaPropsOrBool': (parts, decode) => schemaOr(parts, 2, decode, integer(parts, 1) !== 0),
  'apiextensions.v1.JSONSchemaPropsOrStringArray': (parts, decode) =>
    schemaOr(parts, 1, decode, bytesOf(parts, 2).map(String)),
};

/** The value of such a message; undefined for another message. */
export function readSpecial(message: string, bytes: Buffer, decode: Decode): Json | undefined {
  const reader = ownMember(readers, message);
  if (!reader) return undefined;
  const parts = new Map<number, WireValue[]>();
  for (const [number, value] of wireFields(bytes)) parts.set(number, [...(parts.get(number) ?? []), value]);
  return reader(parts, decode);
}

/** The last second of the year 9999, beyond which RFC 3339 has no time. */
const latestSeconds = 253_402_300_799;

/** RFC 3339; null for no time, which is written as an empty message. */
function timeOf(parts: Parts, decimals: 0 | 6): Json {
  if (parts.size === 0) return null;
  const seconds = integer(parts, 1);
  if (Math.abs(seconds) > latestSeconds) throw new WireError(0, `there is no time ${seconds} seconds from 1970`);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const micros = String(Math.floor(integer(parts, 2) / 1000)).padStart(6, '0');
  return decimals === 0 ? `${whole}Z` : `${whole}.${micros}Z`;
}

function json(parts: Parts): Json {
  const [raw] = bytesOf(parts, 1);
  if (raw === undefined || raw.length === 0) return null;
  try {
    return JSON.parse(raw.toString()) as Json;
  } catch (error) {
    throw new WireError(0, `JSON within protobuf: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function schemaOr(parts: Parts, number: number, decode: Decode, other: Json): Json {
  const [found] = bytesOf(parts, number);
  return found === undefined ? other : decode(schema, found);
}

function bytesOf(parts: Parts, number: number): Buffer[] {
  return (parts.get(number) ?? []).filter((each) => Buffer.isBuffer(each));
}

function text(parts: Parts, number: number): string {
  return String(bytesOf(parts, number)[0] ?? '');
}

function integer(parts: Parts, number: number): number {
  const value = parts.get(number)?.[0];
  return typeof value === 'number' ? value : 0;
}
