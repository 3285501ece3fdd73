/**
 * The strings of a list (contract 2.5) as a filter, a sort and a page: the same for every kind of thing that the
 * gateway lists. What is unknown within `filter` and `sort` is refused.
 */
import { nestedDeeper } from '../../../world/nesting.ts';
import { isObject, type Problem, type ProblemDetail } from '../../http/index.ts';
import { problems } from '../errors.ts';
import type { Filter, Query } from '../stores/store.ts';
import { checkedFilter, FilterFault } from './filter.ts';
import { instantForms, instantMs, looksLikeTime } from './instant.ts';

/** What may be asked of one kind of thing. */
export interface ListedKind {
  /** Plural, for messages: `tasks`. */
  readonly kind: string;
  /** Fields to filter and to sort by. */
  readonly fields: readonly string[];
  /** Fields to sort by besides. */
  readonly sortFields?: readonly string[];
  /** Fields that hold epoch ms and may be asked for by ISO 8601. */
  readonly timeFields: readonly string[];
  /** What a bare `asc` or `desc` is about; a list that says nothing is sorted by it, newest first. */
  readonly defaultSort: string;
  /** Where fields are stored that have another name there. */
  readonly storedIn?: ReadonlyMap<string, string>;
  /** The stored form of a text that a field is compared with. */
  readonly storedText?: (field: string, text: string) => string | object;
}

/** As they were sent. */
export interface ListStrings {
  readonly filter?: string | null | undefined;
  readonly sort?: string | null | undefined;
  readonly limit?: string | null | undefined;
  readonly skip?: string | null | undefined;
}

const limitDefault = 20;
/** Of the place of a fault, this many steps are told. */
const shownDepth = 10;
/** Filters within filters, each a list and an object: MongoDB takes a hundred of them. */
const levelsMaximum = 200;

/** The query for the store. Throws the Problem `invalid-query`, with a detail that stands on its own. */
export function listQuery(kind: ListedKind, strings: ListStrings): Query {
  const limit = count('limit', strings.limit) ?? limitDefault;
  return {
    filter: filterOf(kind, strings.filter),
    sort: sortOf(kind, strings.sort),
    limit: limit === 0 ? undefined : limit,
    skip: count('skip', strings.skip),
  };
}

/** A time in a parameter of its own; undefined when it is absent. Throws the Problem `invalid-query`. */
export function instantParameter(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const instant = instantMs(text);
  if (instant !== undefined) return instant;
  throw refusal(name, [], `${name} must be ${instantForms}, not ${JSON.stringify(text)}`);
}

function count(name: string, text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refusal(name, [], `${name} must be a whole number, not ${JSON.stringify(text.slice(0, 80))}`);
}

function filterOf(kind: ListedKind, text: string | null | undefined): Filter {
  if (!text) return {};
  const given = objectIn('filter', 'a JSON object', text);
  try {
    return checkedFilter(given, {
      kind: kind.kind,
      fields: kind.fields,
      fieldOf: (name) => fieldOf(kind.fields, name),
      storedIn: (field) => storedIn(kind, field),
      valueOf: (field, value) => storedValue(kind, field, value),
    });
  } catch (error) {
    if (error instanceof FilterFault) throw refusal('filter', error.path, error.message);
    throw error;
  }
}

function storedValue(kind: ListedKind, field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (!kind.timeFields.includes(field)) return kind.storedText?.(field, value) ?? value;
  const instant = instantMs(value);
  if (instant !== undefined || !looksLikeTime(value)) return instant ?? value;
  throw refusal('filter', [field], `${field} must be ${instantForms}, not ${JSON.stringify(value)}`);
}

/**
 * `asc`, `desc`, or JSON such as `{"startTime":-1}`; fields in any case, since one client writes them in lower case.
 */
function sortOf(kind: ListedKind, text: string | null | undefined): Query['sort'] {
  if (!text || /^desc$/i.test(text)) return { [kind.defaultSort]: -1 };
  if (/^asc$/i.test(text)) return { [kind.defaultSort]: 1 };
  const known = [...kind.fields, ...(kind.sortFields ?? [])];
  const entries = Object.entries(objectIn('sort', 'asc, desc or a JSON object', text)).map(([key, direction]) => {
    const field = fieldOf(known, key);
    if (field !== undefined) return [storedIn(kind, field), directionOf(key, direction)] as const;
    const message = `${kind.kind} cannot be sorted by ${JSON.stringify(key)}: use one of ${known.join(', ')}`;
    throw refusal('sort', [key], message);
  });
  return Object.fromEntries(entries);
}

function directionOf(key: string, direction: unknown): 1 | -1 {
  if (direction === 1 || direction === '1' || direction === 'asc') return 1;
  if (direction === -1 || direction === '-1' || direction === 'desc') return -1;
  throw refusal('sort', [key], `the direction of ${key} must be 1 or -1, not ${JSON.stringify(direction)}`);
}

function fieldOf(known: readonly string[], name: string): string | undefined {
  return known.find((field) => field.toLowerCase() === name.toLowerCase());
}

function storedIn(kind: ListedKind, field: string): string {
  return kind.storedIn?.get(field) ?? field;
}

function objectIn(name: string, wanted: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(name, [], `${name} is not JSON: ${text.slice(0, 80)}`);
  }
  if (nestedDeeper(value, levelsMaximum) !== undefined) {
    throw refusal(name, [], `${name} is more than ${levelsMaximum} levels deep`);
  }
  if (isObject(value)) return value;
  throw refusal(name, [], `${name} must be ${wanted}, not ${text.slice(0, 80)}`);
}

function refusal(type: string, path: readonly string[], message: string): Problem {
  const detail: ProblemDetail = { type, name: type, path: ['query', type, ...path.slice(0, shownDepth)], message };
  return problems.invalidQuery([detail]);
}
