/**
 * The types of expressions, how they are written in signatures, and how messages name them. Source: cel-go
 * common/types, checker/format.go.
 */

export type TypeKind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'type'
  | 'parameter'
  /** A type of a library, with parameters or without: `net.IP`, `optional_type(int)`. */
  | 'opaque'
  /** An object with declared members. */
  | 'struct';

export interface Type {
  readonly kind: TypeKind;
  readonly name: string;
  readonly parameters: readonly Type[];
  /** Of a struct: the type of a member; undefined when there is none of that name. */
  readonly member?: (name: string) => Type | undefined;
}

function simple(kind: TypeKind, name: string = kind): Type {
  return { kind, name, parameters: [] };
}

export const DYN = simple('dyn');
export const ERROR = simple('error', '!error!');
export const NULL = simple('null', 'null_type');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const TIMESTAMP = simple('timestamp', 'google.protobuf.Timestamp');
export const DURATION = simple('duration', 'google.protobuf.Duration');
export const TYPE = simple('type');

export function listOf(item: Type): Type {
  return { kind: 'list', name: 'list', parameters: [item] };
}

export function mapOf(key: Type, value: Type): Type {
  return { kind: 'map', name: 'map', parameters: [key, value] };
}

export function typeOf(type: Type): Type {
  return { kind: 'type', name: 'type', parameters: [type] };
}

export function opaque(name: string, ...parameters: Type[]): Type {
  return { kind: 'opaque', name, parameters };
}

export function optionalOf(type: Type): Type {
  return opaque('optional_type', type);
}

export function parameter(name: string): Type {
  return simple('parameter', name);
}

export function struct(name: string, member: (name: string) => Type | undefined): Type {
  return { kind: 'struct', name, parameters: [], member };
}

export function isOptional(type: Type): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}

/** The type within an optional one, or the type itself. */
export function withoutOptional(type: Type): Type {
  return isOptional(type) ? (type.parameters[0] ?? DYN) : type;
}

export function isDyn(type: Type): boolean {
  return type.kind === 'dyn' || type.kind === 'error';
}

export function sameType(one: Type, other: Type): boolean {
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    one.parameters.length === other.parameters.length &&
    one.parameters.every((part, index) => sameType(part, other.parameters[index] ?? DYN))
  );
}

const shortNames: Readonly<Partial<Record<TypeKind, string>>> = {
  null: 'null',
  timestamp: 'timestamp',
  duration: 'duration',
};

/** As messages name it: `map(string, int)`. */
export function typeText(type: Type): string {
  const name = shortNames[type.kind] ?? type.name;
  return type.parameters.length === 0 ? name : `${name}(${type.parameters.map(typeText).join(', ')})`;
}

const named: ReadonlyMap<string, Type> = new Map([
  ...[DYN, BOOL, INT, UINT, DOUBLE, STRING, BYTES, TYPE].map((type) => [type.name, type] as const),
  ['null', NULL],
  ['timestamp', TIMESTAMP],
  ['duration', DURATION],
]);

/**
 * Reads a type as signatures write it: `list<A>`, `map<string, int>`, `optional<V>`, `net.IP`; one capital is a
 * parameter.
 */
export function readType(text: string): Type {
  const [, name = '', inner] = /^\s*([\w.]+)(?:<(.*)>)?\s*$/.exec(text) ?? [];
  const parameters = inner === undefined ? [] : splitTypes(inner).map(readType);
  const [first = DYN, second = DYN] = parameters;
  if (name === 'list') return listOf(first);
  if (name === 'map') return mapOf(first, second);
  if (name === 'optional') return optionalOf(first);
  if (name === 'type' && parameters.length > 0) return typeOf(first);
  if (/^[A-Z]$/.test(name)) return parameter(name);
  return named.get(name) ?? opaque(name, ...parameters);
}

/** Splits at the commas that stand in no angle brackets. */
export function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const [index, sign] of [...text].entries()) {
    if (sign === '<') depth += 1;
    if (sign === '>') depth -= 1;
    if (sign === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  const last = text.slice(start);
  return last.trim() === '' ? parts : [...parts, last];
}
