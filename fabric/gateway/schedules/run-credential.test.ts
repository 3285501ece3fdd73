import { beforeEach, describe, expect, it, test } from 'vitest';
import type { CronJob, Job, KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs, pods } from '../../../kubernetes/resources.ts';
import { readToken } from '../../identity/token.ts';
import { manifestFor, type Task, tasks } from '../../task/index.ts';
import { keys } from '../access/access.fixture.ts';
import { openSchedulingBench, type SchedulingBench } from './scheduling.fixture.ts';

const podUid = '6f1c0c8e-2f0c-4b0e-9a55-5d0f4a5a7b11';
const name = 'p1-hubble-agent';
const run = `${name}-29453761`;
const pod = `${run}-x2x2x`;

let bench: SchedulingBench;
beforeEach(async () => {
  bench = await openSchedulingBench();
  await bench.schedule('hubble_agent', 'scheduleCron=*+*+*+*+*');
  playRun(bench.cluster.find<Task>(tasks, name) as Task);
});

/** As operator, controllers and node make them. */
function playRun(task: Task, more: { podName?: string; podUid?: string } = {}) {
  const { kind, manifest } = manifestFor(task);
  if (kind !== 'CronJob') throw new Error('no schedule');
  const cronJob = bench.cluster.create<CronJob>(cronJobs, manifest);
  const { metadata, spec } = cronJob.spec?.jobTemplate ?? {};
  const job = bench.cluster.create<Job>(jobs, {
    metadata: { ...metadata, name: run, ownerReferences: [ownerOf(cronJob, 'CronJob')] },
    spec,
  } as Job);
  bench.cluster.create<Pod>(pods, podOf(job, more));
}

function podOf(job: Job, more: { podName?: string; podUid?: string } = {}): Pod {
  const { metadata, spec } = job.spec?.template ?? {};
  const uid = more.podUid ?? podUid;
  const owners = [ownerOf(job, 'Job')];
  const own = { ...metadata, name: more.podName ?? pod, uid, ownerReferences: owners };
  return { metadata: own, spec, status: { phase: 'Running' } } as Pod;
}

function ownerOf({ metadata }: KubernetesObject, kind: string) {
  return { apiVersion: 'v1', kind, name: metadata?.name ?? '', uid: metadata?.uid ?? '', controller: true };
}

const ask = (uid = podUid, podName: unknown = pod) =>
  bench.ask(`/internal/runs/${encodeURIComponent(uid)}/token`, { method: 'POST', body: { pod: podName } });

interface Credential {
  readonly token: string;
  readonly activationId: string;
  readonly idempotencyKey: string;
}

async function credential(): Promise<Credential> {
  const { status, json } = await ask();
  expect(status).toBe(200);
  return json as unknown as Credential;
}

function change(type: typeof pods, of: string, patch: Record<string, unknown>) {
  bench.cluster.patch(type, 'default', of, patch);
}

