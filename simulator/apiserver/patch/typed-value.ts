/**
 * What a value is for ownership, by its structure: a scalar, a list (atomic, or associative by keys or as a set) or a
 * map (atomic or granular). Upstream: structured-merge-diff, schema and typed/helpers.
 */
import { quote } from '../../../cron/go-text.ts';
import { setMember } from '../../../world/members.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject, member, sortedNames } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { goText } from './go-format.ts';
import type { PathElement } from './path-element.ts';
import { fieldElement, keyElement, pathText, valueElement } from './path-element.ts';

export type Atom =
  | { readonly kind: 'scalar'; readonly scalar: 'numeric' | 'string' | 'boolean' | 'untyped' }
  | {
      readonly kind: 'list';
      readonly isAssociative: boolean;
      readonly keys: readonly string[];
      readonly items: Structure;
    }
  | {
      readonly kind: 'map';
      readonly isAtomic: boolean;
      child(name: string): Structure | undefined;
      isNamed(name: string): boolean;
    };

export type ListAtom = Atom & { kind: 'list' };
export type MapAtom = Atom & { kind: 'map' };

/** The structure of what is not declared. */
export const anything: Structure = { type: 'any' };

const deducedMap: Atom = { kind: 'map', isAtomic: false, child: () => anything, isNamed: () => false };
const deducedList: Atom = { kind: 'list', isAssociative: false, keys: [], items: anything };

function deduced(value: Json | undefined): Atom {
  if (Array.isArray(value)) return deducedList;
  return isObject(value) || value === null || value === undefined ? deducedMap : { kind: 'scalar', scalar: 'untyped' };
}

function mapAtom(structure: Structure): Atom {
  const { fields, values, open } = structure;
  const free = values ?? (structure.type === 'map' || open === true ? anything : undefined);
  return {
    kind: 'map',
    isAtomic: structure.mapType === 'atomic',
    child: (name) => fields?.get(name) ?? free,
    isNamed: (name) => fields?.has(name) ?? false,
  };
}

function listAtom(structure: Structure): Atom {
  return {
    kind: 'list',
    isAssociative: structure.listType === 'map' || structure.listType === 'set',
    keys: structure.listType === 'map' ? (structure.keys ?? []) : [],
    items: structure.items ?? anything,
  };
}

/** Structures do not change, so neither do their atoms; `any` has as many as there are values. */
const atoms = new WeakMap<Structure, Atom>();

/** `value` decides only where the structure leaves it open. */
export function atomOf(structure: Structure, value: Json | undefined): Atom {
  if (structure.type === 'any') return isRaw(structure) && isObject(value) ? rawAtom : deduced(value);
  let atom = atoms.get(structure);
  if (atom === undefined) {
    atom = declaredAtom(structure);
    atoms.set(structure, atom);
  }
  return atom;
}

/** What is kept as it is written has one owner for all of it. */
const rawAtom: Atom = { ...deducedMap, isAtomic: true };

function isRaw({ typeName }: Structure): boolean {
  return typeName?.endsWith('.RawExtension') === true;
}

function declaredAtom(structure: Structure): Atom {
  switch (structure.type) {
    case 'object':
    case 'map':
      return mapAtom(structure);
    case 'list':
      return listAtom(structure);
    case 'string':
      return { kind: 'scalar', scalar: 'string' };
    case 'integer':
    case 'number':
      return { kind: 'scalar', scalar: 'numeric' };
    case 'boolean':
      return { kind: 'scalar', scalar: 'boolean' };
    default:
      return { kind: 'scalar', scalar: 'untyped' };
  }
}

