/**
 * A run of a schedule outside of its times: Kubernetes' own way to make it, reported as the schedule's, under its
 * policy.
 */
import { describe, expect, test } from 'vitest';
import type { Task } from '../../task/index.ts';
import { tasks } from '../../task/index.ts';
import { tasksPath } from '../bench.fixture.ts';
import { openWithOperator } from './with-operator.fixture.ts';

const startedAt = Date.UTC(2026, 0, 1);
const schedule = 'proj1-nightly';

async function open(spec: object = {}) {
  const bench = await openWithOperator();
  await bench.create({ name: 'nightly', schedule: '0 3 * * *', payload: '{"n":1}', ...spec });
  const run = async (body?: unknown) => {
    const answer = await bench.post(`/${schedule}/run`, body);
    await bench.simulation.advance(2_000);
    return answer;
  };
  return { ...bench, run };
}

describe('a run that is asked for', () => {
  test('is a job of the template, made as kubectl makes it, and answered with its name', async () => {
    const { run, jobOf, cronJobOf } = await open();
    const { status, json } = await run();
    expect(status).toBe(200);
    expect(json).toEqual({ success: true, message: `Task "${schedule}" is run as "${json.name}"`, name: json.name });
    expect(json.name).toMatch(/^proj1-nightly-run-[0-9a-f]{6}$/);
    const job = jobOf(json.name);
    const cronJob = cronJobOf(schedule);
    expect(job?.spec).toEqual(cronJob?.spec?.jobTemplate.spec);
    expect(job?.metadata?.labels).toEqual(cronJob?.spec?.jobTemplate.metadata?.labels);
    expect(job?.metadata?.annotations).toMatchObject({ 'cronjob.kubernetes.io/instantiate': 'manual' });
    expect(job?.metadata?.ownerReferences).toEqual([
      { apiVersion: 'batch/v1', kind: 'CronJob', name: schedule, uid: cronJob?.metadata?.uid, controller: true },
    ]);
  });

  test('is told to its end as a run of the schedule', async () => {
    const { run, begin, end, describe: described, ask } = await open();
    const { name } = (await run()).json;
    const record = { name, scheduleName: schedule, correlationId: schedule, jobType: 'cron', payload: '{"n":1}' };
    expect(await described(name)).toMatchObject({ ...record, state: 'QUEUED', artifactsPrefix: `tasks/${name}/` });
    await end(name, await begin(name));
    expect(await described(name)).toMatchObject({ ...record, state: 'COMPLETE', exitCode: 0, skippedStates: 0 });
    const { json } = await ask(`${tasksPath}/${schedule}/executions`);
    expect(json.tasks).toMatchObject([{ ...record, state: 'COMPLETE' }]);
    expect(await described(schedule)).toMatchObject({ lastRun: { name, state: 'COMPLETE', exitCode: 0 } });
  });

  test('stands for now, in whole seconds, or for the start that is named', async () => {
    const { run, describe: described } = await open();
    const now = (await run()).json.name;
    expect((await described(now)).scheduledTime).toBe(startedAt + 2_000);
    const iso = (await run({ scheduledTime: '2025-12-31T03:00:00Z' })).json.name;
    expect((await described(iso)).scheduledTime).toBe(Date.UTC(2025, 11, 31, 3));
    const millis = (await run({ scheduledTime: Date.UTC(2025, 11, 30, 3) })).json.name;
    expect((await described(millis)).scheduledTime).toBe(Date.UTC(2025, 11, 30, 3));
  });

  test.each([
    [{ scheduledTime: 'yesterday' }],
    [{ scheduledTime: '2027-01-01T00:00:00Z' }],
    [{ scheduledTime: -1 }],
    [{ scheduledTime: 1e300 }],
    [{ scheduledTime: true }],
    [{ scheduled: 5 }],
    [[]],
  ])('with %j is a 400, and nothing is run', async (body) => {
    const { run, names } = await open();
    expect((await run(body)).status).toBe(400);
    expect(await names()).toEqual([]);
  });

  test('is made of a paused schedule too, which stays paused', async () => {
    const { run, post, names, describe: described } = await open();
    await post(`/${schedule}/pause`, { until: '2026-02-01T00:00:00Z' });
    const { name } = (await run()).json;
    expect(await names()).toEqual([name]);
    expect(await described(schedule)).toMatchObject({ state: 'PAUSED', suspend: true });
  });

  test('is found and deleted by its name at once, before anybody has reported it', async () => {
    const { post, ask } = await open();
    const { name } = (await post(`/${schedule}/run`)).json;
    expect((await ask(`${tasksPath}/${name}`)).json.task).toMatchObject({ state: 'QUEUED', scheduleName: schedule });
    expect((await ask(`${tasksPath}/${name}`, { method: 'DELETE' })).status).toBe(200);
  });
});

describe('the concurrency policy', () => {
  test('Allow lets runs run beside each other', async () => {
    const { run, begin } = await open({ concurrencyPolicy: 'Allow' });
    await begin((await run()).json.name);
    expect((await run()).status).toBe(200);
  });

  test('Forbid refuses one while another has not ended, and says which', async () => {
    const { run, begin, end } = await open({ concurrencyPolicy: 'Forbid' });
    const first = (await run()).json.name;
    const pod = await begin(first);
    const { status, json } = await run();
    expect(status).toBe(409);
    expect(json.message).toContain(`"${first}" has not ended`);
    await end(first, pod);
    expect((await run()).status).toBe(200);
  });

  test('Forbid lets one of two through that are asked for at once', async () => {
    const { network, simulation } = await open({ concurrencyPolicy: 'Forbid' });
    const asked = () => network.fetch(`http://gateway${tasksPath}/${schedule}/run`, { method: 'POST' });
    const answers = await simulation.run(Promise.all([asked(), asked(), asked()]));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test('Replace ends the one that runs, which is told so', async () => {
    const { run, begin, jobOf, describe: described } = await open({ concurrencyPolicy: 'Replace' });
    const first = (await run()).json.name;
    await begin(first);
    const second = (await run()).json.name;
    expect(jobOf(first)?.metadata?.deletionTimestamp).toBeDefined();
    expect(await described(first)).toMatchObject({ state: 'CANCELLED', statusReason: 'Replaced' });
    expect(jobOf(second)?.metadata?.deletionTimestamp).toBeUndefined();
  });
});

describe('what is no schedule', () => {
  test('is refused: unknown 404, one-time tasks and runs 409', async () => {
    const { run, post, create } = await open();
    await create({ name: 'once' });
    const { name } = (await run()).json;
    expect((await post('/unknown/run')).status).toBe(404);
    expect((await post('/proj1-once/run')).status).toBe(409);
    expect((await post(`/${name}/run`)).status).toBe(409);
  });

  test('and a schedule that the operator has not taken up is a 409 that says so', async () => {
    const { post, cluster } = await open();
    const spec = {
      projectId: 'proj1',
      skillName: 's',
      actionName: 'a',
      image: 'i',
      schedule: '@daily',
      taskPool: 'none',
    };
    cluster.create<Task>(tasks, { metadata: { name: 'odd', namespace: 'default' }, spec });
    const { status, json } = await post('/odd/run');
    expect(status).toBe(409);
    expect(json.message).toContain('no cronjob');
  });
});
