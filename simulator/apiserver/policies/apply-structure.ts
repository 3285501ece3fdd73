/**
 * An object with what an ApplyConfiguration expression says laid over it. Source: Kubernetes'
 * policy/mutating/patch/smd.go.
 */
import type { Value } from '../../cel/values/value.ts';
import { atomOf, typedErrors } from '../patch/typed-value.ts';
import { mergeValues } from '../patch/typed-walk.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { checkNames, jsonOf, StructureError, structureName } from './structures.ts';

/** Throws StructureError, in the words of the real server. */
export function withApplied(object: JsonObject, evaluated: Value, structure: Structure): JsonObject {
  const name = structureName(evaluated);
  if (name !== 'Object') throw new StructureError(name ?? typeof evaluated, 'must evaluate to Object');
  try {
    checkNames(evaluated, 'Object');
  } catch (error) {
    if (error instanceof StructureError) throw new StructureError(error.found, `type mismatch: ${error.message}`);
    throw error;
  }
  const patch = {
    ...(jsonOf(evaluated) as JsonObject),
    apiVersion: object.apiVersion,
    kind: object.kind,
  } as JsonObject;
  const [problem] = typedErrors(patch, structure);
  if (problem !== undefined) {
    throw new StructureError(
      'Object',
      `error applying patch: failed to convert patch object to typed object: ${problem}`,
    );
  }
  const atomic = atomicParts(patch, structure, '');
  if (atomic.length > 0) {
    const list = atomic.join(', ');
    const why = `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${list}`;
    throw new StructureError('Object', `error applying patch: ${why}`);
  }
  return mergeValues(object, patch, structure) as JsonObject;
}

/** Paths of what could only be replaced as a whole. */
export function atomicParts(value: Json, structure: Structure, path: string): string[] {
  const atom = atomOf(structure, value);
  if (atom.kind === 'map' && isObject(value)) {
    const inner = Object.entries(value).flatMap(([name, item]) => {
      const child = atom.isNamed(name) ? atom.child(name) : undefined;
      return child ? atomicParts(item, child, `${path}.${name}`) : [];
    });
    return atom.isAtomic ? [path, ...inner] : inner;
  }
  if (atom.kind === 'list' && Array.isArray(value)) {
    const inner = value.flatMap((item, index) => atomicParts(item, atom.items, `${path}[${index}]`));
    return atom.isAssociative ? inner : [path, ...inner];
  }
  return [];
}
