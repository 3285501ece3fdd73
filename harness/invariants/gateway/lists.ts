/**
 * Lists of tasks: filters, sorts and pages, each compared with the whole list as the harness itself filters, sorts and
 * pages it. Nothing of the gateway's own way of doing so is used here.
 */
import type { TaskRecord } from '../../recording/recording.ts';
import { orderObjection, type Question, rowsOf, setObjection, tasksPath } from './question.ts';

/** Fields that clients sort by (contract 2.5). */
export const sortFields = [
  'startTime',
  'endTime',
  'name',
  'state',
  'createdAt',
  'updatedAt',
  'skillName',
  'actionName',
  'jobType',
  'exitCode',
  'scheduleName',
  'correlationId',
] as const;

const pageDefault = 20;
const unheardOf = 'nobody-has-this-name';

/** Ascending and descending by one field. Of records that are alike in it, any order will do. */
export function sortQuestions(project: string, all: readonly TaskRecord[], field: string): Question[] {
  return ([1, -1] as const).map((direction) => ({
    words: `the list by ${field}, ${direction === 1 ? 'ascending' : 'descending'}`,
    path: tasksPath(project, { limit: '0', sort: JSON.stringify({ [field]: direction }) }),
    objection(answer) {
      const rows = rowsOf(answer);
      if (typeof rows === 'string') return rows;
      return setObjection(rows, all) ?? turnedRow(rows, field, direction);
    },
  }));
}

function turnedRow(rows: readonly TaskRecord[], field: string, direction: 1 | -1): string | undefined {
  const at = rows.findIndex((row, index) => {
    const before = rows[index - 1];
    return before !== undefined && compare(before[field], row[field]) * direction > 0;
  });
  if (at < 0) return undefined;
  const [before, after] = [rows[at - 1]?.[field], rows[at]?.[field]].map((value) => JSON.stringify(value));
  return `row ${at} has ${field} ${after}, the one before it ${before}`;
}

/** What is missing comes first; numbers and texts by their own order (MongoDB's, contract 2.5). */
function compare(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === undefined || left === null) return -1;
  if (right === undefined || right === null) return 1;
  return (left as number) < (right as number) ? -1 : 1;
}

/** The first rows without a limit, and all pages one after the other: together the whole, nothing twice. */
export function pageQuestions(project: string, newestFirst: readonly TaskRecord[]): Question[] {
  const size = Math.max(1, Math.ceil(newestFirst.length / 3));
  const page = (words: string, query: Record<string, string>, wanted: readonly TaskRecord[]): Question => ({
    words,
    path: tasksPath(project, query),
    objection(answer) {
      const rows = rowsOf(answer);
      return typeof rows === 'string' ? rows : orderObjection(rows, wanted);
    },
  });
  const pages = [0, 1, 2, 3].map((index) => {
    const skip = index * size;
    const query = { limit: String(size), skip: String(skip), sort: '{"startTime":-1}' };
    return page(`the page of ${size} behind ${skip}`, query, newestFirst.slice(skip, skip + size));
  });
  return [page('the list without a limit', {}, newestFirst.slice(0, pageDefault)), ...pages];
}

/** Lists narrowed by what one of the records says. */
export function filterQuestions(project: string, all: readonly TaskRecord[], sample: TaskRecord): Question[] {
  const { name, state, startTime, endTime } = sample;
  const narrowed = (query: Record<string, string>, wanted: (record: TaskRecord) => boolean): Question => ({
    words: `the list with ${JSON.stringify(query)}`,
    path: tasksPath(project, { limit: '0', ...query }),
    objection(answer) {
      const rows = rowsOf(answer);
      return typeof rows === 'string' ? rows : setObjection(rows, all.filter(wanted));
    },
  });
  const filter = (condition: unknown) => ({ filter: JSON.stringify(condition) });
  return [
    narrowed(filter({ name }), (record) => record.name === name),
    narrowed(filter({ state: state.toLowerCase() }), (record) => record.state === state),
    narrowed(filter({ $or: [{ name }, { state: { $ne: state } }] }), (record) => {
      return record.name === name || record.state !== state;
    }),
    narrowed({ status: state }, (record) => record.state === state),
    narrowed({ jobType: String(sample.jobType) }, (record) => record.jobType === sample.jobType),
    ...wordQuestions(sample, narrowed),
    ...(startTime === undefined ? [] : startQuestions(startTime, narrowed)),
    ...(endTime === undefined
      ? []
      : [
          narrowed(filter({ endTime: { $gte: endTime } }), (record) => (record.endTime ?? -1) >= endTime),
          narrowed(filter({ endTime: { $lt: new Date(endTime).toISOString() } }), (record) => {
            return record.endTime !== undefined && record.endTime < endTime;
          }),
        ]),
    narrowed({ skillName: unheardOf }, () => false),
    elsewhere(sample.name),
  ];
}

type Narrowed = (query: Record<string, string>, wanted: (record: TaskRecord) => boolean) => Question;

/** Each parameter that asks for one word, alone: together a broken one would hide behind the others. */
function wordQuestions(sample: TaskRecord, narrowed: Narrowed): Question[] {
  const fields = ['skillName', 'actionName', 'username', 'scheduleName', 'correlationId', 'activationId', 'refId'];
  return fields.flatMap((field) => {
    const value = sample[field];
    return typeof value === 'string' ? [narrowed({ [field]: value }, (record) => record[field] === value)] : [];
  });
}

/** Neither bound holds itself. */
function startQuestions(startTime: number, narrowed: Narrowed): Question[] {
  return [
    narrowed({ startAfter: String(startTime) }, (record) => (record.startTime ?? -1) > startTime),
    narrowed({ startBefore: new Date(startTime).toISOString() }, (record) => {
      return record.startTime !== undefined && record.startTime < startTime;
    }),
    narrowed({ startAfter: String(startTime - 1), startBefore: String(startTime + 1) }, (record) => {
      return record.startTime === startTime;
    }),
  ];
}

/** A project sees nothing of another one. */
function elsewhere(name: string): Question {
  return {
    words: 'the list of a project that has none',
    path: tasksPath(unheardOf, { filter: JSON.stringify({ name }) }),
    objection(answer) {
      const rows = rowsOf(answer);
      return typeof rows === 'string' ? rows : setObjection(rows, []);
    },
  };
}
