import { describe, expect, test } from 'vitest';
import type { ConfigMap, Lease, Node, Pod, Secret } from '../../kubernetes/objects.ts';
import { configMaps, leases, nodes, pods, secrets } from '../../kubernetes/resources.ts';
import { main, napping, recorded, startAt, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

const condition = (pod: Pod, type: string) => pod.status?.conditions?.find((one) => one.type === type);
const state = (pod: Pod, index = 0) => pod.status?.containerStatuses?.[index]?.state;

describe('the node', () => {
  test('is registered ready, with room, an address, a port for logs and no taint', async () => {
    const { simulation, client } = await startCluster({ capacity: { pods: '7' } });
    const node = await simulation.run(client.get<Node>(nodes, undefined, 'node-1'));
    expect(node.spec?.taints ?? []).toEqual([]);
    expect(node.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' });
    expect(node.status?.capacity).toMatchObject({ cpu: '8', pods: '7' });
    expect(node.status?.addresses).toContainEqual({ type: 'InternalIP', address: '10.0.0.1' });
    expect(node.status?.daemonEndpoints?.kubeletEndpoint?.Port).toBe(10250);
  });

  test('renews its Lease after somebody else has changed it', async () => {
    const { simulation, client } = await startCluster();
    await simulation.advance(15_000);
    const patch = { metadata: { labels: { touched: 'yes' } } };
    await simulation.run(client.patch(leases, 'kube-node-lease', 'node-1', 'merge', patch));
    await simulation.advance(60_000);
    const lease = await simulation.run(client.get<Lease>(leases, 'kube-node-lease', 'node-1'));
    expect(lease.metadata?.labels).toEqual({ touched: 'yes' });
    expect(simulation.now() - Date.parse(lease.spec?.renewTime ?? '')).toBeLessThan(11_000);
  });

  test('renews its Lease every 10 s and its status every 5 min', async () => {
    const { simulation, client } = await startCluster();
    const lease = () => simulation.run(client.get<Lease>(leases, 'kube-node-lease', 'node-1'));
    const heartbeat = async () => {
      const node = await simulation.run(client.get<Node>(nodes, undefined, 'node-1'));
      return Date.parse(node.status?.conditions?.[0]?.lastHeartbeatTime ?? '');
    };
    await simulation.advance(100_000);
    expect(simulation.now() - Date.parse((await lease()).spec?.renewTime ?? '')).toBeLessThan(11_000);
    expect((await heartbeat()) - startAt).toBeLessThan(1_000);
    await simulation.advance(290_000);
    expect((await heartbeat()) - startAt).toBeGreaterThan(299_000);
  });
});

describe('two runs of the same seed', () => {
  test('leave the same trace', async () => {
    const traceOf = async () => {
      const { simulation, client, create } = await startCluster({ programs: { nap: napping(5), bad: napping(1, 1) } });
      await create('p', { containers: [main('nap')] });
      await create('q', { containers: [main('bad')], restartPolicy: 'OnFailure' });
      await create('r', { containers: [main('unknown')] });
      await simulation.advance(120_000);
      await simulation.run(client.delete(pods, 'default', 'q'));
      await simulation.advance(60_000);
      return simulation.trace.hash();
    };
    expect(await traceOf()).toBe(await traceOf());
  });
});

describe('a pod that succeeds', () => {
  test('goes from Pending over Running to Succeeded, with times, conditions and events', async () => {
    const { simulation, create, follow, events } = await startCluster({ programs: { nap: napping(5) } });
    const seen = await follow('p');
    await create('p', { containers: [main('nap:1')] });
    await simulation.advance(10_000);
    const phases = seen.map(({ pod }) => pod.status?.phase);
    expect([...new Set(phases)]).toEqual(['Pending', 'Running', 'Succeeded']);
    const pending = seen.find(({ pod }) => pod.status?.containerStatuses)?.pod as Pod;
    expect(state(pending)).toEqual({ waiting: { reason: 'ContainerCreating' } });
    const running = seen.find(({ pod }) => pod.status?.phase === 'Running')?.pod as Pod;
    expect(condition(running, 'Ready')).toMatchObject({ status: 'True' });
    expect(running.status).toMatchObject({ hostIP: '10.0.0.1', podIP: expect.stringMatching(/^10\.244\./) });
    expect(running.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, restartCount: 0 });
    const done = seen.at(-1)?.pod as Pod;
    expect(state(done)?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(condition(done, 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(condition(done, 'Initialized')).toMatchObject({ status: 'True', reason: 'PodCompleted' });
    expect(condition(done, 'PodScheduled')).toMatchObject({ status: 'True' });
    expect(condition(done, 'PodReadyToStartContainers')).toMatchObject({ status: 'False' });
    expect(await events('p')).toEqual(['Created', 'Pulled', 'Started']);
  });

  test('keeps its log and its terminal phase', async () => {
    const program: Program = async ({ write }) => {
      await write('out\n');
      await write('err\n', 'stderr');
      await write('no line feed');
      return 0;
    };
    const { simulation, create, get, log } = await startCluster({ programs: { p: program } });
    await create('p', { containers: [main('p')], restartPolicy: 'OnFailure' });
    await simulation.advance(3_600_000);
    expect(await log('p')).toBe('out\nerr\nno line feed\n');
    expect((await get('p')).status?.phase).toBe('Succeeded');
  });
});

describe('a pod that fails', () => {
  test('under Never is Failed with its exit code', async () => {
    const { simulation, create, get } = await startCluster({ programs: { nap: napping(1, 3) } });
    await create('p', { containers: [main('nap')] });
    await simulation.advance(60_000);
    const pod = await get('p');
    expect(pod.status?.phase).toBe('Failed');
    expect(state(pod)?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(condition(pod, 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' });
  });

  test('stays Running under Never while another of its containers runs', async () => {
    const { simulation, create, get } = await startCluster({ programs: { bad: napping(1, 3), good: napping(60) } });
    await create('p', { containers: [main('bad'), { name: 'other', image: 'good' }] });
    await simulation.advance(30_000);
    expect((await get('p')).status?.phase).toBe('Running');
    await simulation.advance(60_000);
    expect((await get('p')).status?.phase).toBe('Failed');
  });

  test('under OnFailure is started at once, then after 10, 20, 40 s ... up to 300 s', async () => {
    const { program, contexts } = recorded(napping(1, 1));
    const starts: number[] = [];
    const timed: Program = (context) => {
      starts.push(context.world.clock.now());
      return program(context);
    };
    const { simulation, create, get } = await startCluster({
      programs: { bad: timed },
      startDelayMs: { minimum: 0, maximum: 0 },
    });
    await create('p', { containers: [main('bad')], restartPolicy: 'OnFailure' });
    await simulation.advance(3_600_000);
    expect(contexts.length).toBeGreaterThan(7);
    const pauses = starts.slice(1, 9).map((at, index) => at - (starts[index] ?? 0) - 1000);
    const expected = [0, 10, 20, 40, 80, 160, 300, 300];
    // The end of a container is known in whole seconds.
    for (const [index, seconds] of expected.entries()) {
      expect(pauses[index]).toBeLessThanOrEqual(1000 * seconds + 1);
      expect(pauses[index]).toBeGreaterThanOrEqual(Math.max(0, 1000 * (seconds - 1)));
    }
    const pod = await get('p');
    expect(pod.status?.phase).toBe('Running');
  });

  test('between two tries waits as CrashLoopBackOff and serves the log of the last one', async () => {
    let tries = 0;
    const program: Program = async ({ write }) => {
      tries += 1;
      await write(`try ${tries}\n`);
      throw new Error('broken');
    };
    const { simulation, create, get, log, events } = await startCluster({ programs: { bad: program } });
    await create('p', { containers: [main('bad')], restartPolicy: 'OnFailure' });
    await simulation.advance(18_000);
    const pod = await get('p');
    const [status] = pod.status?.containerStatuses ?? [];
    expect(status).toMatchObject({
      ready: false,
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(status?.state?.waiting?.message).toBe(
      `back-off 20s restarting failed container=main pod=p_default(${pod.metadata?.uid})`,
    );
    expect(await log('p')).toBe('try 3\nError: broken\n');
    expect(await events('p')).toContain('BackOff');
  });

  test('after ten minutes without a crash starts its back-off anew', async () => {
    const starts: number[] = [];
    const program: Program = async ({ world }) => {
      starts.push(world.clock.now());
      await world.clock.sleep(starts.length > 2 ? 700_000 : 0);
      return 1;
    };
    const { simulation, create } = await startCluster({ programs: { bad: program } });
    await create('p', { containers: [main('bad')], restartPolicy: 'Always' });
    await simulation.advance(1_000_000);
    expect(starts).toHaveLength(4);
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBeLessThan(700_500);
  });
});

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

describe('deletion', () => {
  const stubborn: Program = async ({ world }) => {
    await world.clock.sleep(10 ** 9);
    return 0;
  };

  test('is TERM, the last status, then the end: the order that watchers see', async () => {
    const { simulation, client, create, follow, events } = await startCluster({ programs: { nap: napping(999) } });
    const seen = await follow('p');
    await create('p', { containers: [main('nap')] });
    await simulation.advance(5_000);
    seen.length = 0;
    await simulation.run(client.delete(pods, 'default', 'p'));
    await simulation.advance(5_000);
    expect(seen.map(({ type }) => type).slice(0, 2)).toEqual(['MODIFIED', 'MODIFIED']);
    expect(seen.at(-1)?.type).toBe('DELETED');
    expect(seen[0]?.pod.metadata?.deletionTimestamp).toBeDefined();
    expect(seen[1]?.pod.status?.phase).toBe('Failed');
    expect(state(seen[1]?.pod as Pod)?.terminated).toMatchObject({ exitCode: 143, reason: 'Error' });
    expect(await events('p')).toContain('Killing');
  });

  test('kills with 137 what does not heed TERM when its grace is over', async () => {
    const { simulation, client, create, follow } = await startCluster({ programs: { stubborn } });
    await create('p', { containers: [main('stubborn')], terminationGracePeriodSeconds: 7 });
    await simulation.advance(5_000);
    const seen = await follow('p');
    const begun = simulation.now();
    await simulation.run(client.delete(pods, 'default', 'p'));
    await simulation.advance(6_900);
    expect(seen.some(({ type }) => type === 'DELETED')).toBe(false);
    await simulation.advance(1_000);
    const last = seen.find(({ pod }) => state(pod)?.terminated)?.pod as Pod;
    expect(state(last)?.terminated).toMatchObject({ exitCode: 137, signal: 9, reason: 'Error' });
    expect(seen.at(-1)?.type).toBe('DELETED');
    expect(simulation.now() - begun).toBeLessThan(8_500);
  });

  test('of a pod whose program is killed leaves the program inert', async () => {
    const acts: string[] = [];
    const program: Program = async ({ world, write }) => {
      world.clock.after(60_000, () => acts.push('timer'));
      try {
        await world.clock.sleep(30_000);
        acts.push('slept');
      } finally {
        acts.push('finally');
        await write('never\n');
      }
      return 0;
    };
    const { simulation, client, create } = await startCluster({ programs: { p: program } });
    await create('p', { containers: [main('p')] });
    await simulation.advance(5_000);
    await simulation.run(client.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 }));
    await simulation.advance(600_000);
    expect(acts).toEqual([]);
  });

  test('of a pod that never started ends it as Failed', async () => {
    const { simulation, client, create, follow } = await startCluster();
    await create('p', { containers: [main('unknown')] });
    await simulation.advance(5_000);
    const seen = await follow('p');
    await simulation.run(client.delete(pods, 'default', 'p'));
    await simulation.advance(5_000);
    expect(seen.at(-1)).toMatchObject({ type: 'DELETED', pod: { status: { phase: 'Failed' } } });
  });
});

describe('a pod past its active deadline', () => {
  test('is stopped and Failed with DeadlineExceeded, also under Always', async () => {
    const { simulation, create, get } = await startCluster({ programs: { nap: napping(999) } });
    await create('p', { containers: [main('nap')], restartPolicy: 'Always', activeDeadlineSeconds: 20 });
    await simulation.advance(19_000);
    expect((await get('p')).status?.phase).toBe('Running');
    await simulation.advance(3_000);
    const pod = await get('p');
    expect(pod.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(state(pod)?.terminated).toMatchObject({ exitCode: 143 });
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

describe('an agent that was killed and started again', () => {
  test('finds what ran lost: Failed under Never, started anew under Always; what had ended stays as it was', async () => {
    const cluster = await startCluster({ programs: { nap: napping(60), short: napping(1) } });
    const { simulation, create, get, world, startAgent, log } = cluster;
    await create('never', { containers: [main('nap')] });
    await create('always', { containers: [main('nap')], restartPolicy: 'Always' });
    await create('ended', { containers: [main('short')] });
    await simulation.advance(5_000);
    const before = await get('ended');
    world.kill();
    await simulation.advance(5_000);
    await startAgent();
    await simulation.advance(5_000);
    const never = await get('never');
    expect(never.status?.phase).toBe('Failed');
    expect(state(never)?.terminated).toMatchObject({ exitCode: 137, reason: 'ContainerStatusUnknown' });
    const always = await get('always');
    expect(always.status?.phase).toBe('Running');
    expect(always.status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { reason: 'ContainerStatusUnknown' } },
    });
    expect((await get('ended')).metadata?.resourceVersion).toBe(before.metadata?.resourceVersion);
    expect(await log('ended')).toBe('');
  });

  test('removes a pod that was deleted meanwhile', async () => {
    const { simulation, client, create, world, startAgent } = await startCluster({ programs: { nap: napping(60) } });
    await create('p', { containers: [main('nap')] });
    await simulation.advance(5_000);
    world.kill();
    await simulation.run(client.delete(pods, 'default', 'p'));
    await startAgent();
    await simulation.advance(5_000);
    await expect(simulation.run(client.get(pods, 'default', 'p'))).rejects.toMatchObject({ reason: 'NotFound' });
  });
});

describe('an agent that is stopped', () => {
  test('kills what runs and leaves nothing that acts', async () => {
    const acts: string[] = [];
    const program: Program = async ({ world }) => {
      await world.clock.sleep(60_000);
      acts.push('slept');
      return 0;
    };
    const { simulation, create, get, agent } = await startCluster({ programs: { p: program } });
    await create('p', { containers: [main('p')] });
    await simulation.advance(5_000);
    await simulation.run(agent.stop());
    const { resourceVersion } = (await get('p')).metadata ?? {};
    await simulation.advance(600_000);
    expect(acts).toEqual([]);
    expect((await get('p')).metadata?.resourceVersion).toBe(resourceVersion);
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
