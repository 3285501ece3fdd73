/** Tasks over HTTP, as the existing clients ask and read (contract 3.4). */
import { describe, expect, it } from 'vitest';
import { type Task, type TaskSpec, tasks } from '../task/index.ts';
import { type Answer, type Bench, openBench, report, tasksPath } from './bench.fixture.ts';

const spec = { projectId: 'proj1', skillName: 'sys-invoke-skill', actionName: 'invoke', image: 'actor' };

function schedule(bench: Bench, name: string, more: Partial<TaskSpec> = {}): void {
  bench.cluster.create<Task>(tasks, { metadata: { name }, spec: { ...spec, schedule: '@hourly', ...more } });
}

const names = (answer: Answer) => answer.json.tasks.map(({ name }) => name);

describe('reports of the operator', () => {
  it('become records with the fields of the contract', async () => {
    const { ask } = await openBench();
    const times = { startTime: 1000, endTime: 2000, createdAt: 500 };
    const logs = { key: 'tasks/f/log.txt', lines: 1, bytes: 4, complete: true, missing: [] };
    const more = { state: 'COMPLETE', exitCode: 0, ...times, logs, namespace: 'n', jobName: 'j', skippedStates: 2 };
    expect((await ask(...report('u1', more))).json).toEqual({ success: true, accepted: true });
    const { json } = await ask(tasksPath);
    const known = { uid: 'u1', name: 'task-u1', projectId: 'proj1', jobType: 'onetime', exitCode: 0, ...times, logs };
    expect(json).toEqual({
      success: true,
      tasks: [{ ...known, state: 'COMPLETE', status: 'COMPLETE', skippedStates: 2, updatedAt: expect.any(Number) }],
    });
  });

  it('repeated, stale or malformed do no harm', async () => {
    const { ask } = await openBench();
    await ask(...report('u1', { state: 'COMPLETE', sequence: 5 }));
    for (const late of [
      { state: 'ACTIVE', sequence: 4 },
      { state: 'QUEUED', sequence: 9 },
      { state: 'COMPLETE', sequence: 5 },
    ]) {
      expect((await ask(...report('u1', late))).json).toEqual({ success: true, accepted: false });
    }
    expect((await ask(`${tasksPath}/task-u1`)).json.task.state).toBe('COMPLETE');
    for (const bad of [{ state: 'WRONG' }, { name: '' }, { uid: 'other' }, { jobType: 'x' }]) {
      const answer = await ask('/internal/tasks/u2', { ...report('u2', bad)[1] });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ success: false, code: 400 });
    }
    expect((await ask('/internal/tasks/u2', { method: 'POST', body: '{"half' })).status).toBe(400);
    expect(names(await ask(tasksPath))).toEqual(['task-u1']);
  });
});

describe('lists', () => {
  async function withRuns() {
    const bench = await openBench();
    const runs = [
      { state: 'COMPLETE', startTime: 300, skillName: 'a/b', jobType: 'cron', scheduleName: 's', name: 's-1' },
      { state: 'FAILED', startTime: 200, activationId: 'act', agentName: 'agent', refId: 'r', channelId: 'c' },
      { state: 'ACTIVE', startTime: 100, username: 'me@x', correlationId: 'corr' },
      { state: 'QUEUED', projectId: 'other' },
    ];
    for (const [index, run] of runs.entries()) await bench.ask(...report(`u${index}`, { name: `t${index}`, ...run }));
    return { ...bench, list: (query: string) => bench.ask(`${tasksPath}?${query}`) };
  }

  it('take every parameter, and ignore those that the command line sends besides', async () => {
    const { list } = await withRuns();
    const sent =
      'compat=true&color=true&profile=p&project=proj1&json=&query=&limit=20&skip=0&sort=%7B%22startTime%22%3A-1%7D';
    expect(names(await list(sent))).toEqual(['s-1', 't1', 't2']);
    const expected: Record<string, string[]> = {
      'skillName=a%2Fb': ['s-1'],
      'activationId=act': ['t1'],
      'agentName=agent': ['t1'],
      'username=me%40x': ['t2'],
      'correlationId=corr': ['t2'],
      'scheduleName=s': ['s-1'],
      'refId=r&channelId=c': ['t1'],
      'state=completed': ['s-1'],
      'status=fail': ['t1'],
      'state=running': ['t2'],
      'jobType=cron': ['s-1'],
      'type=ONETIME': ['t1', 't2'],
      'startAfter=150': ['s-1', 't1'],
      'startBefore=1970-01-01T00:00:00.150Z': ['t2'],
      'sort=asc': ['t2', 't1', 's-1'],
      'sort={"starttime":1}': ['t2', 't1', 's-1'],
      'limit=1&skip=1': ['t1'],
      'limit=0': ['s-1', 't1', 't2'],
      'filter={"state":"COMPLETED"}': ['s-1'],
      'filter={"status":{"$in":["error","started"]}}': ['t1', 't2'],
      'filter={"startTime":{"$gte":"1970-01-01T00:00:00.200Z"}}': ['s-1', 't1'],
      'filter={"$or":[{"name":"t2"},{"skillName":"a/b"}]}': ['s-1', 't2'],
    };
    for (const [query, found] of Object.entries(expected))
      expect([query, names(await list(query))]).toEqual([query, found]);
  });

  it('refuse what they cannot mean, with details that stand on their own', async () => {
    const { list } = await withRuns();
    const wrong = [
      'limit=x',
      'skip=-1',
      'filter=%7B',
      'filter=[]',
      'filter={"nofield":1}',
      'filter={"name":{"$foo":1}}',
    ];
    for (const query of [
      ...wrong,
      'filter={"$where":"1"}',
      'sort={"nofield":1}',
      'sort={"name":2}',
      'startAfter=now',
      'startAfter=2026-01-01T00:00:00',
      `filter=${encodeURIComponent('{"startTime":{"$gt":"2026-01-01T00:00:00"}}')}`,
    ]) {
      const { status, json } = await list(query);
      expect([query, status]).toEqual([query, 400]);
      expect(json.details[0]).toEqual({
        type: expect.any(String),
        name: expect.any(String),
        path: expect.arrayContaining(['query']),
        message: expect.any(String),
      });
    }
  });
});