describe('a run that is under way', () => {
  it('is given a token of the schedule’s user, for one project and an hour, by the gateway’s own key', async () => {
    const { token } = await credential();
    const read = readToken(token);
    const { sub, projectId, iat, exp } = read?.claims ?? {};
    expect({ sub, projectId, seconds: Number(exp) - Number(iat) }).toEqual({
      sub: 'ann',
      projectId: 'p1',
      seconds: 3600,
    });
    expect(read && keys.own.verifies(read.signed, read.signature)).toBe(true);
    expect((await bench.as(token)('/fabric/v4/projects/p1/agents')).status).toBe(200);
    expect((await bench.as(token)('/fabric/v4/projects/p2/agents')).status).toBe(404);
  });

  it('invokes once, however often it asks, and knows the activation before', async () => {
    const { token, activationId, idempotencyKey } = await credential();
    const invoke = () =>
      bench.as(token)('/fabric/v4/projects/p1/agentinvoke/hubble_agent/services/input?sync=false', {
        method: 'POST',
        body: { payload: {}, correlationId: name },
        headers: { 'idempotency-key': idempotencyKey },
      });
    for (const { status, json } of [await invoke(), await invoke()]) {
      expect([status, json]).toEqual([200, { success: true, activationId }]);
    }
    const { json } = await bench.ann(`activations?correlationId=${name}`);
    const { activations } = json as unknown as { activations: object[] };
    expect(activations).toEqual([expect.objectContaining({ activationId, username: 'ann', correlationId: name })]);
  });

  it('gets the same activation for another pod of the same Job', async () => {
    const first = await credential();
    bench.cluster.create<Pod>(
      pods,
      podOf(bench.cluster.find<Job>(jobs, run) as Job, { podName: 'y', podUid: 'other' }),
    );
    const second = (await ask('other', 'y')).json as unknown as Credential;
    expect(second.activationId).toBe(first.activationId);
  });

  it('gets one when it was started again, as a Task of its own', async () => {
    const { schedule: _, ...spec } = (bench.cluster.find<Task>(tasks, name) as Task).spec ?? {};
    const once = bench.cluster.create<Task>(tasks, { metadata: { name: 'again' }, spec } as Task);
    const { manifest } = manifestFor({ ...once, spec: { ...spec, concurrencyPolicy: undefined } } as Task);
    const job = bench.cluster.create<Job>(jobs, manifest as Job);
    bench.cluster.create<Pod>(pods, podOf(job, { podName: 'again-1', podUid: 'uid-again' }));
    const again = await ask('uid-again', 'again-1');
    expect(again.status).toBe(200);
    expect((again.json as unknown as Credential).activationId).not.toBe((await credential()).activationId);
  });

  it('is given it while it is being deleted: it has its activation to cancel', async () => {
    change(pods, pod, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect((await ask()).status).toBe(200);
  });
});

describe('nobody else is given one', () => {
  const wrong: [string, () => Promise<{ status: number; json: { message: string } }>][] = [
    ['a uid that is none', () => ask('00000000-0000-0000-0000-000000000000')],
    ['the uid of the Job', () => ask(bench.cluster.find<Job>(jobs, run)?.metadata?.uid)],
    ['another pod’s name', () => ask(podUid, 'nobody')],
    ['a name that leads elsewhere', () => ask(podUid, '../secrets/fabric-services')],
    ['a uid that leads elsewhere', () => ask('..%2f..')],
    ['one that has ended well', () => changed(pods, pod, { status: { phase: 'Succeeded' } })],
    ['one that has failed', () => changed(pods, pod, { status: { phase: 'Failed' } })],
    ['a pod without an owner', () => changed(pods, pod, { metadata: { ownerReferences: [] } })],
    ['a pod of a Job that came again', () => otherUid(jobs, run)],
    ['a pod whose CronJob came again', () => otherUid(cronJobs, name)],
    ['a pod whose Task came again', () => otherUid(tasks, name)],
    ['a Task of another skill', () => changed(tasks, name, { spec: { skillName: 'look' } })],
    ['a Task of no agent', () => changed(tasks, name, { spec: { agentName: null } })],
    ['a Job of something else', () => changed(jobs, run, { metadata: { ownerReferences: [] } })],
  ];

  async function changed(...given: Parameters<typeof change>) {
    change(...given);
    return ask();
  }

  /** Deleted, and made anew under the same name. */
  async function otherUid(type: typeof pods, of: string) {
    const held = bench.cluster.find(type, of) as KubernetesObject;
    bench.cluster.patch(type, 'default', of, {
      metadata: { '$deleteFromPrimitiveList/finalizers': held.metadata?.finalizers ?? [] },
    });
    bench.cluster.delete(type, 'default', of);
    bench.cluster.create(type, { ...held, metadata: { ...held.metadata, uid: 'another', finalizers: [] } });
    return ask();
  }

  it.each(wrong)('%s', async (_, asked) => {
    const { status, json } = await asked();
    expect([status, json.message]).toEqual([404, 'no run of a schedule has that pod']);
  });

  it.each([[undefined], [''], [7], ['x'.repeat(300)]])('a body with the pod %j', async (given) => {
    const path = `/internal/runs/${podUid}/token`;
    expect((await bench.ask(path, { method: 'POST', body: { pod: given } })).status).toBe(400);
  });

  it('by another method, or on a path beside it', async () => {
    expect((await bench.ask(`/internal/runs/${podUid}/token`)).status).toBeGreaterThanOrEqual(404);
    expect((await bench.ask(`/internal/runs/${podUid}/token/more`, { method: 'POST', body: {} })).status).toBe(401);
  });
});

test('a user who may not any more has no runs: the reason says who and what to do', async () => {
  change(tasks, name, { spec: { username: 'bob' } });
  const { status, json } = await ask();
  expect([status, json.message]).toEqual([403, expect.stringMatching(/"bob" may not see project "p1".*schedule/)]);
});

describe('an activation whose run is gone', () => {
  const reported = async (state: string, more: object = {}) => {
    const { idempotencyKey, activationId, token } = await credential();
    await bench.as(token)('/fabric/v4/projects/p1/agentinvoke/hubble_agent/services/input', {
      method: 'POST',
      body: {},
      headers: { 'idempotency-key': idempotencyKey },
    });
    const body = {
      ...{ uid: idempotencyKey, name: run, projectId: 'p1', jobType: 'cron', skillName: 'sys-invoke-skill' },
      ...{ state, status: state, sequence: 1 },
      ...more,
    };
    const as = bench.as('the-internal-credential');
    expect((await as(`/internal/tasks/${idempotencyKey}`, { method: 'POST', body })).status).toBe(200);
    const { json } = await bench.ann(`activations/${activationId}`);
    return (json as unknown as { status: string }).status;
  };

  it.each(['FAILED', 'CANCELLED'])('is cancelled when the run is reported as %s', async (state) => {
    expect(await reported(state)).toBe('CANCELLED');
  });

  it.each(['ACTIVE', 'COMPLETE'])('goes on when the run is reported as %s', async (state) => {
    expect(await reported(state)).toBe('STARTED');
  });

  it('is none of another skill’s', async () => {
    expect(await reported('FAILED', { skillName: 'look' })).toBe('STARTED');
  });
});
