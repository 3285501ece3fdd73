import { describe, expect, test } from 'vitest';
import type { ConfigMap, Pod, Secret } from '../../kubernetes/objects.ts';
import { configMaps, pods, secrets } from '../../kubernetes/resources.ts';
import { main, napping, recorded, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

const condition = (pod: Pod, type: string) => pod.status?.conditions?.find((one) => one.type === type);
const state = (pod: Pod, index = 0) => pod.status?.containerStatuses?.[index]?.state;

describe('init containers', () => {
  test('run one after the other before the others, and sidecars stay until these have ended', async () => {
    const order: string[] = [];
    const step =
      (name: string, seconds: number): Program =>
      async ({ world, signal }) => {
        order.push(`${name} begins`);
        try {
          await world.clock.sleep(seconds * 1000, signal);
        } finally {
          order.push(`${name} ends`);
        }
        return 0;
      };
    const programs = {
      one: step('one', 2),
      two: step('two', 2),
      sidecarA: step('sidecarA', 9999),
      sidecarB: step('sidecarB', 9999),
      work: step('work', 5),
    };
    const { simulation, create, get, follow } = await startCluster({
      programs: { ...programs, a: programs.sidecarA, b: programs.sidecarB },
    });
    const seen = await follow('p');
    await create('p', {
      initContainers: [
        { name: 'one', image: 'one' },
        { name: 'a', image: 'a', restartPolicy: 'Always' },
        { name: 'two', image: 'two' },
        { name: 'b', image: 'b', restartPolicy: 'Always' },
      ],
      containers: [main('work')],
    });
    await simulation.advance(60_000);
    expect(order).toEqual([
      'one begins',
      'one ends',
      'sidecarA begins',
      'two begins',
      'two ends',
      'sidecarB begins',
      'work begins',
      'work ends',
      'sidecarB ends',
      'sidecarA ends',
    ]);
    expect((await get('p')).status?.phase).toBe('Succeeded');
    const first = seen.find(({ pod }) => pod.status?.initContainerStatuses?.[0]?.state?.running)?.pod as Pod;
    expect(first.status?.phase).toBe('Pending');
    expect(state(first)).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(condition(first, 'Initialized')).toMatchObject({ status: 'False', reason: 'ContainersNotInitialized' });
  });

  test('that fail end the pod under Never, and are tried again otherwise', async () => {
    const { simulation, create, get } = await startCluster({ programs: { bad: napping(1, 1), nap: napping(1) } });
    const initContainers = [{ name: 'init', image: 'bad' }];
    await create('never', { initContainers, containers: [main('nap')] });
    await create('again', { initContainers, containers: [main('nap')], restartPolicy: 'OnFailure' });
    await simulation.advance(60_000);
    expect((await get('never')).status?.phase).toBe('Failed');
    const again = await get('again');
    expect(again.status?.phase).toBe('Pending');
    expect(again.status?.initContainerStatuses?.[0]?.restartCount).toBeGreaterThan(1);
  });
});

describe('an image that nothing stands for', () => {
  test('shows ErrImagePull, then ImagePullBackOff, and the pod stays Pending', async () => {
    const { simulation, create, follow, events, log } = await startCluster();
    const seen = await follow('p');
    await create('p', { containers: [main('unknown:1')] });
    await simulation.advance(60_000);
    const reasons = seen.map(({ pod }) => state(pod)?.waiting?.reason).filter((reason) => reason !== undefined);
    expect(reasons.slice(0, 5)).toEqual([
      'ContainerCreating',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImagePull',
      'ImagePullBackOff',
    ]);
    expect(seen.at(-1)?.pod.status?.phase).toBe('Pending');
    expect(await events('p')).toEqual(expect.arrayContaining(['BackOff', 'Failed', 'Pulling']));
    await expect(log('p')).rejects.toMatchObject({
      code: 400,
      message: 'container "main" in pod "p" is waiting to start: trying and failing to pull image',
    });
  });

  test('by a name that is none shows InvalidImageName', async () => {
    const { simulation, create, get } = await startCluster();
    await create('p', { containers: [main('Not An Image')] });
    await simulation.advance(5_000);
    expect(state(await get('p'))?.waiting?.reason).toBe('InvalidImageName');
  });
});

describe('the environment', () => {
  test('comes from values, fields, config maps and secrets, and expands in arguments', async () => {
    const { program, contexts } = recorded(napping(0));
    const { simulation, client, create } = await startCluster({ programs: { p: program } });
    const metadata = { name: 'things', namespace: 'default' };
    await simulation.run(client.create<ConfigMap>(configMaps, 'default', { metadata, data: { key: 'from map' } }));
    const data = { key: Buffer.from('from secret').toString('base64') };
    await simulation.run(client.create<Secret>(secrets, 'default', { metadata, data }));
    await create('p', {
      containers: [
        main('p', {
          command: ['run'],
          args: ['$(PLAIN)', '$(UNKNOWN)', '$$(PLAIN)', 'a $$ b'],
          envFrom: [{ prefix: 'ALL_', configMapRef: { name: 'things' } }],
          env: [
            { name: 'PLAIN', value: 'text' },
            { name: 'DERIVED', value: '<$(PLAIN)>' },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
            { name: 'MAP', valueFrom: { configMapKeyRef: { name: 'things', key: 'key' } } },
            { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'things', key: 'key' } } },
            { name: 'MAYBE', valueFrom: { secretKeyRef: { name: 'none', key: 'key', optional: true } } },
          ],
        }),
      ],
    });
    await simulation.advance(5_000);
    expect(contexts[0]?.environment).toEqual({
      HOSTNAME: 'p',
      ALL_key: 'from map',
      PLAIN: 'text',
      DERIVED: '<text>',
      NAME: 'p',
      LABEL: 'test',
      MAP: 'from map',
      SECRET: 'from secret',
    });
    expect(contexts[0]?.command).toEqual(['run']);
    expect(contexts[0]?.args).toEqual(['text', '$(UNKNOWN)', '$(PLAIN)', 'a $ b']);
  });

  test('that names a missing key keeps the container from being created until it is there', async () => {
    const { simulation, client, create, get } = await startCluster({ programs: { p: napping(0) } });
    const env = [{ name: 'MAP', valueFrom: { configMapKeyRef: { name: 'late', key: 'key' } } }];
    await create('p', { containers: [main('p', { env })] });
    await simulation.advance(15_000);
    expect(state(await get('p'))?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "late" not found',
    });
    const metadata = { name: 'late', namespace: 'default' };
    await simulation.run(client.create<ConfigMap>(configMaps, 'default', { metadata, data: {} }));
    await simulation.advance(15_000);
    expect(state(await get('p'))?.waiting?.message).toBe("couldn't find key key in ConfigMap default/late");
    const patch = { data: { key: 'value' } };
    await simulation.run(client.patch(configMaps, 'default', 'late', 'merge', patch));
    await simulation.advance(15_000);
    expect((await get('p')).status?.phase).toBe('Succeeded');
  });
});