describe('schedules', () => {
  it('are listed only when asked for, with their state in the words of the clients', async () => {
    const bench = await openBench();
    schedule(bench, 'proj1-a', { agentName: 'hubble', username: 'me' });
    schedule(bench, 'proj1-b', { suspend: true });
    schedule(bench, 'proj2-c', { projectId: 'proj2' });
    bench.cluster.create<Task>(tasks, { metadata: { name: 'once' }, spec });
    expect(names(await bench.ask(tasksPath))).toEqual([]);
    const { json } = await bench.ask(`${tasksPath}?scheduled=true&sort={"name":1}`);
    expect(json.tasks).toMatchObject([
      {
        name: 'proj1-a',
        agentName: 'hubble',
        username: 'me',
        schedule: '@hourly',
        status: 'Active',
        state: 'Active',
        jobType: 'cron',
      },
      { name: 'proj1-b', status: 'PAUSED', scheduled: true, startTime: Date.UTC(2026, 0, 1) },
    ]);
    expect(names(await bench.ask(`${tasksPath}?scheduled=true&state=active`))).toEqual(['proj1-a']);
    expect(names(await bench.ask(`${tasksPath}?scheduled=True&agentName=hubble`))).toEqual(['proj1-a']);
  });

  it('are described with their words and their next time', async () => {
    const bench = await openBench();
    schedule(bench, 'proj1-a', { timeZone: 'Europe/Berlin', schedule: '30 6 * * *' });
    const { json } = await bench.ask(`${tasksPath}/proj1-a?k8s=true`);
    expect(json.task).toMatchObject({
      scheduled: true,
      nextTime: Date.UTC(2026, 0, 1, 5, 30),
      suspend: false,
      concurrencyPolicy: 'Allow',
      scheduleText: expect.stringContaining('06:30'),
    });
    expect(json.k8sResource).toMatchObject({ kind: 'Task', metadata: { name: 'proj1-a' } });
  });

  it('are paused, resumed and deleted with the lines of the seeds, byte for byte', async () => {
    const bench = await openBench();
    schedule(bench, 'proj1-hubble-hourly');
    const post = (action: string) =>
      bench.ask(`${tasksPath}/proj1-hubble-hourly/${action}?verbose=false`, { method: 'POST' });
    const paused = '{"success":true,"message":"Successfully paused task \\"proj1-hubble-hourly\\""}';
    expect((await post('pause')).text).toBe(paused);
    expect((await post('pause')).text).toBe(paused);
    expect((await bench.ask(`${tasksPath}/proj1-hubble-hourly`)).json.task).toMatchObject({
      state: 'PAUSED',
      suspend: true,
    });
    expect((await post('resume')).text).toBe(
      '{"success":true,"message":"Successfully resumed task \\"proj1-hubble-hourly\\""}',
    );
    const patched = await bench.ask(`${tasksPath}/proj1-hubble-hourly`, { method: 'PATCH', body: { suspend: true } });
    expect(patched.text).toBe(paused);
    const removed = await bench.ask(`${tasksPath}/proj1-hubble-hourly?verbose=false`, { method: 'DELETE' });
    expect(removed.text).toBe('{"success":true,"message":"Successfully marked task proj1-hubble-hourly for delete"}');
    expect((await bench.ask(`${tasksPath}/proj1-hubble-hourly`)).status).toBe(404);
  });

  it('refuse to pause what has no schedule with 409, what is unknown with 404', async () => {
    const bench = await openBench();
    await bench.ask(...report('u1'));
    expect((await bench.ask(`${tasksPath}/task-u1/pause`, { method: 'POST' })).status).toBe(409);
    expect((await bench.ask(`${tasksPath}/nobody/pause`, { method: 'POST' })).status).toBe(404);
    schedule(bench, 'theirs', { projectId: 'proj2' });
    expect((await bench.ask(`${tasksPath}/theirs/pause`, { method: 'POST' })).status).toBe(404);
  });
});

