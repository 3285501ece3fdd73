/** Filters of task lists: what MongoDB takes is answered, what it does not take is 400 and named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, report, tasksPath } from './bench.fixture.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  for (const [uid, exitCode] of [
    ['a', 0],
    ['b', 1],
    ['c', undefined],
  ] as const) {
    await bench.ask(...report(uid, { exitCode, state: 'COMPLETE', agentName: `agent-${uid}` }));
  }
});
afterAll(() => bench.simulation.shutDown());

async function ask(filter: unknown, more = '') {
  const text = typeof filter === 'string' ? filter : JSON.stringify(filter);
  const answer = await bench.ask(`${tasksPath}?filter=${encodeURIComponent(text)}${more}`);
  return { status: answer.status, names: answer.json.tasks?.map(({ name }) => name).sort(), answer };
}

const many = (count: number, last: string) => [...Array.from({ length: count - 1 }, (_, index) => `no-${index}`), last];
let deep: object = { name: 'task-a' };
for (let depth = 0; depth < 90; depth++) deep = { $and: [deep] };

describe('a filter that MongoDB takes', () => {
  it.each([
    [{ name: { $in: many(999, 'task-a') } }, ['task-a']],
    [{ name: { $in: many(5_000, 'task-b') } }, ['task-b']],
    [{ name: { $in: many(50_000, 'task-b') } }, ['task-b']],
    [{ name: { $nin: many(2_000, 'task-a') } }, ['task-b', 'task-c']],
    [{ exitCode: { $in: [0, null] } }, ['task-a', 'task-c']],
    [{ exitCode: { $in: [null] } }, ['task-c']],
    [{ name: { $in: [] } }, []],
    [{ exitCode: null }, ['task-c']],
    [{ exitCode: { $exists: true, $ne: 0 } }, ['task-b']],
    [{ name: { $not: { $in: ['task-a', 'task-b'] } } }, ['task-c']],
    [{ $or: [{ name: 'task-a' }, { agentName: { $regex: '^AGENT-b', $options: 'i' } }] }, ['task-a', 'task-b']],
    [{ $or: Array.from({ length: 3_000 }, () => ({ name: 'task-a' })) }, ['task-a']],
    [{ $and: Array.from({ length: 3_000 }, () => ({ name: 'task-a' })) }, ['task-a']],
    [
      {
        $and: Array.from({ length: 40 }, () => ({
          $and: Array.from({ length: 40 }, () => ({ exitCode: { $lt: 1 } })),
        })),
      },
      ['task-a'],
    ],
    ['{"exitCode":{"$gt":-1e400}}', ['task-a', 'task-b']],
    [{ exitCode: { $mod: [2, 1] } }, ['task-b']],
    [deep, ['task-a']],
  ])('gives what it means: %.80j', async (filter, names) => {
    expect(await ask(filter)).toMatchObject({ status: 200, names });
  });
});

describe('a filter that is none', () => {
  it.each([
    [{ name: { $in: 1 } }, '$in'],
    [{ name: { $in: null } }, '$in'],
    [{ name: { $in: 'task-a' } }, '$in'],
    [{ name: { $in: [{}] } }, '$in'],
    [{ name: { $nin: { a: 1 } } }, '$nin'],
    [{ name: { $gt: {} } }, '$gt'],
    [{ name: { $unknown: 1 } }, '$unknown'],
    [{ startTime: { gte: 5 } }, 'gte'],
    [{ name: { $where: '1' } }, '$where'],
    [{ $where: 'sleep(1000)' }, '$where'],
    [{ $expr: { $eq: [1, 1] } }, '$expr'],
    [{ name: { $function: {} } }, '$function'],
    [{ name: { $elemMatch: { a: 1 } } }, '$elemMatch'],
    [{ name: {} }, 'name'],
    [{ name: [] }, 'name'],
    [{ name: { $regex: 5 } }, '$regex'],
    [{ name: { $regex: '(' } }, 'filter'],
    [{ name: { $options: 'i' } }, '$options'],
    [{ name: { $not: 5 } }, '$not'],
    [{ name: { $not: {} } }, 'name'],
    [{ name: { $exists: 'yes' } }, '$exists'],
    [{ exitCode: { $mod: [0, 1] } }, '$mod'],
    [{ exitCode: { $mod: 5 } }, '$mod'],
    [{ exitCode: { $size: 'x' } }, '$size'],
    [{ exitCode: { $type: 'nothing' } }, '$type'],
    [{ exitCode: { $bitsAllSet: 'x' } }, '$bitsAllSet'],
    [{ $and: {} }, '$and'],
    [{ $or: [] }, '$or'],
    [{ $nor: [1] }, '$nor'],
    [{ projectId: 'other' }, 'projectId'],
    [{ '': 1 }, 'filtered'],
    ['[]', 'object'],
    ['null', 'object'],
    ['{', 'JSON'],
    [`${'{"$and":['.repeat(5_000)}{}${']}'.repeat(5_000)}`, 'deep'],
    [`${'{"name":{"$not":'}${'{"$not":'.repeat(5_000)}{}${'}'.repeat(5_002)}`, 'deep'],
    [`{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'name'],
  ])('is refused, and its fault named: %.60j', async (filter, word) => {
    for (const more of ['', '&scheduled=true']) {
      const { status, answer } = await ask(filter, more);
      expect([status, answer.text.slice(0, 4_000)]).toEqual([400, expect.stringContaining(word)]);
    }
  });
});

it.each([
  'sort={"name":2}',
  'sort={"name":null}',
  'sort={"x":1}',
  'sort=[]',
  'sort=up',
  'skip=-1',
  'skip=1.5',
  'skip=x',
  'limit=-1',
  'limit=1e9',
  'limit=9999999999999999999',
  'startAfter=never',
])('a query that is none is refused: %s', async (query) => {
  const answer = await bench.ask(`${tasksPath}?${encodeURI(query)}`);
  expect([answer.status, answer.json.details.length]).toEqual([400, 1]);
});

it('numbers beyond all records are answered', async () => {
  const answer = await bench.ask(`${tasksPath}?skip=999999999999999&limit=999999999999999`);
  expect([answer.status, answer.json.tasks]).toEqual([200, []]);
});