/** The element by which a list item is known, or why there is none. */
export function itemElement(atom: ListAtom, item: Json): { element: PathElement } | { error: string } {
  if (atom.keys.length === 0) return setElement(item);
  if (item === null) return { error: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { error: 'associative list with keys may not have non-map elements' };
  const keys: JsonObject = {};
  for (const name of atom.keys) {
    const value = member(item, name) ?? atom.items.fields?.get(name)?.default;
    if (value !== undefined) setMember(keys, name, value);
  }
  if (Object.keys(keys).length > 0) return { element: keyElement(keys) };
  const names = atom.keys.map((name) => JSON.stringify(name)).join(' ');
  return {
    error: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  };
}

function setElement(item: Json): { element: PathElement } | { error: string } {
  if (isObject(item)) return { error: "associative list without keys has an element that's a map type" };
  if (Array.isArray(item)) return { error: 'not supported: associative list with lists as elements' };
  if (item === null) return { error: "associative list without keys has an element that's an explicit null" };
  return { element: valueElement(item) };
}

/** The item's element where it has been checked before that there is one. */
export function elementOf(atom: ListAtom, item: Json): PathElement | undefined {
  const found = itemElement(atom, item);
  return 'element' in found ? found.element : undefined;
}

/** Items by their element, in order; an element that occurs twice has several items. */
export function itemsByElement(atom: ListAtom, list: Json | undefined): Map<PathElement, Json[]> {
  const items = new Map<PathElement, Json[]>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = elementOf(atom, item);
    if (element === undefined) continue;
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}

/** Nothing, null, or a list or map without anything in it. */
export function isEmptyContainer(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
}

/** True when the value has one owner as a whole. */
export function isAtomic(atom: Atom): boolean {
  if (atom.kind === 'list') return !atom.isAssociative;
  return atom.kind === 'scalar' || atom.isAtomic;
}

function scalarError(scalar: string, value: Json): string | undefined {
  if (scalar === 'numeric') {
    if (typeof value !== 'number') return `expected numeric (int or float), got ${goTypeName(value)}`;
  } else if (scalar === 'string') {
    if (typeof value !== 'string') return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
  } else if (scalar === 'boolean') {
    if (typeof value !== 'boolean') return `expected boolean, got &{${goText(value)}}`;
  } else if (typeof value === 'object') return `expected any scalar, got &{${goText(value)}}`;
  return undefined;
}

function goTypeName(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go's `%#v` of a decoded value. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, item]) => `${quote(name)}:${goSyntax(item)}`);
    return `map[string]interface {}{${members.join(', ')}}`;
  }
  return String(value);
}

/** What does not fit the structure, in the words of the real server: `.spec.foo: field not declared in schema`. */
export function typedErrors(value: Json, structure: Structure, path: readonly PathElement[] = []): string[] {
  const failed = (text: string): string[] => [path.length === 0 ? text : `${pathText(path)}: ${text}`];
  if (value === null) return [];
  const atom = atomOf(structure, value);
  if (atom.kind === 'scalar') {
    const error = scalarError(atom.scalar, value);
    return error === undefined ? [] : failed(error);
  }
  if (atom.kind === 'map') {
    if (!isObject(value)) return failed(`expected map, got &{${goText(value)}}`);
    // The real server stops at the first undeclared field that it meets, in no fixed order.
    const undeclared = sortedNames(value).find((name) => atom.child(name) === undefined);
    if (undeclared !== undefined) {
      return [`${pathText([...path, fieldElement(undeclared)])}: field not declared in schema`];
    }
    return sortedNames(value).flatMap((name) =>
      typedErrors(value[name] ?? null, atom.child(name) ?? anything, [...path, fieldElement(name)]),
    );
  }
  if (!Array.isArray(value)) return failed(`expected list, got &{${goText(value)}}`);
  return listErrors(value, atom, path, failed);
}

function listErrors(
  list: readonly Json[],
  atom: ListAtom,
  path: readonly PathElement[],
  failed: (text: string) => string[],
): string[] {
  const seen = new Set<PathElement>();
  const errors: string[] = [];
  for (const [index, item] of list.entries()) {
    if (!atom.isAssociative) {
      errors.push(...typedErrors(item, atom.items, [...path, `i:${index}`]));
      continue;
    }
    const found = itemElement(atom, item);
    if ('error' in found) return [...errors, ...failed(`element ${index}: ${found.error}`)];
    if (seen.has(found.element)) errors.push(...failed(`duplicate entries for key ${pathText([found.element])}`));
    seen.add(found.element);
    errors.push(...typedErrors(item, atom.items, [...path, found.element]));
  }
  return errors;
}