describe('deleting', () => {
  it('several at once deletes all, or none when one is unknown', async () => {
    const bench = await openBench();
    schedule(bench, 'a');
    schedule(bench, 'b');
    expect((await bench.ask(`${tasksPath}/a,nobody`, { method: 'DELETE' })).status).toBe(404);
    expect(bench.cluster.find(tasks, 'a')).toBeDefined();
    const { json } = await bench.ask(`${tasksPath}/a,b`, { method: 'DELETE' });
    expect(json).toEqual({ success: true, message: 'Successfully marked tasks a, b for delete' });
    expect(bench.cluster.all(tasks)).toEqual([]);
  });

  it('a record whose run has gone removes the record', async () => {
    const { ask } = await openBench();
    await ask(...report('u1', { state: 'FAILED' }));
    expect((await ask(`${tasksPath}/task-u1`, { method: 'DELETE' })).status).toBe(200);
    expect(names(await ask(tasksPath))).toEqual([]);
  });
});

describe('creating', () => {
  const body = { name: 'My Report', skillName: 'report', actionName: 'run', image: 'actor', payload: { n: 1 } };

  it('makes the Task under the name of the rule, and a record that the first report takes over', async () => {
    const { ask, cluster } = await openBench();
    const created = await ask(tasksPath, { method: 'POST', body });
    expect(created.json).toMatchObject({ success: true, name: 'proj1-my-report' });
    const task = cluster.find<Task>(tasks, 'proj1-my-report');
    expect(task?.spec).toMatchObject({
      projectId: 'proj1',
      payload: '{"n":1}',
      source: 'gateway',
      username: 'anonymous',
    });
    expect((await ask(tasksPath)).json.tasks).toMatchObject([
      { name: 'proj1-my-report', state: 'SUBMITTED', skillName: 'report' },
    ]);
    const more = { name: 'proj1-my-report', state: 'QUEUED', taskUid: task?.metadata?.uid };
    await ask(...report('job-uid', more));
    const { json } = await ask(tasksPath);
    expect(json.tasks).toMatchObject([
      { uid: 'job-uid', state: 'QUEUED', payload: '{"n":1}', createdAt: expect.any(Number) },
    ]);
  });

  it('a Task that is deleted before anything was reported of it is CANCELLED', async () => {
    const { ask } = await openBench();
    await ask(tasksPath, { method: 'POST', body });
    await ask(`${tasksPath}/proj1-my-report`, { method: 'DELETE' });
    const { json } = await ask(tasksPath);
    expect(json.tasks).toMatchObject([{ state: 'CANCELLED', statusReason: 'Deleted', endTime: expect.any(Number) }]);
  });

  it('a Task that was refused is told under its own uid, and its record takes over', async () => {
    const { ask, cluster } = await openBench();
    await ask(tasksPath, { method: 'POST', body });
    const uid = cluster.find<Task>(tasks, 'proj1-my-report')?.metadata?.uid ?? '';
    const statusReason = 'TaskPoolNotFound: spec.taskPool: none';
    await ask(...report(uid, { name: 'proj1-my-report', state: 'FAILED', taskUid: uid, statusReason }));
    const { json } = await ask(`${tasksPath}?state=FAILED`);
    expect(json.tasks).toMatchObject([{ name: 'proj1-my-report', statusReason, payload: '{"n":1}' }]);
    expect(json.tasks[0]?.uid).toBeUndefined();
    expect(names(await ask(tasksPath))).toHaveLength(1);
  });

  it('makes no record of a schedule', async () => {
    const { ask } = await openBench();
    await ask(tasksPath, { method: 'POST', body: { ...body, schedule: '@hourly' } });
    expect(names(await ask(tasksPath))).toEqual([]);
    expect(names(await ask(`${tasksPath}?scheduled=true`))).toEqual(['proj1-my-report']);
  });

  it('refuses a name that gives a taken one, naming its holder, and leaves the holder alone', async () => {
    const { ask } = await openBench();
    await ask(tasksPath, { method: 'POST', body });
    const { status, json } = await ask(tasksPath, {
      method: 'POST',
      body: { ...body, name: 'my_report', payload: {} },
    });
    expect(status).toBe(409);
    expect(json.message).toContain('"My Report" of project "proj1"');
    expect((await ask(tasksPath)).json.tasks).toMatchObject([{ payload: '{"n":1}', state: 'SUBMITTED' }]);
  });

  it('refuses a bad Task with all faults, and keeps no record of it', async () => {
    const { ask } = await openBench();
    const { status, json } = await ask(tasksPath, { method: 'POST', body: { name: 'x', schedule: 'no', image: 7 } });
    expect(status).toBe(400);
    expect(json.details.map(({ path }: { path: string[] }) => path.join('.'))).toEqual(
      expect.arrayContaining(['skillName', 'actionName', 'image']),
    );
    expect(names(await ask(tasksPath))).toEqual([]);
  });
});

