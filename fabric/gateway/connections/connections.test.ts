/** Connections: kept with references to secrets, which only jobs and daemons see resolved (contract 3.13). */
import { describe, expect, it } from 'vitest';
import { signToken } from '../../identity/token.ts';
import { claimsOf, keys, openGuardedBench, tokenOf } from '../access/access.fixture.ts';
import { withSecrets } from './resolve.ts';

const base = '/fabric/v4/projects/p1';
const ofJob = signToken(keys.own, { ...claimsOf('ann'), projectId: 'p1', activationId: 'a' });

const connection = {
  name: 'team/orders',
  title: 'Orders',
  connectionType: 'mongo',
  allowWrite: false,
  params: [
    { name: 'uri', value: '#SECURE.db/uri' },
    { name: 'database', value: 'orders' },
  ],
};

async function guarded() {
  const bench = await openGuardedBench();
  const ann = bench.as(tokenOf('ann'));
  const save = (body: unknown) => ann(`${base}/connections`, { method: 'POST', body });
  return { ...bench, ann, save, job: bench.as(ofJob) };
}

describe('a connection', () => {
  it('is saved, listed, described and deleted', async () => {
    const { ann, save } = await guarded();
    expect((await save(connection)).json).toMatchObject({ success: true, version: 1 });
    expect((await save(connection)).json).toMatchObject({ version: 1 });
    const list = (await ann(`${base}/connections?limit=20&skip=0&sort=%7B%22updatedAt%22%3A-1%7D`)).json;
    expect(list).toMatchObject({ connections: [{ ...connection, createdBy: 'ann' }] });
    const filter = encodeURIComponent('{"connectionType":"mongo","allowWrite":false}');
    expect((await ann(`${base}/connections?filter=${filter}`)).json).toMatchObject({ connections: [connection] });
    expect((await ann(`${base}/connections/team%2Forders`)).json).toMatchObject(connection);
    expect((await ann(`${base}/connections/team%2Forders`, { method: 'DELETE' })).json).toMatchObject({
      success: true,
    });
    expect((await ann(`${base}/connections/team%2Forders`)).status).toBe(404);
  });

  it('shows its secrets to jobs alone', async () => {
    const { ann, save, job } = await guarded();
    await ann(`${base}/secrets/db/uri`, { method: 'POST', body: { value: 'mongodb://u:p@db' } });
    await save(connection);
    for (const path of ['connections', 'connections/team%2Forders']) {
      expect((await ann(`${base}/${path}`)).text).not.toContain('mongodb://');
    }
    for (const name of ['team%2Forders', 'team/orders']) {
      expect((await job(`/internal/projects/p1/connections/${name}`)).json).toMatchObject({
        name: 'team/orders',
        params: [{ name: 'uri', value: 'mongodb://u:p@db' }, { value: 'orders' }],
      });
    }
    expect((await job('/internal/projects/p2/connections/team%2Forders')).status).toBe(404);
  });

  it('says which secret it lacks', async () => {
    const { save, job } = await guarded();
    await save(connection);
    const { status, json } = await job('/internal/projects/p1/connections/team%2Forders');
    expect([status, json.message]).toEqual([
      404,
      'connection "team/orders" refers to secret "db/uri", which is not there',
    ]);
  });

  it.each([
    ['without a name', { connectionType: 'mongo' }, 'name'],
    ['without a type', { name: 'c' }, 'connectionType'],
    ['with a parameter that has no name', { ...connection, params: [{ value: 1 }] }, 'name'],
  ])('%s is refused with the place', async (_, body, last) => {
    const { save } = await guarded();
    const { status, json } = await save(body);
    expect([status, json.details[0]?.path.at(-1)]).toEqual([400, last]);
  });
});

it('types of connections are listed page by page', async () => {
  const { ann } = await guarded();
  const names = async (query: string) => {
    const { json } = await ann(`/fabric/v4/connectiontypes${query}`);
    return (json as unknown as { connectionTypes: { name: string }[] }).connectionTypes.map(({ name }) => name);
  };
  const all = await names('');
  expect(all).toEqual(expect.arrayContaining(['mongo', 's3', 'jdbc_generic']));
  expect(await names('?limit=2&skip=1')).toEqual(all.slice(1, 3));
  expect(await names('?limit=0')).toEqual(all);
  expect((await ann('/fabric/v4/connectiontypes?limit=x')).status).toBe(400);
});

it('references are whole texts, at any depth', async () => {
  const resolved = await withSecrets(
    { a: ['#SECURE.k', { b: '#SECURE.k' }], c: 'x#SECURE.k', d: '#SECURE.', e: 1, f: null },
    async (key) => ({ of: key }),
  );
  expect(resolved).toEqual({ a: [{ of: 'k' }, { b: { of: 'k' } }], c: 'x#SECURE.k', d: '#SECURE.', e: 1, f: null });
});
