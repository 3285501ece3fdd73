/** Nobody comes in anywhere who may not, and nobody sees another's project (contract 1.4, 1.5). */
import { describe, expect, it } from 'vitest';
import { signToken } from '../../identity/token.ts';
import { report } from '../bench.fixture.ts';
import { claimsOf, credential, keys, openGuardedBench, startAt, tokenOf } from './access.fixture.ts';

const inProject = (project: string) => `/fabric/v4/projects/${project}`;

/** A request to each kind of route, and one to none. */
const closedRoutes = [
  ['GET', `${inProject('p1')}/tasks`],
  ['POST', `${inProject('p1')}/tasks`],
  ['GET', `${inProject('p1')}/tasks/t`],
  ['DELETE', `${inProject('p1')}/tasks/t`],
  ['PATCH', `${inProject('p1')}/tasks/t`],
  ['POST', `${inProject('p1')}/tasks/t/pause`],
  ['GET', `${inProject('p1')}/tasks/t/logs?follow=true`],
  ['GET', `${inProject('p1')}/content`],
  ['POST', `${inProject('p1')}/content/a/b`],
  ['HEAD', `${inProject('p1')}/content/a`],
  ['GET', `${inProject('p1')}/agents`],
  ['POST', '/fabric/v4/graphql'],
  ['GET', '/fabric/v4/compatibility/applications/cortex-cli'],
  ['POST', '/internal/tasks/u1'],
  ['POST', '/internal/messages/a/b/c'],
  ['GET', '/fabric/v4/nothing'],
  ['GET', '//fabric/v4/projects/p1/tasks'],
] as const;

const expired = startAt / 1000 - 1;
const strangers: readonly (readonly [string, string | undefined, string])[] = [
  ['nobody', undefined, 'no bearer token'],
  ['somebody with another scheme', 'Basic YTpi', 'no bearer token'],
  ['somebody with a word', 'Bearer constructor', 'malformed token'],
  ['somebody late', `Bearer ${tokenOf('ann', { exp: expired })}`, 'token expired'],
  ['somebody without an end', `Bearer ${tokenOf('ann', { exp: undefined })}`, 'token without expiry'],
  ['somebody with another’s key', `Bearer ${signToken(keys.bob, claimsOf('ann'))}`, 'unknown key'],
];

describe.each(strangers)('%s', (_, authorization, reason) => {
  it.each(closedRoutes)('is not let in at %s %s', async (method, path) => {
    const { ask } = await openGuardedBench();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { status, headers: answered, json } = await ask(path, { method, headers });
    expect(status).toBe(401);
    expect(answered.get('x-auth-error')).toBe(reason);
    expect(answered.get('www-authenticate')).toBe('Bearer');
    if (method !== 'HEAD') expect(json).toMatchObject({ success: false, code: 401, message: `not let in: ${reason}` });
  });
});

describe('anybody', () => {
  it.each(['/fabric/v4/info', '/healthz', '/readyz'])('may ask %s', async (path) => {
    const { ask } = await openGuardedBench();
    expect((await ask(path)).status).toBe(200);
  });
});

describe('a user', () => {
  it('sees his own project', async () => {
    const { as } = await openGuardedBench();
    expect((await as(tokenOf('ann'))(`${inProject('p1')}/tasks`)).json).toEqual({ success: true, tasks: [] });
  });

  it('comes in behind a proxy that takes Authorization for itself', async () => {
    const { ask } = await openGuardedBench();
    const headers = { 'x-fabric-authorization': `Bearer ${tokenOf('ann')}` };
    expect((await ask(`${inProject('p1')}/tasks`, { headers })).status).toBe(200);
  });

  it.each(['p2', 'p3', '*', 'constructor', 'p1%00', 'P1'])('is told that there is no project %s', async (project) => {
    const { as } = await openGuardedBench();
    const { status, json } = await as(tokenOf('ann'))(`${inProject(project)}/tasks`);
    expect([status, json]).toEqual([404, expect.objectContaining({ success: false, reason: 'project-not-found' })]);
  });

  it('sees nothing of another’s tasks, logs and content', async () => {
    const { as } = await openGuardedBench();
    await as(credential)(...report('u2', { projectId: 'p2', name: 'secret' }));
    await as(tokenOf('bob'))(`${inProject('p2')}/content/secret`, { method: 'POST', body: 'x' });
    const ann = as(tokenOf('ann'));
    expect((await ann(`${inProject('p1')}/tasks?limit=0`)).json.tasks).toEqual([]);
    for (const path of ['tasks/secret', 'tasks/secret/logs', 'content/secret', 'content']) {
      expect((await ann(`${inProject('p2')}/${path}`)).status).toBe(404);
    }
    expect((await ann(`${inProject('p1')}/tasks/secret`)).status).toBe(404);
    expect((await ann(`${inProject('p1')}/content/secret`)).status).toBe(404);
    expect((await as(tokenOf('bob'))(`${inProject('p2')}/tasks/secret`)).status).toBe(200);
  });

  it('may not speak as a service: 403 with an empty list of dependencies', async () => {
    const { as } = await openGuardedBench();
    const { status, json } = await as(tokenOf('ann'))(...report('u1', { projectId: 'p1' }));
    expect([status, json]).toEqual([403, expect.objectContaining({ success: false, details: [] })]);
  });
});

describe('the operator', () => {
  it('reports with the internal credential, which opens nothing else', async () => {
    const { as } = await openGuardedBench();
    expect((await as(credential)(...report('u1', { projectId: 'p1' }))).status).toBe(200);
    expect((await as(credential)(`${inProject('p1')}/tasks`)).status).toBe(401);
  });
});

describe('a job', () => {
  const token = signToken(keys.own, { ...claimsOf('ann'), projectId: 'p1', activationId: 'a' });

  it('opens its own project with the token of its message, and no other', async () => {
    const { as } = await openGuardedBench();
    expect((await as(token)(`${inProject('p1')}/tasks`)).status).toBe(200);
    expect((await as(token)(`${inProject('p2')}/tasks`)).status).toBe(404);
  });
});

describe('managed content', () => {
  it('is closed to whoever goes past the gateway', async () => {
    const { network, simulation } = await openGuardedBench();
    const statusOf = (headers: Record<string, string>) =>
      simulation.run(
        network.fetch('http://content/fabric/v4/projects/p1/content', { headers }).then(({ status }) => status),
      );
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${tokenOf('ann')}` })).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${credential}` })).toBe(200);
  });
});
