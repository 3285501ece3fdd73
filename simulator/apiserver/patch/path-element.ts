/**
 * Paths of fields, as managedFields write and refusals print them. Upstream: structured-merge-diff, fieldpath.
 *
 * A path is a list of elements in the wire's form: `f:name` a field, `k:{"name":"c"}` an element of a keyed list,
 * `v:"text"` an element of a set. Owning a container does not mean owning what is in it, nor the other way round.
 */
import { quote } from '../../../cron/go-text.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { compareText, isObject, sortedNames } from '../schema/json.ts';

export type PathElement = string;
export type FieldPath = readonly PathElement[];

const fieldElements = new Map<string, PathElement>();
const fieldElementsMax = 4096;

export function fieldElement(name: string): PathElement {
  let element = fieldElements.get(name);
  if (element === undefined) {
    if (fieldElements.size >= fieldElementsMax) fieldElements.clear();
    element = `f:${name}`;
    fieldElements.set(name, element);
  }
  return element;
}

/** Needs no escape in JSON text. */
const plainText = /^[\w ./:@,+=-]*$/;

/** Go escapes these in JSON text. */
function jsonText(value: Json): string {
  if (typeof value === 'string' && plainText.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** The element of a keyed list with these key fields. */
export function keyElement(keys: JsonObject): PathElement {
  const fields = sortedNames(keys).map((name) => `${jsonText(name)}:${jsonText(keys[name] ?? null)}`);
  return `k:{${fields.join(',')}}`;
}

export function valueElement(value: Json): PathElement {
  return `v:${jsonText(value)}`;
}

function isField(element: PathElement): boolean {
  return element.startsWith('f:');
}

const kindOrder = 'fkvi';

/** Fields before keyed elements before set elements before indexes; numbers before texts before booleans. */
export function compareElements(one: PathElement, other: PathElement): number {
  const byKind = kindOrder.indexOf(one.charAt(0)) - kindOrder.indexOf(other.charAt(0));
  if (byKind !== 0) return byKind;
  if (isField(one)) return compareText(one, other);
  return compareValues(JSON.parse(one.slice(2)), JSON.parse(other.slice(2)));
}

function rank(value: Json): number {
  const order = ['number', 'string', 'boolean'];
  if (value === null) return 5;
  if (Array.isArray(value)) return 3;
  return isObject(value) ? 4 : order.indexOf(typeof value);
}

function compareValues(one: Json, other: Json): number {
  const byType = rank(one) - rank(other);
  if (byType !== 0) return byType;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
  if (isObject(one) && isObject(other)) return compareObjects(one, other);
  return compareText(JSON.stringify(one), JSON.stringify(other));
}

function compareObjects(one: JsonObject, other: JsonObject): number {
  const left = sortedNames(one);
  const right = sortedNames(other);
  for (const [index, name] of left.entries()) {
    const counterpart = right[index];
    if (counterpart === undefined) return 1;
    const difference = compareText(name, counterpart) || compareValues(one[name] ?? null, other[counterpart] ?? null);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function elementText(element: PathElement): string {
  if (isField(element)) return `.${element.slice(2)}`;
  if (element.startsWith('i:')) return `[${element.slice(2)}]`;
  const value: Json = JSON.parse(element.slice(2));
  const text = (part: Json | undefined): string =>
    typeof part === 'string' ? quote(part) : JSON.stringify(part ?? null);
  if (!isObject(value)) return `[=${text(value)}]`;
  return `[${sortedNames(value)
    .map((name) => `${name}=${text(value[name])}`)
    .join(',')}]`;
}

/** `.spec.template.spec.containers[name="c"].image` */
export function pathText(path: FieldPath): string {
  return path.map(elementText).join('');
}
