/**
 * What the real server sees when it compares objects of a built-in kind: structures that are no pointers are written as
 * `{}` and required lists and maps as null, even when nothing is set. Ownership of `.status` or of `resources: {}`
 * follows from it.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject, setMember } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';

/** A field that Go writes though nothing is set in it, and what it writes. */
interface Completion {
  readonly name: string;
  readonly child: Structure;
  readonly isPresent: boolean;
}

/** Required, and left out all the same when it is empty. */
const leftOut = /\.ValidatingAdmissionPolicyBindingSpec$/;

const completions = new WeakMap<Structure, readonly Completion[]>();

function completionsOf(structure: Structure): readonly Completion[] {
  let known = completions.get(structure);
  if (known === undefined) {
    const written: Completion[] = [];
    for (const [name, child] of structure.fields ?? []) {
      const isRequired = structure.required?.includes(name) && (child.type === 'list' || child.type === 'map');
      const isWritten = isRequired && !leftOut.test(structure.typeName ?? '');
      if (child.present === true || isWritten) written.push({ name, child, isPresent: child.present === true });
    }
    known = written;
    completions.set(structure, known);
  }
  return known;
}

/** The value with the fields that Go would write beside its own; what is in them, and in its own, is left as it is. */
export function withGoFields(value: Json, structure: Structure): Json {
  if (!isObject(value)) return value;
  let shaped: JsonObject | undefined;
  for (const { name, isPresent } of completionsOf(structure)) {
    if (Object.hasOwn(value, name)) continue;
    shaped ??= { ...value };
    shaped[name] = isPresent ? {} : null;
  }
  return shaped ?? value;
}

/** The value with all that Go would write. */
export function inGoShape(value: Json, structure: Structure): Json {
  if (Array.isArray(value)) {
    const { items } = structure;
    return items === undefined ? value : value.map((item) => inGoShape(item, items));
  }
  if (!isObject(value)) return value;
  const shaped: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const child = structure.fields?.get(name) ?? structure.values;
    setMember(shaped, name, child === undefined ? item : inGoShape(item, child));
  }
  for (const { name, child, isPresent } of completionsOf(structure)) {
    if (!Object.hasOwn(value, name)) shaped[name] = isPresent ? inGoShape({}, child) : null;
  }
  return shaped;
}
