/**
 * What tasks can do besides: runs of a schedule, a restart, a pause with an end, history of what was deleted, and what
 * is too old.
 */
import { describe, expect, test } from 'vitest';
import type { Task } from '../../task/index.ts';
import { tasks } from '../../task/index.ts';
import { type Ask, openBench, report } from '../bench.fixture.ts';

const base = '/fabric/v4/projects/proj1/tasks';
const dayMs = 24 * 60 * 60_000;

async function open() {
  const bench = await openBench();
  const ask = async (path: string, more: Ask = {}) => {
    const { status, json } = await bench.ask(path, more);
    return { status, json: json as unknown as Record<string, never> & { tasks: { name: string }[]; task: object } };
  };
  const post = (path: string, body?: unknown) => ask(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
  const create = (more: object) => post(base, { skillName: 's', actionName: 'a', image: 'i', ...more });
  const taskOf = (name: string) => bench.cluster.client().get<Task>(tasks, 'default', name);
  const names = async (query = '') => (await ask(`${base}?limit=0${query}`)).json.tasks.map(({ name }) => name);
  const tell = (uid: string, more: Record<string, unknown>) => ask(...report(uid, more));
  return { ...bench, ask, post, create, taskOf, names, tell };
}

describe('executions of a schedule', () => {
  test('are its records, in the order and number that are asked for', async () => {
    const { ask, create, tell } = await open();
    await create({ name: 'hourly', schedule: '@hourly' });
    for (const [index, uid] of ['a', 'b', 'c'].entries()) {
      await tell(uid, { name: `run-${uid}`, scheduleName: 'proj1-hourly', jobType: 'cron', startTime: index });
    }
    const executions = async (query: string) =>
      (await ask(`${base}/proj1-hourly/executions${query}`)).json.tasks.map(({ name }) => name);
    expect(await executions('')).toEqual(['run-c', 'run-b', 'run-a']);
    expect(await executions('?limit=1&skip=1&sort=asc')).toEqual(['run-b']);
    expect((await ask(`${base}/nothing/executions`)).status).toBe(404);
  });

  test('of one that has not run are none', async () => {
    const { ask, create } = await open();
    await create({ name: 'new', schedule: '@hourly' });
    expect((await ask(`${base}/proj1-new/executions`)).json.tasks).toEqual([]);
  });
});

describe('a restart', () => {
  const spec = { projectId: 'proj1', skillName: 's', actionName: 'a', image: 'i', schedule: '@hourly' };

  test('runs once more by the record, though the task has gone, and says of what', async () => {
    const { post, ask, tell, taskOf } = await open();
    await tell('u', { name: 'gone', state: 'FAILED', spec, payload: '{"a":1}', jobType: 'cron', scheduleName: 'x' });
    const { json } = await post(`${base}/gone/restart`);
    expect(json).toMatchObject({ success: true, restartOf: 'gone' });
    const made = await taskOf(String(json.name));
    expect(made.spec).toMatchObject({ image: 'i', payload: '{"a":1}', username: 'anonymous' });
    expect(made.spec).not.toHaveProperty('schedule');
    expect((await ask(`${base}/${json.name}`)).json.task).toMatchObject({ restartOf: 'gone', state: 'SUBMITTED' });
  });

  test('of a skill’s job gives its message a fresh token: the record has none', async () => {
    const { post, tell, taskOf, ask } = await open();
    const message = {
      apiEndpoint: 'http://x',
      activationId: 'a1',
      projectId: 'proj1',
      token: 'secret',
      payload: { n: 1 },
    };
    const spec = { projectId: 'proj1', skillName: 's', actionName: 'a', image: 'i', activationId: 'a1' };
    const told = { name: 'job', state: 'FAILED', activationId: 'a1', payload: JSON.stringify(message), spec };
    await tell('u', told);
    expect(JSON.stringify((await ask(`${base}/job`)).json)).not.toContain('secret');
    const { json } = await post(`${base}/job/restart`);
    const given = JSON.parse((await taskOf(String(json.name))).spec?.payload ?? '') as Record<string, unknown>;
    expect(given).toMatchObject({ ...message, token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) });
    expect(JSON.stringify((await ask(`${base}/${json.name}`)).json)).not.toContain(String(given.token));
  });

  test('can be had again and again', async () => {
    const { post, tell } = await open();
    await tell('u', { name: 'gone', state: 'COMPLETE', spec });
    const names = new Set<unknown>();
    for (let count = 0; count < 3; count += 1) names.add((await post(`${base}/gone/restart`)).json.name);
    expect(names.size).toBe(3);
  });

  test('of a scheduled agent’s run invokes the agent for whoever asks', async () => {
    const { post, tell, taskOf } = await open();
    const run = { ...spec, skillName: 'sys-invoke-skill', agentName: 'hubble', username: 'somebody else' };
    const invocation = JSON.stringify({ apiEndpoint: 'http://gateway', agent: 'hubble' });
    await tell('u', { name: 'run', state: 'FAILED', spec: run, skillName: run.skillName, payload: invocation });
    const { json } = await post(`${base}/run/restart`);
    const made = await taskOf(String(json.name));
    expect(made.spec).toMatchObject({ agentName: 'hubble', username: 'anonymous', payload: invocation });
  });

  test('of what runs is refused', async () => {
    const { post, tell } = await open();
    await tell('u', { name: 'running', state: 'ACTIVE', spec });
    expect((await post(`${base}/running/restart`)).status).toBe(409);
    expect((await post(`${base}/unknown/restart`)).status).toBe(404);
  });
});

