import fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type Task, taskNameFor, tasks } from '../../task/index.ts';
import { agent, openSchedulingBench, type SchedulingBench, skill } from './scheduling.fixture.ts';

let bench: SchedulingBench;
beforeEach(async () => {
  bench = await openSchedulingBench();
});

const everyMinute = 'scheduleCron=*+*+*+*+*';
const taskOf = (name: string) => bench.cluster.find<Task>(tasks, name) as Task;

test('a schedule is a Task that invokes the agent, and the answer says its name', async () => {
  const { status, json } = await bench.schedule('hubble_agent', 'scheduleCron=%40hourly&scheduleName=hubble_hourly');
  expect(status).toBe(200);
  expect(json).toEqual({
    success: true,
    message: 'Scheduled agent "hubble_agent" with task "p1-hubble-hourly" using cron "@hourly"',
    taskName: 'p1-hubble-hourly',
  });
  const { spec } = taskOf('p1-hubble-hourly');
  expect(spec).toMatchObject({
    projectId: 'p1',
    skillName: 'sys-invoke-skill',
    actionName: 'invoke',
    agentName: 'hubble_agent',
    correlationId: 'p1-hubble-hourly',
    username: 'ann',
    schedule: '@hourly',
    concurrencyPolicy: 'Allow',
    image: 'orrery/gateway:0.1.0',
    args: ['sys-invoke-skill'],
  });
  expect(JSON.parse(spec?.payload ?? '')).toEqual({
    apiEndpoint: 'http://cortex-internal.cortex.svc.cluster.local',
    project: 'p1',
    agent: 'hubble_agent',
    service: 'input',
    schedule: 'p1-hubble-hourly',
    body: { payload: { text: 'test cron' } },
  });
});

test('nothing of the Task is a credential', async () => {
  await bench.schedule('hubble_agent', everyMinute);
  const text = JSON.stringify(taskOf('p1-hubble-agent'));
  expect(text).not.toMatch(/eyJ[\w-]+\.|bearer|authorization/i);
});

test('the list of schedules shows it as it was given', async () => {
  await bench.schedule('hubble_agent', 'scheduleCron=%40every+90s');
  const { json } = await bench.ann('tasks?scheduled=true');
  expect(json.tasks).toHaveLength(1);
  expect(json.tasks[0]).toMatchObject({
    ...{ name: 'p1-hubble-agent', agentName: 'hubble_agent', username: 'ann', schedule: '@every 90s' },
    ...{ skillName: 'sys-invoke-skill', actionName: 'invoke', status: 'Active' },
  });
});

test('pluses and escapes are both spaces of the expression', async () => {
  for (const query of [everyMinute, 'scheduleCron=%2A%20%2A%20%2A%20%2A%20%2A']) {
    await bench.schedule('hubble_agent', query);
    expect(taskOf('p1-hubble-agent').spec?.schedule).toBe('* * * * *');
  }
});

test('any name becomes one that Kubernetes takes, by the rule of the contract', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (name) => {
      const { status, json } = await bench.schedule(
        'hubble_agent',
        `${everyMinute}&scheduleName=${encodeURIComponent(name)}`,
      );
      expect(status).toBe(200);
      const { taskName } = json as unknown as { taskName: string };
      expect(taskName).toBe(taskNameFor('p1', name));
      expect(taskName).toMatch(/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/);
      expect(taskOf(taskName).spec?.schedule).toBe('* * * * *');
    }),
    { numRuns: 40 },
  );
});

describe('the same name', () => {
  it('with the same agent changes the schedule, and leaves it paused', async () => {
    await bench.schedule('hubble_agent', everyMinute);
    await bench.ann('tasks/p1-hubble-agent/pause', { method: 'POST' });
    await bench.save('agents', agent('hubble_agent', ['look'], [policy('Forbid')]));
    const { status } = await bench.schedule('hubble_agent', 'scheduleCron=@daily', { payload: 2 });
    expect(status).toBe(200);
    const { spec } = taskOf('p1-hubble-agent');
    expect(spec).toMatchObject({ schedule: '@daily', suspend: true, concurrencyPolicy: 'Forbid' });
    expect(JSON.parse(spec?.payload ?? '').body).toEqual({ payload: 2 });
  });

  it('with another agent is refused, and names the holder', async () => {
    await bench.schedule('hubble_agent', `${everyMinute}&scheduleName=mine`);
    const { status, json } = await bench.schedule('other', `${everyMinute}&scheduleName=MINE`);
    expect(status).toBe(409);
    expect(json.message).toContain('the schedule of agent "hubble_agent" of project "p1"');
    expect(taskOf('p1-mine').spec?.agentName).toBe('hubble_agent');
  });

  it.each([undefined, '* * * * *'])('as a Task of another kind is refused: schedule %j', async (schedule) => {
    const body = { name: 'mine', skillName: 's', actionName: 'a', image: 'i', agentName: 'hubble_agent', schedule };
    expect((await bench.ann('tasks', { method: 'POST', body })).status).toBeLessThan(300);
    const { status, json } = await bench.schedule('hubble_agent', `${everyMinute}&scheduleName=mine`);
    expect(status).toBe(409);
    expect(json.message).toContain('the task "mine" of project "p1"');
  });

  it('of another project is refused, and nothing of it is told', async () => {
    const spec = {
      projectId: 'p1-hubble',
      agentName: 'secret-agent',
      skillName: 'sys-invoke-skill',
      actionName: 'invoke',
    };
    bench.cluster.create<Task>(tasks, {
      metadata: { name: 'p1-hubble-agent' },
      spec: { ...spec, image: 'i', schedule: '@daily' },
    } as Task);
    const { status, text } = await bench.schedule('hubble_agent', everyMinute);
    expect([status, text]).toEqual([409, expect.stringContaining('a task of another project')]);
    expect(text).not.toContain('secret-agent');
  });

  it('is refused while the schedule is being deleted', async () => {
    await bench.schedule('hubble_agent', everyMinute);
    const held = taskOf('p1-hubble-agent');
    const finalizers = ['a.test/stays'];
    bench.cluster.patch(tasks, 'default', 'p1-hubble-agent', { metadata: { finalizers } });
    bench.cluster.delete(tasks, held.metadata?.namespace, 'p1-hubble-agent');
    const { status, json } = await bench.schedule('hubble_agent', everyMinute);
    expect([status, json.message]).toEqual([409, expect.stringContaining('is being deleted')]);
  });
});

