/**
 * The query of a task list (contract 2.5, 3.4.1) as a filter, a sort and a page. What is unknown in the query string is ignored, what
 * is unknown within `filter` and `sort` is refused.
 */
import { type HttpContext, isObject, type ProblemDetail, wholeNumber } from '../../http/index.ts';
import { problems } from '../errors.ts';
import type { Filter, Query } from '../stores/store.ts';
import { stateValue } from './state-words.ts';

/** Fields that may be filtered and sorted by. */
const fields = [
  'name',
  'state',
  'status',
  'startTime',
  'endTime',
  'createdAt',
  'updatedAt',
  'skillName',
  'actionName',
  'agentName',
  'jobType',
  'scheduled',
  'schedule',
  'scheduleName',
  'activationId',
  'correlationId',
  'channelId',
  'refId',
  'sessionId',
  'username',
  'source',
  'taskPool',
  'statusReason',
  'exitCode',
] as const;

const byLowerCase = new Map<string, string>(fields.map((field) => [field.toLowerCase(), field]));
const timeFields = new Set(['startTime', 'endTime', 'createdAt', 'updatedAt']);
const logicalOperators = new Set(['$and', '$or', '$nor']);

/** Parameters that ask for equality. */
const equalityParameters = [
  'actionName',
  'activationId',
  'agentName',
  'skillName',
  'username',
  'scheduleName',
  'correlationId',
  'channelId',
  'refId',
] as const;

const limitDefault = 20;

export function taskQuery(context: HttpContext, project: string): Query {
  const limit = wholeNumber(context, 'limit') ?? limitDefault;
  return {
    filter: { $and: [{ projectId: project }, ...parameterFilters(context), filterOf(context)] },
    sort: sortOf(context.req.query('sort')),
    limit: limit === 0 ? undefined : limit,
    skip: wholeNumber(context, 'skip'),
  };
}

function parameterFilters(context: HttpContext): Filter[] {
  const filters: Filter[] = [];
  for (const name of equalityParameters) {
    const value = context.req.query(name);
    if (value !== undefined && value !== '') filters.push({ [name]: value });
  }
  const state = context.req.query('state') || context.req.query('status');
  if (state) filters.push({ state: stateValue(state) });
  const jobType = context.req.query('jobType') || context.req.query('type');
  if (jobType) filters.push({ jobType: jobType.toLowerCase() });
  const after = instantParameter(context, 'startAfter');
  if (after !== undefined) filters.push({ startTime: { $gt: after } });
  const before = instantParameter(context, 'startBefore');
  if (before !== undefined) filters.push({ startTime: { $lt: before } });
  return filters;
}

function instantParameter(context: HttpContext, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined || text === '') return undefined;
  const instant = epochMs(text);
  if (instant !== undefined) return instant;
  throw refusal(name, [], `${name} must be an ISO 8601 time or epoch milliseconds, not ${JSON.stringify(text)}`);
}

function epochMs(text: string): number | undefined {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  const instant = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function filterOf(context: HttpContext): Filter {
  const text = context.req.query('filter');
  if (text === undefined || text === '') return {};
  const given = parseJson('filter', text);
  if (!isObject(given)) throw refusal('filter', [], `filter must be a JSON object, not ${text.slice(0, 80)}`);
  return normalized(given, []);
}

/** The filter with its fields as they are written in records, and with the values that records hold. */
function normalized(filter: Record<string, unknown>, path: readonly string[]): Filter {
  const result: Record<string, unknown> = {};
  for (const [key, condition] of Object.entries(filter)) {
    const at = [...path, key];
    if (logicalOperators.has(key)) {
      if (!Array.isArray(condition)) throw refusal('filter', at, `${key} takes a list of filters`);
      result[key] = condition.map((part, index) => {
        if (isObject(part)) return normalized(part, [...at, String(index)]);
        throw refusal('filter', at, `${key} takes a list of filters`);
      });
      continue;
    }
    const field = byLowerCase.get(key.toLowerCase());
    if (field === undefined)
      throw refusal(
        'filter',
        at,
        `tasks cannot be filtered by ${JSON.stringify(key)}: use one of ${fields.join(', ')}`,
      );
    result[field === 'status' ? 'state' : field] = normalizedCondition(field, condition);
  }
  return result;
}

function normalizedCondition(field: string, condition: unknown): unknown {
  if (!isObject(condition)) return normalizedValue(field, condition);
  return Object.fromEntries(
    Object.entries(condition).map(([operator, value]) => {
      if (Array.isArray(value)) return [operator, value.map((one) => normalizedValue(field, one))];
      return [operator, operator === '$not' ? normalizedCondition(field, value) : normalizedValue(field, value)];
    }),
  );
}

function normalizedValue(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (field === 'state' || field === 'status') return stateValue(value);
  if (timeFields.has(field)) return epochMs(value) ?? value;
  return value;
}

/** `asc`, `desc`, or JSON such as `{"startTime":-1}`; fields in any case (contract 2.5). */
function sortOf(text: string | undefined): Query['sort'] {
  if (text === undefined || text === '') return undefined;
  if (/^asc$/i.test(text)) return { startTime: 1 };
  if (/^desc$/i.test(text)) return { startTime: -1 };
  const given = parseJson('sort', text);
  if (!isObject(given)) throw refusal('sort', [], `sort must be asc, desc or a JSON object, not ${text.slice(0, 80)}`);
  const sort: Record<string, 1 | -1> = {};
  for (const [key, direction] of Object.entries(given)) {
    const field = byLowerCase.get(key.toLowerCase());
    if (field === undefined)
      throw refusal('sort', [key], `tasks cannot be sorted by ${JSON.stringify(key)}: use one of ${fields.join(', ')}`);
    sort[field] = directionOf(key, direction);
  }
  return sort;
}

function directionOf(key: string, direction: unknown): 1 | -1 {
  if (direction === 1 || direction === '1' || direction === 'asc') return 1;
  if (direction === -1 || direction === '-1' || direction === 'desc') return -1;
  throw refusal('sort', [key], `the direction of ${key} must be 1 or -1, not ${JSON.stringify(direction)}`);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(name, [], `${name} is not JSON: ${text.slice(0, 80)}`);
  }
}

function refusal(type: string, path: readonly string[], message: string) {
  const detail: ProblemDetail = { type, name: type, path: ['query', type, ...path], message };
  return problems.invalidQuery([detail]);
}
