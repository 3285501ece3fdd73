/** Label and field selectors: parsed once, then tested against objects. Source: semantics 1.7. */
import { badRequest } from './errors.ts';
import type { ApiObject } from './json.ts';
import type { Resource } from './resource.ts';

export type Labels = Readonly<Record<string, string>>;
export type ObjectTest = (object: ApiObject) => boolean;
type LabelTest = (labels: Labels) => boolean;

const qualifiedKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const setForm = /^(\S+)\s+(in|notin)\s*\((.*)\)$/;
const compareForm = /^([^=!<>\s]+)\s*(==|=|!=|>|<)\s*(.*)$/;

/** `a=b,c in (d,e),!f` as a test; undefined when the text is empty. 400 when it cannot be parsed. */
export function parseLabelSelector(text: string | undefined): LabelTest | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const tests = splitTopLevel(text).map((part) => requirement(part.trim(), text));
  return (labels) => tests.every((test) => test(labels));
}

function requirement(part: string, whole: string): LabelTest {
  const set = setForm.exec(part);
  if (set) {
    const [, key = '', operator, inner = ''] = set;
    const values = new Set(inner.split(',').map((value) => checkedValue(value.trim(), whole)));
    checkKey(key, whole);
    const isIn = (labels: Labels) => labels[key] !== undefined && values.has(labels[key]);
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const compare = compareForm.exec(part);
  if (compare) return comparison(compare[1] ?? '', compare[2] ?? '', compare[3] ?? '', whole);
  const absent = part.startsWith('!');
  const key = absent ? part.slice(1).trim() : part;
  checkKey(key, whole);
  return absent ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}

function comparison(key: string, operator: string, value: string, whole: string): LabelTest {
  checkKey(key, whole);
  if (operator === '>' || operator === '<') {
    if (!/^-?\d+$/.test(value)) throw unparseable(whole, `for 'Gt', 'Lt' operators, the value must be an integer`);
    const limit = Number(value);
    return (labels) => {
      const found = labels[key];
      if (found === undefined || !/^-?\d+$/.test(found)) return false;
      return operator === '>' ? Number(found) > limit : Number(found) < limit;
    };
  }
  checkedValue(value, whole);
  return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
}

function checkKey(key: string, whole: string): void {
  if (!qualifiedKey.test(key)) throw unparseable(whole, `invalid label key ${JSON.stringify(key)}`);
}

function checkedValue(value: string, whole: string): string {
  if (!labelValue.test(value)) throw unparseable(whole, `invalid label value ${JSON.stringify(value)}`);
  return value;
}

function unparseable(whole: string, why: string) {
  return badRequest(`unable to parse requirement: ${JSON.stringify(whole)}: ${why}`);
}

/** Splits at commas outside parentheses. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

export interface FieldSelector {
  readonly matches: ObjectTest;
  /** The one name that can match, if the selector says so: then one object is looked up and not all. */
  readonly name?: string;
  readonly namespace?: string;
}

/** `metadata.name=x,status.phase!=Running`; undefined when empty. 400 for labels that the resource does not support. */
export function parseFieldSelector(resource: Resource, text: string | undefined): FieldSelector | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const terms = splitUnescaped(text).map((part) => fieldTerm(resource, part, text));
  const only = (field: string) => terms.find((term) => term.field === field && term.equal)?.value;
  const name = only('metadata.name');
  const namespace = only('metadata.namespace');
  return {
    matches: (object) => terms.every((term) => (term.read(object) === term.value) === term.equal),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function fieldTerm(resource: Resource, part: string, whole: string) {
  const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(part);
  if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`);
  const field = (match[1] ?? '').trim();
  const value = (match[3] ?? '').replace(/\\([\\,=])/g, '$1');
  return { field, value, equal: match[2] !== '!=', read: fieldReader(resource, field) };
}

function fieldReader(resource: Resource, field: string): (object: ApiObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name ?? '';
  if (field === 'metadata.namespace' && (resource.namespaced || !resource.custom)) {
    return (object) => object.metadata.namespace ?? '';
  }
  const read = Object.hasOwn(resource.strategy.fields, field) ? resource.strategy.fields[field] : undefined;
  if (read) return read;
  throw badRequest(
    resource.kind === 'Job' && resource.group === 'batch'
      ? `field label "${field}" not supported for Job`
      : `field label not supported: ${field}`,
  );
}

function splitUnescaped(text: string): string[] {
  return (text.match(/(?:\\.|[^,\\])+/gs) ?? []).map((part) => part.trim());
}

/** Both selectors as one test; undefined if there is nothing to test. */
export function objectTest(
  labels: ((labels: Labels) => boolean) | undefined,
  fields: FieldSelector | undefined,
): ObjectTest | undefined {
  if (!labels && !fields) return undefined;
  return (object) =>
    (!labels || labels((object.metadata.labels ?? {}) as Labels)) && (!fields || fields.matches(object));
}
