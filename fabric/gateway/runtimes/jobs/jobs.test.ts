/**
 * Calls of jobs: the Task, the operator that runs it, its log as the output; never two Tasks for one call (contract 4.3
 * to 4.5).
 */
import { describe, expect, test } from 'vitest';
import { ApiStatusError } from '../../../../kubernetes/client.ts';
import type { Job } from '../../../../kubernetes/objects.ts';
import { jobs } from '../../../../kubernetes/resources.ts';
import { startOperator } from '../../../operator/operator.ts';
import { endPod, FakeShipper, finishJob, makePod, runPod } from '../../../operator/testing/play.ts';
import { type Task, type TaskSpec, tasks } from '../../../task/index.ts';
import { argumentBytesMax, unescapeArgument } from '../../../task/payload.ts';
import { openGuardedBench, startAt, tokenOf } from '../../access/access.fixture.ts';
import { type Bench, openBench } from '../../bench.fixture.ts';

const base = '/fabric/v4/projects/proj1';

const skill = (action: object = {}) => ({
  camel: '1.0.0',
  name: 'cortex/Word_Count',
  inputs: [{ name: 'request', routing: { all: { action: 'count', runtime: 'cortex/jobs', output: 'response' } } }],
  outputs: [{ name: 'response' }],
  actions: [{ name: 'count', type: 'job', image: 'words:1', ...action }],
});

interface Shown {
  readonly status: string;
  readonly response: unknown;
  readonly error?: { readonly message: string };
  readonly transits: readonly { readonly status: string; readonly taskName: string }[];
}

/** Pods print `log`. */
async function open(action: object = {}, log = 'half\nwhole\n') {
  const bench = await openBench({ podLog: async () => chunksOf(log) });
  await bench.ask(`${base}/skills`, { method: 'POST', body: skill(action) });
  const world = bench.simulation.process('operator');
  const client = bench.cluster.client();
  const operator = () =>
    bench.simulation.run(startOperator({ world, client, gatewayUrl: 'http://gateway:80', shipper: new FakeShipper() }));
  return { ...bench, operator, ...callsOf(bench) };
}

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

function callsOf({ ask, cluster, simulation }: Bench) {
  const invoke = async (body: object = {}) => {
    const answer = await ask(`${base}/skillinvoke/cortex%2FWord_Count/inputs/request`, { method: 'POST', body });
    return (answer.json as unknown as { activationId: string }).activationId;
  };
  const activation = async (id: string) =>
    (await ask(`${base}/activations/${id}?verbose=true`)).json as unknown as Shown;
  const onlyTask = () => {
    const [task, ...more] = cluster.all<Task>(tasks);
    expect(more).toEqual([]);
    return task as Task & { readonly metadata: { readonly name: string } };
  };
  /** The job's pod runs and ends. */
  const play = async (name: string, exitCode = 0) => {
    const world = simulation.process(`node ${name}`);
    const pod = makePod(cluster, name);
    runPod(cluster, world, pod);
    await simulation.advance(5_000);
    endPod(cluster, world, pod, exitCode);
    const [type, counts] =
      exitCode === 0 ? (['Complete', { succeeded: 1 }] as const) : (['Failed', { failed: 1 }] as const);
    finishJob(cluster, world, name, type, counts);
    await simulation.advance(10_000);
  };
  return { invoke, activation, onlyTask, play };
}

