import { describe, expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/objects.ts';
import { pods } from '../../kubernetes/resources.ts';
import { main, napping, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

const state = (pod: Pod, index = 0) => pod.status?.containerStatuses?.[index]?.state;

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