describe('a pause', () => {
  test('may say why and until when, and a resume forgets it', async () => {
    const { post, ask, create, taskOf } = await open();
    await create({ name: 'hourly', schedule: '@hourly' });
    const path = `${base}/proj1-hourly`;
    const paused = await post(`${path}/pause?verbose=false`, { reason: 'holidays', until: '2026-01-02T00:00:00Z' });
    expect(paused.json).toEqual({ success: true, message: 'Successfully paused task "proj1-hourly"' });
    expect((await taskOf('proj1-hourly')).spec).toMatchObject({ suspend: true, suspendUntil: '2026-01-02T00:00:00Z' });
    expect((await ask(path)).json.task).toMatchObject({
      ...{ state: 'PAUSED', suspendReason: 'holidays', suspendUntil: Date.UTC(2026, 0, 2) },
    });
    await post(`${path}/resume`);
    const { spec } = await taskOf('proj1-hourly');
    expect(spec?.suspend).toBe(false);
    expect(spec?.suspendUntil ?? undefined).toBeUndefined();
  });

  test.each([
    [{ until: 'tomorrow' }],
    [{ until: '2025-01-01T00:00:00Z' }],
    [{ until: 5 }],
    [{ reason: 7 }],
    [{ untill: '2026-01-02T00:00:00Z' }],
  ])('with %j is a 400', async (body) => {
    const { post, create } = await open();
    await create({ name: 'hourly', schedule: '@hourly' });
    expect((await post(`${base}/proj1-hourly/pause`, body)).status).toBe(400);
  });
});

describe('a deleted task that had ended', () => {
  test('is history: hidden unless it is asked for, still described, and not deleted twice', async () => {
    const { ask, names, tell } = await open();
    for (const name of ['kept', 'gone']) await tell(name, { name, state: 'COMPLETE' });
    const remove = () => ask(`${base}/gone?verbose=false`, { method: 'DELETE' });
    expect((await remove()).json).toEqual({ success: true, message: 'Successfully marked task gone for delete' });
    expect(await names()).toEqual(['kept']);
    expect(await names('&filter=%7B%22state%22%3A%22DELETED%22%7D')).toEqual(['gone']);
    expect((await ask(`${base}/gone`)).json.task).toMatchObject({ name: 'gone', state: 'COMPLETE', isDeleted: true });
    expect((await remove()).status).toBe(404);
  });
});

describe('a list with deleted tasks', () => {
  const filter = (condition: unknown) => `&filter=${encodeURIComponent(JSON.stringify(condition))}`;

  test.each([
    ['by no filter', '', ['failed', 'kept']],
    ['by the word in any case', filter({ state: 'deleted' }), ['gone']],
    ['by the parameter', '&status=DELETED', ['gone']],
    ['by one of several words', filter({ state: { $in: ['deleted', 'FAILED'] } }), ['failed', 'gone']],
    ['by an alternative', filter({ $or: [{ state: 'DELETED' }, { name: 'kept' }] }), ['gone', 'kept']],
    ['by another state', filter({ state: { $ne: 'FAILED' } }), ['kept']],
    [
      'by a state of an alternative alone',
      filter({ $or: [{ state: 'DELETED' }, { state: 'COMPLETE' }] }),
      ['gone', 'kept'],
    ],
    ['by a name that is the word', filter({ name: 'DELETED' }), []],
    ['by the word and a name', filter({ state: 'DELETED', name: 'kept' }), []],
  ])('shows them %s as it must', async (_, query, wanted) => {
    const { ask, names, tell } = await open();
    for (const name of ['kept', 'gone']) await tell(name, { name, state: 'COMPLETE' });
    await tell('failed', { name: 'failed', state: 'FAILED' });
    await ask(`${base}/gone`, { method: 'DELETE' });
    expect((await names(query)).sort()).toEqual(wanted);
  });

  test('deletes several or none, and a name twice is one', async () => {
    const { ask, names, tell } = await open();
    for (const name of ['a', 'b', 'c']) await tell(name, { name, state: 'COMPLETE' });
    const remove = (which: string) => ask(`${base}/${which}?verbose=false`, { method: 'DELETE' });
    expect((await remove('a,unknown')).status).toBe(404);
    expect((await names()).sort()).toEqual(['a', 'b', 'c']);
    expect((await remove('a,b,a')).status).toBe(200);
    expect(await names()).toEqual(['c']);
    expect((await remove('c,a')).status).toBe(404);
    expect(await names()).toEqual(['c']);
  });
});

test('records are removed 30 days after their end, what runs never', async () => {
  const { simulation, names, tell } = await open();
  const startedAt = Date.UTC(2026, 0, 1);
  await tell('old', { name: 'old', state: 'FAILED', endTime: startedAt });
  await tell('new', { name: 'new', state: 'COMPLETE', endTime: startedAt + 2 * dayMs });
  await tell('runs', { name: 'runs', state: 'ACTIVE', startTime: startedAt });
  await simulation.advance(30 * dayMs - 60_000);
  expect((await names()).sort()).toEqual(['new', 'old', 'runs']);
  await simulation.advance(2 * 60 * 60_000);
  expect((await names()).sort()).toEqual(['new', 'runs']);
  await simulation.advance(60 * dayMs);
  expect(await names()).toEqual(['runs']);
});
