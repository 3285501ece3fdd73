/** Nobody gets in at any route who may not: the list of routes is asked, so that one that is added is asked too. */
import { describe, expect, it } from 'vitest';
import { allRoutes } from '../routes/all.ts';
import { laterPaths } from '../routes/later.ts';
import { credential, openGuardedBench, tokenOf } from './access.fixture.ts';
import { samplePath } from './sample-request.fixture.ts';
import { strangers } from './strangers.fixture.ts';

const closed = allRoutes.filter(({ audience }) => audience !== 'anybody' && audience !== 'runs');
const runs = allRoutes.filter(({ audience }) => audience === 'runs');
const later = laterPaths.map((path) => ({ method: 'GET', path }) as const);

interface Outcome {
  readonly route: string;
  readonly status: number;
  readonly success: unknown;
  readonly details?: unknown;
}

/** What each of the routes answers; without a word to read where the method has no body. */
async function outcomes(
  routes: readonly { readonly method: string; readonly path: string }[],
  authorization: string | undefined,
  project?: string,
): Promise<Outcome[]> {
  const { ask } = await openGuardedBench();
  const all: Outcome[] = [];
  for (const { method, path } of routes) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{"pod":"sample"}' } : {};
    const { status, json } = await ask(samplePath({ path }, project), { method, headers, ...body });
    const answer = json as unknown as { success?: unknown; details?: unknown } | undefined;
    const success = method === 'HEAD' ? false : answer?.success;
    all.push({ route: `${method} ${path}`, status, success, details: answer?.details });
  }
  return all;
}

function unless(all: readonly Outcome[], status: number): readonly Outcome[] {
  return all.filter((each) => each.status !== status || each.success !== false);
}

describe.each(strangers)('$who', ({ authorization }) => {
  it('gets in nowhere: 401, in JSON', async () => {
    const all = await outcomes([...closed, ...later], authorization);
    expect(all.length).toBeGreaterThan(40);
    expect(unless(all, 401)).toEqual([]);
  });

  it('is no run of a schedule: 404, and no credential', async () => {
    expect(unless(await outcomes(runs, authorization), 404)).toEqual([]);
  });
});

describe('somebody known', () => {
  const inProject = closed.filter(({ path }) => path.includes(':project'));

  it('finds no project that is another’s', async () => {
    expect(unless(await outcomes(inProject, `Bearer ${tokenOf('bob')}`), 404)).toEqual([]);
  });

  it('finds no project that is not there', async () => {
    expect(unless(await outcomes(inProject, `Bearer ${tokenOf('ann')}`, 'p9'), 404)).toEqual([]);
  });

  it('who is a user does not speak as a service: 403 with an empty list', async () => {
    const services = closed.filter(({ audience }) => audience === 'services');
    const all = await outcomes(services, `Bearer ${tokenOf('ann')}`);
    expect(all.filter(({ status, details }) => status !== 403 || JSON.stringify(details) !== '[]')).toEqual([]);
  });

  it('who is a service does not speak as a user', async () => {
    const users = closed.filter(({ audience }) => audience !== 'services');
    expect(unless(await outcomes(users, `Bearer ${credential}`), 401)).toEqual([]);
  });

  it('is let in where he may, and told 501 what is not built', async () => {
    const users = closed.filter(({ audience, path }) => audience === 'users' && path.includes(':project'));
    const all = await outcomes(users, `Bearer ${tokenOf('ann')}`);
    expect(all.filter(({ status }) => status === 401)).toEqual([]);
    const missing = await outcomes(later, `Bearer ${tokenOf('ann')}`);
    expect(unless(missing, 501)).toEqual([]);
  });
});