describe('a field that no Task has', () => {
  const right = { name: 'x', skillName: 's', actionName: 'a', image: 'i' };

  it.each([
    [{ concurencyPolicy: 'Forbid' }, 'concurencyPolicy', 'did you mean concurrencyPolicy?'],
    [{ spec: { ...right, scedule: '@hourly' } }, 'scedule', 'did you mean schedule?'],
    [{ resources: { limit: { cpu: 1 } } }, 'resources.limit', 'did you mean limits?'],
  ])('is refused with the nearest one: %j', async (fields, path, words) => {
    const { ask } = await openBench();
    const { status, json } = await ask(tasksPath, { method: 'POST', body: { ...right, ...fields } });
    expect(status).toBe(400);
    expect(json.details).toEqual([expect.objectContaining({ name: path, message: expect.stringContaining(words) })]);
    expect(names(await ask(tasksPath))).toEqual([]);
  });
});

describe('the rest', () => {
  it('unknown routes are 404, routes to come 501, both JSON', async () => {
    const { ask } = await openBench();
    const absent = await ask('/fabric/v4/nothing/here');
    expect([absent.status, absent.json]).toEqual([404, expect.objectContaining({ success: false, code: 404 })]);
    expect(absent.json.message).toContain('/fabric/v4/nothing/here');
    for (const path of ['projects/p/models', 'projects/p/experiments/e/runs', 'accounts/pat', 'roles']) {
      expect((await ask(`/fabric/v4/${path}`)).status).toBe(501);
    }
  });

  it('says what time it is, and that the command line is welcome', async () => {
    const { ask, simulation } = await openBench();
    const { json, headers } = await ask('//fabric/v4/info');
    expect(Math.abs(json.serverTs - simulation.now())).toBeLessThan(100);
    expect(headers.get('content-type')).toBe('application/json');
    expect((await ask('/fabric/v4/compatibility/applications/cortex-cli')).json.semver).toBe('>=2.0.0 <3.0.0');
  });

  it('passes content through, streams and ranges and all', async () => {
    const { ask } = await openBench();
    const path = '/fabric/v4/projects/proj1/content/data/with%20space+plus%%C3%A9.txt';
    const stored = await ask(path, { method: 'POST', body: '0123456789', headers: { 'content-type': 'text/x' } });
    expect(stored.json).toMatchObject({ success: true, key: 'data/with space+plus%é.txt' });
    const part = await ask(path, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await ask(path, { method: 'HEAD' })).headers.get('content-length')).toBe('10');
    const list = await ask('/fabric/v4/projects/proj1/content?filter=data/');
    expect(list.json).toEqual([
      {
        Key: 'data/with space+plus%é.txt',
        ContentType: 'text/x',
        LastModified: expect.stringContaining('2026-01-01T'),
        Size: 10,
      },
    ]);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
    expect((await ask(path)).status).toBe(404);
  });

  it('says so when managed content does not answer', async () => {
    const { ask, contentWorld } = await openBench();
    contentWorld.kill();
    expect((await ask('/fabric/v4/projects/proj1/content')).status).toBe(502);
    const without = await openBench({ contentUrl: undefined });
    expect((await without.ask('/fabric/v4/projects/proj1/content')).status).toBe(501);
  });
});
