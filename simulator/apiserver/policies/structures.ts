/**
 * Structures that expressions make (`Object.spec{...}`, `JSONPatch{...}`), and CEL's values as JSON. Source:
 * Kubernetes' cel/mutation.
 */
import { fn } from '../../cel/check/declarations.ts';
import { DYN, STRING, struct, type Type, typeText } from '../../cel/check/types.ts';
import { sizeOf, traversal } from '../../cel/cost.ts';
import { durationText, timestampText } from '../../cel/library/time-text.ts';
import { typeOfValue } from '../../cel/values/type-of.ts';
import { CelMap, Duration, isList, Structure, Timestamp, Uint, type Value } from '../../cel/values/value.ts';
import type { Json } from '../schema/json.ts';

/** A structure stands where its name does not belong, or a value has no form in JSON. */
export class StructureError extends Error {
  override readonly name = 'StructureError';
  /** Name of the structure, or the kind of value. */
  readonly found: string;

  constructor(found: string, message: string) {
    super(message);
    this.found = found;
  }
}

const patchMembers: ReadonlyMap<string, Type> = new Map([
  ['op', STRING],
  ['path', STRING],
  ['from', STRING],
  ['value', DYN],
]);

const jsonPatch = struct('JSONPatch', (member) => patchMembers.get(member));
const known = new Map<string, Type>([['JSONPatch', jsonPatch]]);

/** The type of structures of that name; of objects, any member has any type. */
export function structureType(name: string): Type | undefined {
  if (!/^Object(\.\w+)*$/.test(name)) return known.get(name);
  const type = known.get(name) ?? struct(name, () => DYN);
  known.set(name, type);
  return type;
}

/** A structure that an expression has made. */
export class MadeStructure extends Structure {
  override readonly type: Type;
  readonly members: ReadonlyMap<string, Value>;

  constructor(name: string, members: ReadonlyMap<string, Value>) {
    super();
    this.type = structureType(name) ?? DYN;
    this.members = members;
  }

  override get(field: string): Value | undefined {
    return this.members.get(field);
  }

  override names(): string[] {
    return [...this.members.keys()];
  }

  override equals(other: Structure): boolean {
    return JSON.stringify(jsonOf(this)) === JSON.stringify(jsonOf(other));
  }
}

/** What patches have beside the functions of all policies. */
export const patchFunctions = [
  fn(
    'jsonpatch.escapeKey',
    'string -> string',
    ([key]) => (key as string).replaceAll('~', '~0').replaceAll('/', '~1'),
    ([key = '']) => traversal(sizeOf(key)),
  ),
];

/** Undefined for what is no structure. */
export function structureName(value: Value): string | undefined {
  return value instanceof MadeStructure ? value.type.name : undefined;
}

/** Each structure within one must be named by the members that lead to it: `Object.spec.template`. */
export function checkNames(value: Value, path: string): void {
  const name = structureName(value);
  if (name !== undefined && name !== path) {
    const message = `unexpected type name "${name}", expected "${path}", which matches field name path from root Object type`;
    throw new StructureError(name, message);
  }
  if (value instanceof MadeStructure) {
    for (const [member, inner] of value.members) checkNames(inner, `${path}.${member}`);
  }
  if (isList(value)) for (const item of value) checkNames(item, path);
}

/** JSON of an evaluated expression. */
export function jsonOf(value: Value): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isList(value)) return value.map(jsonOf);
  if (value instanceof CelMap) {
    return Object.fromEntries(value.entries().map(([name, item]) => [keyText(name), jsonOf(item)]));
  }
  if (value instanceof MadeStructure) {
    return Object.fromEntries([...value.members].map(([name, item]) => [name, jsonOf(item)]));
  }
  const type = typeText(typeOfValue(value));
  throw new StructureError(type, `a value of type ${type} has no form in JSON`);
}

function keyText(key: Value): string {
  return String(key instanceof Uint ? key.value : key);
}
