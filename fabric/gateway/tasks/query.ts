/**
 * The query of a task list (contract 2.5, 3.4.1) as a filter, a sort and a page. What is unknown in the query string is
 * ignored, what is unknown within `filter` and `sort` is refused.
 */
import { type HttpContext, isObject } from '../../http/index.ts';
import { type Parameters, words } from '../../openapi/operation.ts';
import { instantForms } from '../lists/instant.ts';
import { instantParameter, type ListedKind, listQuery } from '../lists/list-query.ts';
import type { Filter, Query } from '../stores/store.ts';
import { stateValue } from './state-words.ts';

export const listedTasks: ListedKind = {
  kind: 'tasks',
  fields: [
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
  ],
  timeFields: ['startTime', 'endTime', 'createdAt', 'updatedAt'],
  defaultSort: 'startTime',
  storedIn: new Map([['status', 'state']]),
  storedText: (field, text) => (field === 'state' || field === 'status' ? stateValue(text) : text),
};

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

/** As the route declares them. */
export const taskParameters: Parameters = {
  ...Object.fromEntries(equalityParameters.map((name) => [name, words(`Those with this ${name}.`)])),
  state: words('In any case, synonyms too.'),
  status: words('The same as state.'),
  jobType: words('`cron` for runs of schedules, `onetime`.'),
  type: words('The same as jobType.'),
  startAfter: words(`Those that started after: ${instantForms}.`),
  startBefore: words(`Those that started before: ${instantForms}.`),
};

export function taskQuery(context: HttpContext, project: string): Query {
  const [filter, sort, limit, skip] = ['filter', 'sort', 'limit', 'skip'].map((name) => context.req.query(name));
  const query = listQuery(listedTasks, { filter, sort, limit, skip });
  return { ...query, filter: visible([{ projectId: project }, ...parameterFilters(context), query.filter ?? {}]) };
}

/**
 * Records that all these filters find. What was deleted is history: found only by a filter that names its state
 * (contract 3.4.5).
 */
export function visible(filters: readonly Filter[]): Filter {
  const isAsked = filters.some(namesDeleted);
  const all = isAsked ? filters.map(withDeleted) : [...filters, { isDeleted: { $ne: true } }];
  return { $and: all } as Filter;
}

const deletedState = 'DELETED';

/** Whether a filter names the state of deleted tasks, anywhere. */
function namesDeleted(filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some(namesDeleted);
  if (!isObject(filter)) return false;
  return Object.entries(filter).some(([member, value]) =>
    member === 'state' ? JSON.stringify(value).includes(`"${deletedState}"`) : namesDeleted(value),
  );
}

/** Records keep the state in which they ended; that they are deleted stands beside it. */
function withDeleted(filter: Filter): Filter {
  const { state, ...rest } = filter;
  const others = Object.fromEntries(
    Object.entries(rest).map(([member, value]) => [
      member,
      Array.isArray(value) && member.startsWith('$')
        ? value.map((each) => (isObject(each) ? withDeleted(each) : each))
        : value,
    ]),
  );
  if (state === undefined) return others;
  const ofState = stateFilter(state);
  return Object.keys(others).length === 0 ? ofState : { $and: [others, ofState] };
}

function stateFilter(state: unknown): Filter {
  if (state === deletedState || (isObject(state) && state.$eq === deletedState)) return { isDeleted: true };
  const named = isObject(state) && Array.isArray(state.$in) ? state.$in : [];
  const isAlive = { state, isDeleted: { $ne: true } } as Filter;
  return named.includes(deletedState) ? { $or: [{ isDeleted: true }, isAlive] } : isAlive;
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
  const after = instantParameter('startAfter', context.req.query('startAfter'));
  if (after !== undefined) filters.push({ startTime: { $gt: after } });
  const before = instantParameter('startBefore', context.req.query('startBefore'));
  if (before !== undefined) filters.push({ startTime: { $lt: before } });
  return filters;
}
