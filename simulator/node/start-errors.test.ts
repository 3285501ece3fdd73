/**
 * Containers whose program cannot be run, as a kubelet of Kubernetes 1.36.3 with containerd 2.4.2 showed them on kind.
 */
import { describe, expect, test } from 'vitest';
import { configMaps, events as eventType } from '../../kubernetes/resources.ts';
import { main, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';
import { programMissing } from './runtimes/start-error.ts';

const absent: Program = Object.assign(async () => 0, {
  missing: async () => programMissing('/no/such/program', 'no such file or directory'),
});
const fine: Program = async ({ write }) => {
  await write('hi\n');
  return 0;
};
const why =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container ' +
  'process: exec: "/no/such/program": stat /no/such/program: no such file or directory';
const startError = {
  exitCode: 128,
  reason: 'StartError',
  message: why,
  startedAt: '1970-01-01T00:00:00Z',
  finishedAt: expect.any(String),
  containerID: expect.any(String),
};

async function cluster() {
  const made = await startCluster({ programs: { absent, fine } });
  return {
    ...made,
    /** Of the pod's events, in order: type, reason and message. */
    told: async (name: string) => {
      const fieldSelector = `involvedObject.name=${name}`;
      const query = { namespace: 'default', fieldSelector };
      const { items } = await made.simulation.run(
        made.client.list<{ type: string; reason: string; message: string; metadata: object }>(eventType, query),
      );
      return items.map(({ type, reason, message }) => `${type} ${reason} ${message}`);
    },
  };
}

describe('a container whose program is not there', () => {
  test('ends with StartError 128, never having started, without a log', async () => {
    const { simulation, create, get, told, log } = await cluster();
    await create('p', { containers: [main('absent')] });
    await simulation.advance(20_000);
    const { phase, containerStatuses } = (await get('p')).status ?? {};
    expect(phase).toBe('Failed');
    expect(containerStatuses).toMatchObject([
      { state: { terminated: startError }, lastState: {}, restartCount: 0, ready: false, started: false },
    ]);
    const events = await told('p');
    expect(events).toContain(`Warning Failed Error: ${why}`);
    expect(events.filter((event) => / (Created|Pulled) /.test(event))).toHaveLength(2);
    expect(events.filter((event) => event.includes('Started'))).toEqual([]);
    expect(await log('p')).toBe('');
    await expect(log('p', { previous: true })).rejects.toThrow('previous terminated container "main"');
  });

  test('says its own message where the log would be the fallback', async () => {
    const { simulation, create, get } = await cluster();
    await create('p', { containers: [main('absent', { terminationMessagePolicy: 'FallbackToLogsOnError' })] });
    await simulation.advance(20_000);
    expect((await get('p')).status?.containerStatuses?.[0]?.state?.terminated?.message).toBe(why);
  });

  test.each(['OnFailure', 'Always'])('is tried again at once, then with the back-off, under %s', async (policy) => {
    const { simulation, create, get, follow, told, log } = await cluster();
    await create('p', { restartPolicy: policy, containers: [main('absent')] });
    const seen = await follow('p');
    await simulation.advance(60_000);
    const states = seen.map(({ pod }) => {
      const [status] = pod.status?.containerStatuses ?? [];
      return `${pod.status?.phase} ${status?.restartCount} ${status?.state?.waiting?.reason}`;
    });
    const changes = states.filter((state, index) => state !== states[index - 1] && state.startsWith('Running'));
    expect(changes.slice(0, 5)).toEqual([
      'Running 0 RunContainerError',
      'Running 1 RunContainerError',
      'Running 1 CrashLoopBackOff',
      'Running 2 RunContainerError',
      'Running 2 CrashLoopBackOff',
    ]);
    expect((await get('p')).status?.containerStatuses?.[0]).toMatchObject({
      lastState: { terminated: startError },
      state: { waiting: {} },
    });
    expect(await told('p')).toContainEqual(
      expect.stringContaining('Warning BackOff Back-off restarting failed container main'),
    );
    expect(await log('p')).toBe('');
    expect(await log('p', { previous: true })).toBe('');
  });

  test('keeps its pod from beginning when it is an init container', async () => {
    const { simulation, create, get } = await cluster();
    const initContainers = [{ name: 'init', image: 'absent' }];
    await create('p', { initContainers, containers: [main('fine')] });
    await simulation.advance(20_000);
    expect((await get('p')).status).toMatchObject({
      phase: 'Failed',
      initContainerStatuses: [{ state: { terminated: startError } }],
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
    });
  });

  test('leaves the others of its pod alone', async () => {
    const { simulation, create, get, log } = await cluster();
    await create('p', { containers: [main('fine'), { name: 'other', image: 'absent' }] });
    await simulation.advance(20_000);
    const { phase, containerStatuses } = (await get('p')).status ?? {};
    expect(phase).toBe('Failed');
    expect(containerStatuses?.map(({ state }) => state?.terminated?.exitCode)).toEqual([0, 128]);
    expect(await log('p', { container: 'main' })).toBe('hi\n');
  });
});

test('a working folder that is missing is made; one that is a file is an error of the start', async () => {
  const { simulation, client, create, get } = await cluster();
  await create('missing', { containers: [main('fine', { workingDir: '/no/such/folder' })] });
  await simulation.advance(20_000);
  expect((await get('missing')).status?.phase).toBe('Succeeded');
  const volumes = [{ name: 'map', configMap: { name: 'map' } }];
  await simulation.run(
    client.create(configMaps, 'default', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'map', namespace: 'default' },
      data: { plain: 'x' },
    }),
  );
  const volumeMounts = [{ name: 'map', mountPath: '/s' }];
  await create('file', { volumes, containers: [main('fine', { workingDir: '/s/plain', volumeMounts })] });
  await simulation.advance(20_000);
  const { terminated } = (await get('file')).status?.containerStatuses?.[0]?.state ?? {};
  expect(terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
  expect(terminated?.message).toMatch(/error during container init: mkdir \/s\/plain: not a directory$/);
});