describe('a call of a job', () => {
  test('is one Task that tells whose it is and bears the message as its only argument', async () => {
    const podSpec = [{ path: '/containers/0/resources', value: { requests: { memory: '4G' } } }];
    const { invoke, onlyTask, simulation } = await open({
      ...{ command: ['python', 'main.py'], environmentVariables: '"A"="$b"', jobTimeout: 600, podSpec },
    });
    const id = await invoke({ payload: { text: 'a $(HOME) b' }, properties: { size: 3 }, correlationId: 'c' });
    await simulation.advance(1_000);
    const { metadata, spec } = onlyTask();
    expect(metadata.name).toMatch(/^proj1-cortex-word-count-count-[a-z0-9]{6}$/);
    const { payload = '', ...rest } = spec as TaskSpec;
    expect(rest).toMatchObject({
      ...{ projectId: 'proj1', skillName: 'cortex/Word_Count', actionName: 'count', image: 'words:1' },
      ...{ activationId: id, sessionId: id, correlationId: 'c', username: 'anonymous', source: 'gateway' },
      ...{ command: ['python', 'main.py'], activeDeadlineSeconds: 600, podSpec },
      environment: { CORTEX_PROJECT: 'proj1', CORTEX_URL: 'http://cortex-internal.cortex.svc.cluster.local', A: '$b' },
    });
    expect(rest).not.toHaveProperty('args');
    expect(rest).not.toHaveProperty('agentName');
    expect(JSON.parse(payload)).toMatchObject({
      ...{ activationId: id, sessionId: id, channelId: rest.channelId, projectId: 'proj1' },
      ...{ skillName: 'proj1-cortex-word-count', payload: { text: 'a $(HOME) b' }, properties: { size: 3 } },
      ...{ outputName: 'response', headers: {}, apiEndpoint: 'http://cortex-internal.cortex.svc.cluster.local' },
      token: expect.any(String),
    });
  });

  test('ends with all that its pod printed as the output, by way of the operator', async () => {
    const { invoke, activation, onlyTask, operator, play, simulation, cluster } = await open();
    await operator();
    const id = await invoke({ payload: { n: 1 } });
    await simulation.advance(2_000);
    const { name } = onlyTask().metadata;
    const container = cluster.find<Job>(jobs, name)?.spec?.template.spec?.containers[0];
    expect(container?.args).toHaveLength(1);
    expect(JSON.parse(unescapeArgument(container?.args?.[0] ?? ''))).toMatchObject({ payload: { n: 1 } });
    expect((await activation(id)).status).toBe('STARTED');
    await play(name);
    expect(await activation(id)).toMatchObject({
      ...{ status: 'COMPLETE', response: 'half\nwhole\n' },
      transits: [{ status: 'COMPLETE', taskName: name }],
    });
  });

  test('that fails goes on with what it printed; its transit is an ERROR', async () => {
    const { invoke, activation, onlyTask, operator, play, simulation, ask } = await open();
    await operator();
    const id = await invoke();
    await simulation.advance(2_000);
    const { name } = onlyTask().metadata;
    await play(name, 3);
    const { status, response, transits } = await activation(id);
    expect([status, response, transits.map((each) => each.status)]).toEqual(['COMPLETE', 'half\nwhole\n', ['ERROR']]);
    expect((await ask(`${base}/tasks/${name}`)).json.task).toMatchObject({ state: 'FAILED', exitCode: 3 });
  });

  test('that prints more than 1 MiB goes on with its end, and says where the whole is', async () => {
    const long = `${'x'.repeat(99)}\n`.repeat(20_000);
    const { invoke, activation, onlyTask, operator, play, simulation } = await open({}, long);
    await operator();
    const id = await invoke();
    await simulation.advance(2_000);
    await play(onlyTask().metadata.name);
    const text = String((await activation(id)).response);
    expect(text).toMatch(
      /^\[the beginning is left out: the whole log is tasks\/.*log\.txt in managed content\]\nx{99}\n/,
    );
    expect(text.length).toBeLessThan(1024 * 1024 + 200);
    expect(long.endsWith(text.slice(text.indexOf('\n') + 1))).toBe(true);
  });

  test('whose Task somebody deletes is an error', async () => {
    const { invoke, activation, onlyTask, operator, simulation, ask, cluster } = await open();
    await operator();
    const id = await invoke();
    await simulation.advance(2_000);
    const { name } = onlyTask().metadata;
    await ask(`${base}/tasks/${name}`, { method: 'DELETE' });
    // The garbage collector.
    cluster.delete(jobs, 'default', name);
    await simulation.advance(120_000);
    const { status, error } = await activation(id);
    expect([status, error?.message]).toEqual(['ERROR', expect.stringContaining(`job ${name} was cancelled`)]);
  });

  test('that is cancelled has its Task deleted', async () => {
    const { invoke, activation, onlyTask, simulation, ask, cluster } = await open();
    const id = await invoke();
    await simulation.advance(2_000);
    expect(onlyTask()).toBeDefined();
    await ask(`${base}/activations/${id}/cancel`, { method: 'POST' });
    await simulation.advance(1_000);
    expect([(await activation(id)).status, cluster.all(tasks)]).toEqual(['CANCELLED', []]);
  });

  test('whose message is too large is refused before there is a Task', async () => {
    const { invoke, activation, simulation, cluster } = await open();
    const id = await invoke({ payload: 'x'.repeat(argumentBytesMax) });
    await simulation.advance(2_000);
    const { status, error } = await activation(id);
    expect([status, error?.message]).toEqual(['ERROR', expect.stringMatching(/message: .*131071/)]);
    expect(cluster.all(tasks)).toEqual([]);
  });
});

