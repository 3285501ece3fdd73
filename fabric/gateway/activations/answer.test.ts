/** Synchronous answers as a client sees them while it waits (contract 2.2). */
import { expect, test } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { openBench } from '../bench.fixture.ts';
import { storeThrough } from '../dying.fixture.ts';
import type { GatewayOptions } from '../settings.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { StoreAwayError } from '../stores/store.ts';

const base = '/fabric/v4/projects/proj1';
const skill = {
  camel: '1.0.0',
  name: 'api',
  properties: [{ name: 'url', defaultValue: 'http://api.test' }],
  inputs: [{ name: 'in', routing: { all: { runtime: 'cortex/external-api', output: 'out' } } }],
  outputs: [{ name: 'out' }],
};

/** The API answers after `apiMs`. */
async function openSlowBench(apiMs: number, options: Partial<GatewayOptions> = {}) {
  const bench = await openBench({ allowedOutward: ['api.test'], ...options });
  await bench.simulation.process('api').network.listen('api.test:80', async (_, response) => {
    await bench.simulation.process('wait').clock.sleep(apiMs);
    response.head(200, {});
    response.end('"done"');
  });
  await bench.ask(`${base}/skills`, { method: 'POST', body: skill });
  const invoke = (signal?: AbortSignal) =>
    bench.network.fetch(`http://gateway${base}/skillinvoke/api/inputs/in?sync=true`, {
      ...{ method: 'POST', body: '{}' },
      ...(signal ? { signal } : {}),
    });
  return { ...bench, invoke };
}

test('in less than 400 ms the answer is plain', async () => {
  const { invoke, simulation } = await openSlowBench(300);
  const answer = await simulation.run(invoke());
  const text = await simulation.run(answer.text());
  expect([answer.status, answer.headers.get('content-type'), text[0]]).toEqual([200, 'application/json', '{']);
});

test('a client hears something every 400 ms of its own clock, whatever the time of the environment', async () => {
  const real = new Simulation({ seed: 1, startAt: 0 });
  const { invoke, simulation } = await openSlowBench(3_600_000, { pacingClock: real.process('client').clock });
  let status: number | undefined;
  let spaces = 0;
  void invoke().then(async (answer) => {
    status = answer.status;
    for await (const chunk of answer.body ?? []) spaces += Buffer.from(chunk).toString().length;
  });
  await simulation.advance(10_000);
  expect(status).toBeUndefined();
  for (let round = 1; round <= 5; round += 1) {
    await real.advance(400);
    await simulation.advance(10);
    expect([status, spaces]).toEqual([200, round]);
  }
});

test('a client that goes away leaves the activation running', async () => {
  const { invoke, simulation, ask } = await openSlowBench(5_000);
  const gone = new AbortController();
  const failed = invoke(gone.signal)
    .then((answer) => answer.text())
    .catch((error: unknown) => String(error));
  await simulation.advance(2_000);
  gone.abort(new Error('gone away'));
  expect(await simulation.run(failed)).toContain('gone away');
  await simulation.advance(10_000);
  const { activations } = (await ask(`${base}/activations`)).json as unknown as { activations: object[] };
  expect(activations).toMatchObject([{ skillName: 'api', status: 'COMPLETE' }]);
});

test('a failure after the first space is told in the body', async () => {
  let isAway = false;
  const store = storeThrough(openEmbeddedStore(':memory:'), async (work) => {
    if (isAway) throw new StoreAwayError('here', new Error('no answer'));
    return work();
  });
  const { invoke, simulation } = await openSlowBench(60_000, { store });
  const asked = invoke();
  await simulation.advance(1_000);
  isAway = true;
  const answer = await simulation.run(asked);
  const body = JSON.parse(await simulation.run(answer.text()));
  expect(answer.status).toBe(200);
  expect(body).toMatchObject({ success: false, activationId: expect.any(String) });
  expect(body.message).toContain('does not answer');
});
