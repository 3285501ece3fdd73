import { describe, expect, test } from 'vitest';
import type { Lease, Node, Pod } from '../../kubernetes/objects.ts';
import { leases, nodes, pods } from '../../kubernetes/resources.ts';
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
    // What was said of an earlier state is not said of a later one.
    expect(condition(pending, 'Ready')).toHaveProperty('message', 'containers with unready status: [main]');
    for (const later of [condition(running, 'Ready'), condition(done, 'Ready')]) {
      expect(later).not.toHaveProperty('message');
    }
    expect(condition(running, 'Ready')).not.toHaveProperty('reason');
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
    expect(await log('p')).toBe('out\nerr\nno line feed');
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