describe('a cluster that is away', () => {
  test('is waited for, and gets one Task, although it lost its answers', async () => {
    const bench = await openBench();
    let isAway = true;
    const client = bench.cluster.client({
      // It does what it is asked, and does not say so.
      after: () => {
        if (isAway) throw new Error('connection lost');
      },
    });
    const other = await openBench({ client: { ...client } });
    await other.ask(`${base}/skills`, { method: 'POST', body: skill() });
    const { invoke } = callsOf(other);
    await invoke();
    await other.simulation.advance(20_000);
    isAway = false;
    await other.simulation.advance(60_000);
    expect(bench.cluster.all<Task>(tasks)).toHaveLength(1);
  });

  test('that refuses the Task ends the call with the reason', async () => {
    const bench = await openBench();
    const refused = { code: 422, reason: 'Invalid', message: 'quota exceeded' };
    const client = { ...bench.cluster.client(), create: () => Promise.reject(new ApiStatusError(422, refused)) };
    const other = await openBench({ client });
    await other.ask(`${base}/skills`, { method: 'POST', body: skill() });
    const { invoke, activation } = callsOf(other);
    const id = await invoke();
    await other.simulation.advance(5_000);
    const { status, error } = await activation(id);
    expect([status, error?.message]).toEqual(['ERROR', expect.stringContaining('quota exceeded')]);
  });
});

describe('the token in a message', () => {
  test('is the gateway’s own, for the user and the project, for a day or as long as the job may take', async () => {
    const week = 7 * 24 * 3600;
    const { ask: _, ...bench } = await openGuardedBench();
    const ask = bench.as(tokenOf('ann'));
    const path = '/fabric/v4/projects/p1';
    for (const jobTimeout of [600, week]) {
      const name = `s${jobTimeout}`;
      const document = { ...skill({ jobTimeout }), name };
      await ask(`${path}/skills`, { method: 'POST', body: document });
      await ask(`${path}/skillinvoke/${name}/inputs/request`, { method: 'POST', body: {} });
    }
    await bench.simulation.advance(1_000);
    const found = bench.cluster.all<Task>(tasks).map(({ spec }) => JSON.parse(spec?.payload ?? '{}'));
    expect(found).toHaveLength(2);
    for (const { token, activationId } of found) {
      const [head = '', claims = ''] = token.split('.');
      const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
      expect(decoded(head)).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) });
      expect(decoded(claims)).toMatchObject({
        ...{ sub: 'ann', aud: 'cortex', iss: 'cognitivescale.com', roles: [], bearer: 'user' },
        ...{ projectId: 'p1', activationId, iat: expect.any(Number), exp: expect.any(Number) },
      });
      expect(decoded(claims).iat * 1000).toBeGreaterThanOrEqual(startAt);
      const as = bench.as(token);
      expect((await as(`${path}/tasks`)).status).toBe(200);
      expect((await as('/fabric/v4/projects/p2/tasks')).status).toBe(404);
    }
    const lives = found.map(({ token }) => {
      const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
      return exp - iat;
    });
    expect(lives.sort((a, b) => a - b)).toEqual([24 * 3600, week]);
  });

  test('is shown by no list, no description and no resource of Kubernetes, while it runs and afterwards', async () => {
    const { invoke, onlyTask, operator, play, simulation, ask } = await open();
    await operator();
    await invoke();
    await simulation.advance(2_000);
    const { metadata, spec } = onlyTask();
    const { token } = JSON.parse(spec?.payload ?? '{}');
    const shown = async () => {
      let text = '';
      for (const path of ['tasks', `tasks/${metadata.name}?k8s=true`, 'activations?skillName=cortex/Word_Count']) {
        text += (await ask(`${base}/${path}`)).text;
      }
      return text;
    };
    const before = await shown();
    await play(metadata.name);
    const after = await shown();
    expect(before + after).toContain('proj1-cortex-word-count-count');
    expect(before + after).not.toContain(token);
  });
});
