/**
 * The twelve traps of the contract's chapter 0: each breaks a real client, and each is tried on a whole simulated
 * Fabric.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, keys, openGuardedBench, startAt } from '../../fabric/gateway/access/access.fixture.ts';
import { samplePath } from '../../fabric/gateway/access/sample-request.fixture.ts';
import { allRoutes } from '../../fabric/gateway/routes/all.ts';
import { laterPaths } from '../../fabric/gateway/routes/later.ts';
import { isObject } from '../../fabric/http/index.ts';
import { signToken } from '../../fabric/identity/token.ts';
import type { GatewayAnswer } from '../environments/environment.ts';
import { daemonSkill, jobSkill } from '../scenario/documents.ts';
import { followedLog } from './followed.ts';
import { documentOf } from './recording.ts';
import { type SimulatedFabric, simulatedFabric } from './simulated.fixture.ts';

const P = '/fabric/v4/projects/proj1';

let fabric: SimulatedFabric;
beforeAll(async () => {
  fabric = await simulatedFabric();
});
afterAll(() => fabric?.environment.down());

/** As the user; a body that is no text is sent as JSON. */
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<GatewayAnswer> {
  const { environment } = fabric;
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const asked = environment.gateway?.fetch(path, { method, headers, ...sent });
  if (!asked) throw new Error('there is no gateway');
  return environment.settle(asked);
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(method, path, body);
  expect([path, answer.status, answer.text]).toEqual([path, 200, expect.anything()]);
  return answer.json<T>();
}

interface Activation {
  readonly activationId: string;
  readonly status: string;
  readonly response: unknown;
}

interface Task {
  readonly name: string;
  readonly state: string;
  readonly status: string;
  readonly schedule: string;
}

/** The finished activation of an invocation. */
async function invoked(path: string, body: unknown = {}): Promise<Activation> {
  const { activationId } = await json<Activation>('POST', `${P}/${path}`, body);
  for (let tries = 0; tries < 300; tries++) {
    const activation = await json<Activation>('GET', `${P}/activations/${activationId}`);
    if (['COMPLETE', 'ERROR', 'CANCELLED'].includes(activation.status)) return activation;
    await fabric.environment.clock.sleep(1_000);
  }
  throw new Error(`activation ${activationId} did not end`);
}

async function taskOf(activationId: string): Promise<Task> {
  const { tasks } = await json<{ tasks: Task[] }>('GET', `${P}/tasks?activationId=${activationId}`);
  const [task] = tasks;
  if (!task) throw new Error('the activation has no task');
  return task;
}

