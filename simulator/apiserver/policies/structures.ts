/** Structures that expressions make (`Object.spec{...}`), and CEL's values as JSON. Source: Kubernetes' cel/mutation. */
import type { Environment } from '@marcbachmann/cel-js';
import type { Json, JsonObject } from '../schema/json.ts';
import { structureCall } from './object-literals.ts';

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

type Members = Map<string, unknown>;

/** Names of the structures, which are maps for the evaluator. */
const names = new WeakMap<Members, string>();

/** Declares the call that literals of structures are rewritten to, and what patches need. */
export function addStructures(environment: Environment): void {
  environment.registerFunction(`${structureCall}(string, map): dyn`, (name: string, members: Members | object) => {
    const made: Members = new Map(members instanceof Map ? members : Object.entries(members));
    names.set(made, name);
    return made;
  });
  environment.registerVariable('jsonpatch', 'map<string, string>');
  environment.registerFunction('map.escapeKey(string): string', (_library: unknown, key: string) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
}

/** Undefined for what is no structure. */
export function structureName(value: unknown): string | undefined {
  return value instanceof Map ? names.get(value) : undefined;
}

/** Each structure within one must be named by the members that lead to it: `Object.spec.template`. */
export function checkNames(value: unknown, path: string): void {
  const name = structureName(value);
  if (name !== undefined && name !== path) {
    const message = `unexpected type name "${name}", expected "${path}", which matches field name path from root Object type`;
    throw new StructureError(name, message);
  }
  if (name !== undefined) for (const [member, inner] of value as Members) checkNames(inner, `${path}.${member}`);
  if (Array.isArray(value)) for (const item of value) checkNames(item, path);
}

/** JSON of an evaluated expression. */
export function jsonOf(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Json;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value) || value instanceof Set) return [...value].map(jsonOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), jsonOf(item)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)])) as JsonObject;
  }
  throw new StructureError(typeof value, `a value of type ${value?.constructor.name} has no form in JSON`);
}
