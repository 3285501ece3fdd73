/** Field selectors, and both kinds as one test of objects. Source: semantics 1.7. */
import { badRequest } from '../errors.ts';
import type { ApiObject } from '../json.ts';
import type { LabelSelector, Labels } from '../selectors/label-selector.ts';
import type { Resource } from './resource.ts';

export type ObjectTest = (object: ApiObject) => boolean;

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
  const match = /^([^=!]*)(==|=|!=)(.*)$/s.exec(part);
  if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`);
  const field = (match[1] ?? '').trim();
  if (/(^|[^\\])=/.test(match[3] ?? '')) throw badRequest('invalid field selector: unescaped character in value: 61');
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
  throw badRequest(unsupportedField(resource, field));
}

/** Kinds that declare no fields of their own, Jobs and all others each have their words. */
function unsupportedField(resource: Resource, field: string): string {
  if (resource.kind === 'Job' && resource.group === 'batch') return `field label "${field}" not supported for Job`;
  if (resource.custom || Object.keys(resource.strategy.fields).length > 0) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function splitUnescaped(text: string): string[] {
  return (text.match(/(?:\\.|[^,\\])+/gs) ?? []).map((part) => part.trim());
}

/** Both selectors as one test; undefined if there is nothing to test. */
export function objectTest(
  labels: LabelSelector | undefined,
  fields: FieldSelector | undefined,
): ObjectTest | undefined {
  if (!labels && !fields) return undefined;
  return (object) =>
    (!labels || labels.matches((object.metadata.labels ?? {}) as Labels)) && (!fields || fields.matches(object));
}
