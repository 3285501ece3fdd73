import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { agent, openSchedulingBench, type SchedulingBench } from '../schedules/scheduling.fixture.ts';
import { activationIdOf } from './idempotency.ts';

let bench: SchedulingBench;
beforeEach(async () => {
  bench = await openSchedulingBench();
});

const invoke = (name: string, key?: string) =>
  bench.ann(`agentinvoke/${name}/services/input?sync=false`, {
    method: 'POST',
    body: { payload: 1 },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });

it('an invocation with a key is made once, one without each time', async () => {
  const [first, again, other, ...without] = [
    await invoke('hubble_agent', 'a'),
    await invoke('hubble_agent', 'a'),
    await invoke('hubble_agent', 'b'),
    await invoke('hubble_agent'),
    await invoke('hubble_agent'),
  ].map(({ json }) => (json as unknown as { activationId: string }).activationId);
  expect(again).toBe(first);
  expect(new Set([first, other, ...without]).size).toBe(4);
});

it('a key that was used for something else is refused', async () => {
  await invoke('hubble_agent', 'a');
  const { status, json } = await invoke('other', 'a');
  expect([status, json.message]).toEqual([409, expect.stringContaining('something else')]);
});

it('an invocation of a skill is made once, too', async () => {
  const invokeSkill = (key: string) =>
    bench.ann('skillinvoke/look/inputs/input?sync=false', {
      method: 'POST',
      body: { payload: 1 },
      headers: { 'idempotency-key': key },
    });
  const [first, again, other] = [await invokeSkill('a'), await invokeSkill('a'), await invokeSkill('b')];
  expect(again.json).toEqual(first.json);
  expect(other.json).not.toEqual(first.json);
  expect((await invoke('hubble_agent', 'a')).status).toBe(409);
});

it('a key that is too long is refused', async () => {
  await bench.save('agents', agent('hubble_agent'));
  expect((await invoke('hubble_agent', 'x'.repeat(257))).status).toBe(400);
});

it('the id is a UUID, its own for each project and key', () => {
  const pair = fc.tuple(fc.string(), fc.string());
  fc.assert(
    fc.property(pair, pair, (one, other) => {
      const [left, right] = [activationIdOf(...one), activationIdOf(...other)];
      expect(left).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(left === right).toBe(one[0] === other[0] && one[1] === other[1]);
    }),
  );
});
