/** Probes that run a command in the container. */
import { expect, test } from 'vitest';
import { main, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

/** `serve` makes the file after 12 seconds and takes it away after 60; `check` looks for it. */
const program: Program = async ({ command: [name], files, world, write, signal }) => {
  if (name === 'check') {
    if (await files.status('/ready')) return 0;
    await write('not yet\n');
    return 1;
  }
  if (name === 'hang') return new Promise(() => {});
  await world.clock.sleep(12_000, signal);
  await files.write('/ready', '');
  await world.clock.sleep(48_000, signal);
  await files.remove('/ready');
  await world.clock.sleep(10 ** 9, signal);
  return 0;
};

const probed = (command: string, more: object = {}) =>
  main('p', { command: ['serve'], readinessProbe: { exec: { command: [command] }, periodSeconds: 5, ...more } });

test('a container is ready when its probe passes, and no more when it has failed often enough', async () => {
  const { simulation, create, get, events } = await startCluster({ programs: { p: program } });
  await create('p', { containers: [probed('check', { failureThreshold: 2 })] });
  const readyAfter = async (seconds: number) => {
    await simulation.advance(seconds * 1000);
    const { status } = await get('p');
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    expect(condition?.status).toBe(status?.containerStatuses?.[0]?.ready ? 'True' : 'False');
    expect(status?.phase).toBe('Running');
    return condition?.status;
  };
  expect(await readyAfter(10)).toBe('False');
  expect(await readyAfter(8)).toBe('True');
  expect(await readyAfter(44)).toBe('True');
  expect(await readyAfter(10)).toBe('False');
  expect(await events('p')).toContain('Unhealthy');
});

test('a probe that does not answer has failed after its timeout', async () => {
  const { simulation, create, get } = await startCluster({ programs: { p: program } });
  await create('p', { containers: [probed('hang')] });
  await simulation.advance(30_000);
  expect((await get('p')).status?.containerStatuses?.[0]).toMatchObject({ ready: false, started: true });
});

test('a container whose liveness probe fails is ended after its grace and begins anew', async () => {
  const { simulation, create, get, events } = await startCluster({ programs: { p: program } });
  const livenessProbe = {
    exec: { command: ['check'] },
    initialDelaySeconds: 20,
    periodSeconds: 5,
    failureThreshold: 2,
  };
  await create('p', {
    restartPolicy: 'Always',
    containers: [main('p', { command: ['serve'], livenessProbe })],
  });
  await simulation.advance(50_000);
  expect((await get('p')).status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  await simulation.advance(50_000);
  const [status] = (await get('p')).status?.containerStatuses ?? [];
  expect(status).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 143 } } });
  expect(await events('p')).toEqual(expect.arrayContaining(['Unhealthy', 'Killing']));
});

test('the other probes wait for the startup probe; one that fails too often ends the container', async () => {
  const { simulation, create, get } = await startCluster({ programs: { p: program } });
  const probe = { exec: { command: ['check'] }, periodSeconds: 5 };
  const container = (failureThreshold: number) =>
    main('p', {
      command: ['serve'],
      startupProbe: { ...probe, failureThreshold },
      livenessProbe: { ...probe, failureThreshold: 1 },
    });
  await create('patient', { containers: [container(10)] });
  await create('hasty', { containers: [container(2)] });
  await simulation.advance(8_000);
  expect((await get('patient')).status?.containerStatuses?.[0]).toMatchObject({ started: false, ready: false });
  await simulation.advance(10_000);
  expect((await get('patient')).status?.containerStatuses?.[0]).toMatchObject({ started: true, ready: true });
  expect((await get('hasty')).status?.phase).toBe('Failed');
});