describe('trap 2: followed logs are data lines and blank lines, in small events', () => {
  it('a line of 300 kB, then 5,000 lines at once', async () => {
    // 300,000 bytes without a line feed, in base64: "QUFB" is "AAA".
    const script = 'bytes QUFB times 100000; print; log 5000 lines; print the end';
    await json('POST', `${P}/skills`, jobSkill('loud', script));
    const { name } = await taskOf((await invoked('skillinvoke/loud/inputs/request')).activationId);
    const { text } = await ask('GET', `${P}/tasks/${name}/logs?follow=true&verbose=false`);
    const events = text.split('\n').filter((line) => line !== '');
    expect(events.filter((line) => !line.startsWith('data: '))).toEqual([]);
    expect(Math.max(...events.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(8 * 1024);
    const { printed, fault } = followedLog(events.map((line) => `${line}\n`));
    expect([fault, printed.endsWith('the end\n')]).toEqual([undefined, true]);
  });
});

describe('trap 3: names hold slashes', () => {
  it('through save, describe, deploy, invoke and delete, encoded and raw', async () => {
    await json('POST', `${P}/skills`, jobSkill('cortex/My_Skill', 'echo the input'));
    const agent = { ...(documentOf('hubble_agent.yaml') as object), name: 'cortex/My_Agent', skills: [], mappings: [] };
    await json('POST', `${P}/agents`, agent);
    expect(await json('GET', `${P}/agents/cortex%2FMy_Agent?output=json`)).toMatchObject({ name: 'cortex/My_Agent' });
    expect(await json('GET', `${P}/skills/cortex%2FMy_Skill?output=json`)).toMatchObject({ name: 'cortex/My_Skill' });
    await json('GET', `${P}/skills/cortex%2FMy_Skill/deploy?verbose=false&dryrun=false`);
    for (const name of ['cortex%2FMy_Skill', 'cortex/My_Skill']) {
      const { response } = await invoked(`skillinvoke/${name}/inputs/request`, { payload: name });
      expect(response).toBe(`${name}\n`);
    }
    const path = `${P}/skills/cortex%2FMy_Skill/action/cortex%2FMy_Skill/logs?raw=false`;
    expect(await json('GET', path)).toMatchObject({ success: true });
    await json('DELETE', `${P}/agents/cortex%2FMy_Agent`);
    await json('DELETE', `${P}/skills/cortex%2FMy_Skill`);
  });
});

describe('trap 4: spaces in queries are plus signs', () => {
  it.each([
    ['*+*+*+*+*', '* * * * *'],
    ['0+12+*+*+1-5', '0 12 * * 1-5'],
    ['%2A/5%20*+*%20*+*', '*/5 * * * *'],
  ])('scheduleCron=%s', async (sent, schedule) => {
    const agent = { ...(documentOf('hubble_agent.yaml') as object), name: 'planned' };
    for (const file of ['smmdaemon.yaml', 'smmjob.yaml']) await json('POST', `${P}/skills`, documentOf(file));
    await json('POST', `${P}/agents`, agent);
    const query = `sync=false&scheduleName=planned&scheduleCron=${sent}`;
    const { taskName } = await json<{ taskName: string }>(
      'POST',
      `${P}/agentinvoke/planned/services/input?${query}`,
      {},
    );
    await fabric.environment.clock.sleep(1_000);
    const { tasks } = await json<{ tasks: Task[] }>('GET', `${P}/tasks?scheduled=true`);
    expect(tasks.map((task) => [task.name, task.schedule])).toEqual([[taskName, schedule]]);
    await json('DELETE', `${P}/tasks/${taskName}?verbose=false`);
  });
});

describe('trap 5: unknown query parameters are ignored', () => {
  const lists = allRoutes.filter(({ method, path }) => method === 'GET' && /\/[a-z]+$/.test(path));
  const others = [
    'compat=true&color=true',
    'profile=x&project=y&json=%5B%5D.name&query=a',
    'x[0]=1&%&=&a=1&a=2&__proto__=1',
  ];

  it('by every list', async () => {
    const paths = [...lists.map((route) => samplePath(route, 'proj1')), `${P}/tasks`].filter(
      (path) => !/sample/.test(path),
    );
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) {
      for (const query of ['', ...others]) {
        const { status } = await ask('GET', `${path}?agentName=x&limit=20&${query}`);
        expect([path, query, status]).toEqual([path, query, 200]);
      }
    }
  });
});

/** Every kind of mistake that a client can make, at every route. */
async function refusals(): Promise<{ readonly asked: string; readonly answer: GatewayAnswer }[]> {
  const bodies = ['{', '[]', '5', 'null', '{"name":5}', '{"a":'.repeat(200), `{"a":"${'x'.repeat(3_000_000)}"}`];
  const all: { asked: string; answer: GatewayAnswer }[] = [];
  const note = async (method: string, path: string, body?: string) => {
    const answer = await ask(method, path, body);
    if (answer.status >= 400) all.push({ asked: `${method} ${path} ${body?.slice(0, 20) ?? ''}`, answer });
  };
  for (const { method, path } of allRoutes.filter((route) => route.method !== 'HEAD')) {
    const sample = samplePath({ path }, 'proj1');
    const withBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    for (const body of withBody ? bodies : [undefined]) await note(method, sample, body);
    for (const query of ['limit=x', 'filter={', 'filter={"a.b.c":1}', 'sort={"no.such.field":1}', 'skip=-1']) {
      await note(method, `${sample}?${query}`, withBody ? '{}' : undefined);
    }
    await note(method, samplePath({ path }, 'no..project%00'), withBody ? '{}' : undefined);
    await note('PUT', sample, '{}');
  }
  for (const path of [
    ...laterPaths.map((each) => samplePath({ path: each }, 'proj1')),
    '/',
    '/fabric/v4/no',
    '/%',
    '/index.html',
  ]) {
    await note('GET', path);
  }
  return all;
}

describe('traps 6 and 7, asked wrongly at every route', () => {
  let all: Awaited<ReturnType<typeof refusals>>;
  beforeAll(async () => {
    all = await refusals();
  });

  it('trap 6: every error body is JSON, never empty, with details that the command line can show', () => {
    expect(all.length).toBeGreaterThan(200);
    for (const { asked, answer } of all) {
      const body: unknown = answer.text === '' ? undefined : JSON.parse(answer.text);
      expect([asked, body]).toEqual([asked, expect.objectContaining({ success: false, code: answer.status })]);
      const { message, details } = body as { message: unknown; details?: unknown };
      expect([asked, typeof message === 'string' && message.length > 0]).toEqual([asked, true]);
      expect(answer.text).not.toMatch(/\.ts:\d+|node_modules|<html/);
      if (answer.status === 403) expect([asked, Array.isArray(details)]).toEqual([asked, true]);
      if (details === undefined) continue;
      for (const detail of details as unknown[]) {
        expect([asked, isObject(detail)]).toEqual([asked, true]);
        const path = isObject(detail) ? detail.path : undefined;
        expect(detail).toMatchObject({ type: expect.any(String), message: expect.stringMatching(/./) });
        expect([asked, path === undefined || Array.isArray(path)]).toEqual([asked, true]);
      }
    }
  });

  it('trap 6: a mistake of the client is no error of the server', () => {
    expect(all.filter(({ answer }) => answer.status >= 500 && answer.status !== 501).map(({ asked }) => asked)).toEqual(
      [],
    );
  });

  it('trap 7: Content-Type is application/json and nothing more', async () => {
    for (const { asked, answer } of all) {
      expect([asked, answer.header('content-type')]).toEqual([asked, 'application/json']);
    }
    for (const path of [
      '/fabric/v4/info',
      `${P}/tasks`,
      `${P}/skills`,
      `${P}/agents`,
      `${P}/secrets`,
      `${P}/content`,
    ]) {
      expect([path, (await ask('GET', path)).header('content-type')]).toEqual([path, 'application/json']);
    }
  });
});

describe('trap 8: tokens live two minutes by the clock that /info tells, not by the environment’s', () => {
  it('a gateway whose world is a year behind', async () => {
    const now = startAt + 365 * 86_400_000;
    const pacingClock = { now: () => now, after: () => ({ cancel() {} }), sleep: async () => undefined };
    const { as } = await openGuardedBench({ pacingClock });
    const asked = (at: number) => as(signToken(keys.ann, claimsOf('ann', at)))('/fabric/v4/projects/p1/tasks');
    const { json: info } = await as('')('/fabric/v4/info');
    expect(info.serverTs).toBe(now);
    expect((await asked(info.serverTs)).status).toBe(200);
    expect((await asked(startAt)).headers.get('x-auth-error')).toBe('token expired');
  });
});

describe('trap 9: records have both state and status', () => {
  it('of runs and of schedules, equal, in lists and described', async () => {
    await json('POST', `${P}/tasks`, { name: 'nine', schedule: '0 0 1 1 *', ...work('sleep 1s') });
    await json('POST', `${P}/tasks`, { name: 'once', ...work('exit 3') });
    await fabric.environment.clock.sleep(30_000);
    const lists = ['tasks?limit=0', 'tasks?scheduled=true'];
    for (const list of lists) {
      const { tasks } = await json<{ tasks: Task[] }>('GET', `${P}/${list}`);
      expect(tasks.length).toBeGreaterThan(0);
      for (const { name, state, status } of tasks) {
        expect([name, status]).toEqual([name, state]);
        const { task } = await json<{ task: Task }>('GET', `${P}/tasks/${name}`);
        expect([name, task.state, task.status]).toEqual([name, state, state]);
      }
    }
  });
});

const work = (script: string) => ({ skillName: 's', actionName: 'a', image: 'orrery/actor', command: [script] });

describe('trap 10: several tasks are deleted by one request', () => {
  it('all of them, or none when one is unknown', async () => {
    for (const name of ['ten-a', 'ten-b']) await json('POST', `${P}/tasks`, { name, ...work('print x') });
    await fabric.environment.clock.sleep(30_000);
    const path = `${P}/tasks/proj1-ten-a,proj1-ten-b`;
    expect((await ask('DELETE', `${path},proj1-none?verbose=false`)).status).toBe(404);
    expect((await ask('GET', `${P}/tasks/proj1-ten-a`)).status).toBe(200);
    expect(await json('DELETE', `${path}?verbose=false`)).toEqual({
      success: true,
      message: 'Successfully marked tasks proj1-ten-a, proj1-ten-b for delete',
    });
  });
});

describe('trap 11: jobs and daemons know their project by CORTEX_PROJECT', () => {
  it('and the gateway by CORTEX_URL', async () => {
    const script = 'echo the variable CORTEX_PROJECT; echo the variable CORTEX_URL';
    await json('POST', `${P}/skills`, jobSkill('who', script));
    const { response } = await invoked('skillinvoke/who/inputs/request');
    expect(response).toBe('proj1\nhttp://cortex-internal.cortex.svc.cluster.local\n');
  });
});

describe('trap 12: saving a skill also deploys it', () => {
  it.each([
    ['a job', jobSkill('saved-job', 'echo the input'), '{"n":1}\n'],
    ['a daemon', daemonSkill('saved-daemon'), { n: 1 }],
  ])('%s is invoked at once', async (_, skill, response) => {
    await json('POST', `${P}/skills`, skill);
    const activation = await invoked(`skillinvoke/${skill.name}/inputs/request`, { payload: { n: 1 } });
    expect([activation.status, activation.response]).toEqual(['COMPLETE', response]);
  });
});
