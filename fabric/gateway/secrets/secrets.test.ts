/** Secrets: saved by users, read by jobs and daemons, told to nobody else (contract 3.13). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { newSigningKey } from '../../identity/key.ts';
import { signToken } from '../../identity/token.ts';
import { claimsOf, keys, openGuardedBench, tokenOf } from '../access/access.fixture.ts';
import { openBench } from '../bench.fixture.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { checkedSecretKey, mask } from './secrets.ts';

const base = '/fabric/v4/projects/p1/secrets';
const inside = '/internal/projects/p1/secrets';
const ofJob = signToken(keys.own, { ...claimsOf('ann'), projectId: 'p1', activationId: 'a' });

async function guarded() {
  const bench = await openGuardedBench();
  return { ...bench, ann: bench.as(tokenOf('ann')), bob: bench.as(tokenOf('bob')), job: bench.as(ofJob) };
}

describe('a secret', () => {
  it.each([
    ['a wrapped text', { value: 'hush' }, 'hush'],
    ['a wrapped object', { value: { a: [1] } }, { a: [1] }],
    ['a bare text', '"hush"', 'hush'],
    ['a bare number', '5', 5],
    ['a bare false', 'false', false],
    ['a bare object', { user: 'u', value: 'v' }, { user: 'u', value: 'v' }],
    ['an empty text', { value: '' }, ''],
  ])('of %s reaches jobs, and users see a mask', async (_, body, value) => {
    const { ann, job } = await guarded();
    const saved = await ann(`${base}/a.key`, { method: 'POST', body });
    expect(saved.json).toEqual({ success: true, message: 'Secret "a.key" saved' });
    expect((await ann(`${base}/a.key`)).json).toEqual({ value: mask });
    expect((await job(`${inside}/a.key`)).json).toEqual({ value });
  });

  it('has slashes in its key, raw from one client and encoded from the other', async () => {
    const { ann, job } = await guarded();
    await ann(`${base}/team/db-1`, { method: 'POST', body: { value: 1 } });
    expect((await ann(`${base}/team%2Fdb-1`)).status).toBe(200);
    expect((await job(`${inside}/team%2Fdb-1`)).json).toEqual({ value: 1 });
    expect((await ann(`${base}?list=true`)).json).toEqual(['team/db-1']);
    expect((await ann(`${base}/team%2Fdb-1`, { method: 'DELETE' })).json).toMatchObject({ success: true });
    expect((await ann(`${base}/team/db-1`, { method: 'DELETE' })).status).toBe(404);
    expect((await job(`${inside}/team/db-1`)).status).toBe(404);
  });

  it.each(['', '/a', 'a/', 'a//b', 'a b', '-a', 'a..b', 'é', 'a'.repeat(300)])('is not called %j', async (key) => {
    const { ann } = await guarded();
    const { status, json } = await ann(`${base}/${encodeURIComponent(key)}`, { method: 'POST', body: { value: 1 } });
    expect([status, json]).toEqual([400, expect.objectContaining({ reason: 'invalid-secret-key' })]);
  });

  it.each([
    ['nothing', undefined],
    ['null', 'null'],
    ['a wrapped null', { value: null }],
    ['no JSON', 'hush'],
  ])('is not saved from %s', async (_, body) => {
    const { ann } = await guarded();
    expect((await ann(`${base}/k`, { method: 'POST', body })).status).toBe(400);
    expect((await ann(base)).json).toEqual([]);
  });
});

describe('who may read', () => {
  it('only whoever may see the project, and a job only its own', async () => {
    const { ann, bob, job, as } = await guarded();
    await ann(`${base}/k`, { method: 'POST', body: { value: 'hush' } });
    await bob('/fabric/v4/projects/p2/secrets/k', { method: 'POST', body: { value: 'of p2' } });
    expect((await bob(`${inside}/k`)).status).toBe(404);
    expect((await bob(`${base}/k`)).status).toBe(404);
    expect((await job('/internal/projects/p2/secrets/k')).status).toBe(404);
    const wide = signToken(keys.own, { ...claimsOf('ann'), projectId: 'p2', activationId: 'a' });
    expect((await as(wide)(`${inside}/k`)).status).toBe(404);
    expect((await ann(base)).json).toEqual(['k']);
  });

  it('nobody who is not let in', async () => {
    const { ask } = await guarded();
    expect((await ask(`${inside}/k`)).status).toBe(401);
  });
});

describe('the store', () => {
  it('holds no value that can be read, and a gateway with another key says so', async () => {
    const store = openEmbeddedStore(':memory:');
    const first = await openBench({ store, secretsKey: 'the first key of all' });
    await first.ask(`${base}/k`, { method: 'POST', body: { value: 'hush-hush' } });
    const stored = await store.collection({ name: 'secrets', scalars: [], indexes: [] });
    expect(JSON.stringify(await stored.find({}))).not.toContain('hush-hush');
    const same = await openBench({ store, secretsKey: 'the first key of all' });
    expect((await same.ask(`${inside}/k`)).json).toEqual({ value: 'hush-hush' });
    const other = await openBench({ store, secretsKey: 'another key' });
    expect((await other.ask(`${inside}/k`)).json).toMatchObject({ code: 409, reason: 'secret-not-readable' });
    expect((await other.ask(`${base}/k`)).status).toBe(200);
  });

  it('is opened by the gateway’s signing key where no other is given', async () => {
    const store = openEmbeddedStore(':memory:');
    const first = await openGuardedBench({ store });
    const path = `${base}/k`;
    await first.as(tokenOf('ann'))(path, { method: 'POST', body: { value: 'v' } });
    const second = await openGuardedBench({ store });
    expect((await second.as(ofJob)(`${inside}/k`)).json).toEqual({ value: 'v' });
    const random = new Simulation({ seed: 5, startAt: 0 }).process('k').random.stream('k');
    const third = await openGuardedBench({ store }, newSigningKey(random));
    expect((await third.as(tokenOf('ann'))(`${inside}/k`)).status).toBe(409);
  });
});

it('keys are those that the field’s pattern finds', () => {
  const pattern = /^\w+([./-]?\w+)*$/;
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '.', '/', '-', ' '), maxLength: 12 }), (text) => {
      const isKey = (() => {
        try {
          return checkedSecretKey(text) === text;
        } catch {
          return false;
        }
      })();
      expect(isKey).toBe(pattern.test(text));
    }),
  );
});