describe('refused is', () => {
  it.each([
    ['', 'a cron expression is missing'],
    ['+', 'a cron expression is missing'],
    ['61+*+*+*+*', '61'],
    ['*+*+*+*', 'no cron expression'],
    ['*+*+*+*+*+*', 'no cron expression'],
    ['@never', '@never'],
    ['CRON_TZ%3DUTC+*+*+*+*+*', 'TZ'],
    ['0+0+30+2+*', 'never comes'],
  ])('the expression %j', async (cron, words) => {
    const { status, json } = await bench.schedule('hubble_agent', `scheduleCron=${cron}`);
    expect(status).toBe(400);
    expect(json.details).toEqual([
      expect.objectContaining({ path: ['query', 'scheduleCron'], message: expect.stringContaining(words) }),
    ]);
    expect(bench.cluster.all(tasks)).toEqual([]);
  });

  it('a name without an expression', async () => {
    expect((await bench.schedule('hubble_agent', 'scheduleName=mine')).status).toBe(400);
  });

  it('an agent or a service that is not there', async () => {
    expect((await bench.schedule('nobody', everyMinute)).status).toBe(404);
    const path = `agentinvoke/hubble_agent/services/nothing?${everyMinute}`;
    expect((await bench.ann(path, { method: 'POST', body: {} })).status).toBe(404);
  });

  it('a message that no argument of a program can hold', async () => {
    const { status, json } = await bench.schedule('hubble_agent', everyMinute, { payload: 'x'.repeat(140_000) });
    expect([status, json.details[0]?.message]).toEqual([400, expect.stringContaining('131')]);
  });

  it('a policy that is none', async () => {
    await bench.save('agents', agent('hubble_agent', ['look'], [policy('Sometimes')]));
    const { status, json } = await bench.schedule('hubble_agent', everyMinute);
    expect([status, json.details[0]?.message]).toEqual([400, expect.stringContaining('Allow, Forbid or Replace')]);
  });
});

function policy(value: string) {
  return { name: 'schedule.concurrencyPolicy', value };
}

test('the policy of a skill’s action that was saved on its own counts', async () => {
  await bench.save('actions', { name: 'apart', type: 'job', image: 'a:1', concurrencyPolicy: 'Replace' });
  const apart = skill('apart', { actions: [] });
  await bench.save('skills', apart);
  await bench.save('agents', agent('hubble_agent', ['look', 'apart']));
  await bench.schedule('hubble_agent', everyMinute);
  expect(taskOf('p1-hubble-agent').spec?.concurrencyPolicy).toBe('Replace');
});

describe('sys-invoke-skill', () => {
  it('is listed like any other skill, as the system’s', async () => {
    await bench.schedule('hubble_agent', everyMinute);
    const { json } = await bench.ann('skills');
    const { skills } = json as unknown as { skills: { name: string; createdBy: string; deployStatus: string }[] };
    const own = skills.find(({ name }) => name === 'sys-invoke-skill');
    expect(own).toMatchObject({ createdBy: 'system' });
  });

  it('keeps its version while nothing of it changes', async () => {
    await bench.schedule('hubble_agent', everyMinute);
    await bench.schedule('other', everyMinute);
    const { json } = await bench.ann('skills/sys-invoke-skill/versions');
    expect(JSON.stringify(json).match(/"version":/g)?.length).toBe(1);
  });

  it.each([
    ['POST', 'skills', skill('sys-invoke-skill')],
    ['DELETE', 'skills/sys-invoke-skill', undefined],
    ['GET', 'skills/sys-invoke-skill/undeploy', undefined],
  ])('cannot be taken by users: %s %s', async (method, path, body) => {
    await bench.schedule('hubble_agent', everyMinute);
    const { status } = await bench.ann(path, { method, ...(body ? { body } : {}) });
    expect(status).toBe(403);
    expect((await bench.schedule('hubble_agent', everyMinute)).status).toBe(200);
  });

  it('cannot be taken beforehand, nor be named by a Task of a user', async () => {
    expect((await bench.ann('skills', { method: 'POST', body: skill('sys-invoke-skill') })).status).toBe(403);
    const body = { name: 'mine', skillName: 'sys-invoke-skill', actionName: 'invoke', image: 'i', username: 'bob' };
    expect((await bench.ann('tasks', { method: 'POST', body })).status).toBe(400);
  });
});

test('an agent that a schedule invokes cannot be deleted before the schedule is', async () => {
  await bench.schedule('hubble_agent', everyMinute);
  const refused = await bench.ann('agents/hubble_agent', { method: 'DELETE' });
  expect([refused.status, refused.json.details]).toEqual([403, [expect.objectContaining({ name: 'p1-hubble-agent' })]]);
  expect((await bench.ann('agents/other', { method: 'DELETE' })).status).toBe(200);
  await bench.ann('tasks/p1-hubble-agent', { method: 'DELETE' });
  expect((await bench.ann('agents/hubble_agent', { method: 'DELETE' })).status).toBe(200);
});