describe('the termination message', () => {
  const failing: Program = async ({ write, terminationMessage, args }) => {
    for (let line = 1; line <= 100; line += 1) await write(`line ${line}\n`);
    if (args[0]) terminationMessage(args[0]);
    return 1;
  };

  test.each([
    ['what the program left', { args: ['last words'] }, 'last words'],
    ['nothing without that', {}, undefined],
  ])('is %s', async (_, more, expected) => {
    const { simulation, create, get } = await startCluster({ programs: { p: failing } });
    await create('p', { containers: [main('p', more)] });
    await simulation.advance(5_000);
    expect(state(await get('p'))?.terminated?.message).toBe(expected);
  });

  test('is the end of the log where that is asked for: 80 lines at most', async () => {
    const { simulation, create, get } = await startCluster({ programs: { p: failing } });
    await create('p', { containers: [main('p', { terminationMessagePolicy: 'FallbackToLogsOnError' })] });
    await simulation.advance(5_000);
    const lines =
      state(await get('p'))
        ?.terminated?.message?.trim()
        .split('\n') ?? [];
    expect(lines).toHaveLength(80);
    expect(lines.at(-1)).toBe('line 100');
  });
});

describe('a program', () => {
  test('serves under its pod’s address, and is gone with its pod', async () => {
    const program: Program = async ({ world, pod, signal }) => {
      await world.network.listen(`${pod.address}:8080`, (_, response) => {
        response.head(200, {});
        response.end('served');
      });
      await world.clock.sleep(10 ** 9, signal);
      return 0;
    };
    const { simulation, client, create, get } = await startCluster({ programs: { p: program } });
    await create('p', { containers: [main('p')] });
    await simulation.advance(5_000);
    const { fetch } = simulation.process('caller').network;
    const url = `http://${(await get('p')).status?.podIP}:8080/`;
    const call = async () => (await fetch(url)).text();
    expect(await simulation.run(call())).toBe('served');
    await simulation.run(client.delete(pods, 'default', 'p'));
    await simulation.advance(5_000);
    await expect(simulation.run(call())).rejects.toThrow();
  });
});

test('a probe, a volume or a hook that this node leaves out is told by an event', async () => {
  const { simulation, create, events } = await startCluster({ programs: { nap: napping(5) } });
  await create('silent', { containers: [main('nap')] });
  const livenessProbe = { httpGet: { port: 80 } };
  const lifecycle = { preStop: { sleep: { seconds: 1 } }, postStart: { exec: { command: ['true'] } } };
  await create('asks', { containers: [main('nap', { livenessProbe, lifecycle })] });
  await simulation.advance(3_000);
  expect(await events('silent')).not.toContain('NotSimulated');
  expect(await events('asks')).toContain('NotSimulated');
});
