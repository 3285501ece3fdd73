/** Sessions: what skills remember between invocations (contract 3.10). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../bench.fixture.ts';
import { stateBytesMaximum } from './session.ts';

const base = '/fabric/v4/projects/p1/sessions';

async function start(bench: Bench, body: unknown): Promise<string> {
  const { json } = await bench.ask(base, { method: 'POST', body });
  return (json as unknown as { sessionId: string }).sessionId;
}

async function add(bench: Bench, id: string, state: unknown) {
  return bench.ask(`${base}/${encodeURIComponent(id)}`, { method: 'POST', body: { state } });
}

async function stateOf(bench: Bench, id: string, query = ''): Promise<unknown> {
  const { status, json } = await bench.ask(`${base}/${encodeURIComponent(id)}${query}`);
  return status === 404 ? undefined : (json as unknown as { state: unknown }).state;
}

describe('a session', () => {
  it('starts as the SDK asks, with an id of its own', async () => {
    const bench = await openBench();
    const { status, json } = await bench.ask(base, { method: 'POST', body: { description: 'd' } });
    const { sessionId } = json as unknown as { sessionId: string };
    expect(status).toBe(200);
    expect(json).toEqual({ success: true, sessionId, message: `Session "${sessionId}" saved` });
    expect((await bench.ask(`${base}/${sessionId}`)).json).toEqual({
      sessionId,
      ttl: 900,
      description: 'd',
      state: {},
    });
    expect((await bench.ask(`${base}?limit=20`)).json).toEqual({
      sessions: [{ sessionId, ttl: 900, description: 'd' }],
    });
  });

  it('has the id that its maker gives, any text', async () => {
    const bench = await openBench();
    for (const id of ['mine', 'a/b c', 'ü%', '__proto__', '..x']) {
      expect(await start(bench, { sessionId: id, ttl: '60', state: { id } })).toBe(id);
      expect(await stateOf(bench, id)).toEqual({ id });
    }
  });

  it('keeps what it has and adds what is written', async () => {
    const bench = await openBench();
    const key = fc.constantFrom('a', 'b', 'a.b', '$set', '__proto__', 'constructor', '');
    const state = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 4 }), async (writes) => {
        const id = `s${number++}`;
        const expected = new Map<string, unknown>();
        for (const each of writes) {
          expect((await add(bench, id, each)).status).toBe(200);
          for (const [name, value] of Object.entries(each)) expected.set(name, value);
        }
        const found = JSON.stringify(await stateOf(bench, id));
        const wanted = JSON.stringify(JSON.parse(JSON.stringify([...expected])));
        expect(Object.entries(JSON.parse(found)).sort(byName)).toEqual(JSON.parse(wanted).sort(byName));
        for (const [name, value] of expected) {
          if (name === '') continue;
          const only = (await stateOf(bench, id, `?key=${encodeURIComponent(name)}`)) as object;
          expect(Object.entries(only)).toEqual([[name, JSON.parse(JSON.stringify(value))]]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives an empty state for a key that it does not hold', async () => {
    const bench = await openBench();
    await add(bench, 's', { a: 1 });
    expect(await stateOf(bench, 's', '?key=toString')).toEqual({});
  });

  it('loses nothing when many write at once', async () => {
    const bench = await openBench();
    const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const { network, simulation } = bench;
    const write = (name: string) =>
      network.fetch(`http://gateway${base}/s`, { method: 'POST', body: JSON.stringify({ state: { [name]: 1 } }) });
    await simulation.run(Promise.all(names.map(write)));
    expect(Object.keys((await stateOf(bench, 's')) as object).sort()).toEqual([...names].sort());
  });

  it('tells its times when it is asked at length', async () => {
    const bench = await openBench();
    await start(bench, { sessionId: 's', ttl: 60 });
    const { json } = await bench.ask(`${base}/s?verbose=true`);
    const { updatedAt, expiresAt } = json as unknown as { updatedAt: number; expiresAt: number };
    expect(json).toMatchObject({ createdBy: 'anonymous', createdAt: updatedAt });
    expect(expiresAt - updatedAt).toBe(60_000);
  });

  it('is deleted once', async () => {
    const bench = await openBench();
    await start(bench, { sessionId: 's' });
    expect((await bench.ask(`${base}/s`, { method: 'DELETE' })).json).toMatchObject({ success: true });
    expect((await bench.ask(`${base}/s`, { method: 'DELETE' })).status).toBe(404);
    expect(await stateOf(bench, 's')).toBeUndefined();
  });
});

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : Number(left > right);
}

describe('the time to live', () => {
  it('ends a session on the environment’s clock, and each write begins it anew', async () => {
    const bench = await openBench();
    const pass = (ms: number) => bench.simulation.advanceTo(bench.simulation.now() + ms);
    await start(bench, { sessionId: 's', ttl: 100, state: { old: true } });
    await pass(90_000);
    await add(bench, 's', { again: true });
    await pass(90_000);
    expect(await stateOf(bench, 's')).toEqual({ old: true, again: true });
    await pass(10_000);
    expect(await stateOf(bench, 's')).toBeUndefined();
    expect((await bench.ask(base)).json).toEqual({ sessions: [] });
    expect((await bench.ask(`${base}/s`, { method: 'DELETE' })).status).toBe(404);
    await add(bench, 's', { fresh: true });
    expect(await stateOf(bench, 's')).toEqual({ fresh: true });
    expect((await bench.ask(`${base}/s`)).json).toMatchObject({ ttl: 900 });
  });

  it('is a whole number of seconds', async () => {
    const { ask } = await openBench();
    for (const ttl of [0, -1, 1.5, 'x', 1e12]) {
      const { status, json } = await ask(base, { method: 'POST', body: { ttl } });
      expect([status, json.details.map(({ path }) => path)]).toEqual([400, [['ttl']]]);
    }
  });
});

describe('what is refused', () => {
  it.each([
    ['no state', {}],
    ['a list', { state: [] }],
    ['nothing', { state: null }],
    ['a text', '"x"'],
  ])('a write with %s', async (_, body) => {
    const { ask } = await openBench();
    expect((await ask(`${base}/s`, { method: 'POST', body })).status).toBe(400);
    expect((await ask(`${base}/s`)).status).toBe(404);
  });

  it('a session that grows too large, which stays as it was', async () => {
    const bench = await openBench();
    const half = 'x'.repeat(stateBytesMaximum / 2);
    await add(bench, 's', { half });
    expect(await add(bench, 's', { more: half })).toMatchObject({ status: 413, json: { success: false } });
    expect(await stateOf(bench, 's')).toEqual({ half });
  });

  it('an id that is too long', async () => {
    const { ask } = await openBench();
    const id = 'x'.repeat(300);
    expect((await ask(base, { method: 'POST', body: { sessionId: id } })).status).toBe(400);
    expect((await ask(`${base}/${id}`, { method: 'POST', body: { state: {} } })).status).toBe(400);
  });
});
