import { describe, expect, test } from 'vitest';
import { main, napping, startCluster, textOf } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

const counting: Program = async ({ world, write, signal }) => {
  for (let second = 1; second <= 10; second += 1) {
    await write(`line ${second}\n`);
    await world.clock.sleep(1000, signal);
  }
  return 0;
};

/** What the agent itself answers. */
async function ask(cluster: Awaited<ReturnType<typeof startCluster>>, path: string) {
  const { fetch } = cluster.simulation.process('asker').network;
  const call = async () => {
    const answer = await fetch(`http://10.0.0.1:10250/containerLogs/default/${path}`);
    return { code: answer.status, text: await answer.text() };
  };
  return cluster.simulation.run(call());
}

describe('logs through the API server', () => {
  test('follow until the container ends', async () => {
    const { simulation, client, create } = await startCluster({ programs: { count: counting } });
    await create('p', { containers: [main('count')] });
    await simulation.advance(3_000);
    const text = await simulation.run(textOf(client.log('default', 'p', { follow: true })));
    expect(text.trim().split('\n')).toHaveLength(10);
  });

  test('obey tail, limit, since and timestamps', async () => {
    const { simulation, create, log } = await startCluster({ programs: { count: counting } });
    await create('p', { containers: [main('count')] });
    await simulation.advance(20_000);
    expect(await log('p', { tailLines: 2 })).toBe('line 9\nline 10\n');
    expect(await log('p', { limitBytes: 9 })).toBe('line 1\nli');
    expect(await log('p', { tailLines: 1, timestamps: true })).toMatch(/^2026-01-01T00:00:09\.\d{9}Z line 10\n$/);
    const [time = ''] = (await log('p', { timestamps: true })).split('\n')[6]?.split(' ') ?? [];
    expect(await log('p', { sinceTime: time, tailLines: 2 })).toBe('line 9\nline 10\n');
    expect((await log('p', { sinceTime: time })).startsWith('line 7\n')).toBe(true);
    expect(await log('p', { sinceSeconds: 1 })).toBe('');
  });

  test('of the previous instance are kept, those before are not', async () => {
    let tries = 0;
    const program: Program = async ({ write, world, signal }) => {
      tries += 1;
      await write(`try ${tries}\n`);
      if (tries === 3) await world.clock.sleep(10 ** 8, signal);
      return 1;
    };
    const { simulation, create, log, world, get } = await startCluster({ programs: { p: program } });
    await create('p', { containers: [main('p')], restartPolicy: 'Always' });
    await simulation.advance(60_000);
    expect(await log('p')).toBe('try 3\n');
    expect(await log('p', { previous: true })).toBe('try 2\n');
    const { uid } = (await get('p')).metadata ?? {};
    const kept = await simulation.run(world.files.list(`/var/orrery/node-1/pods/${uid}/main`));
    expect(kept).toEqual(['1.log', '2.log']);
  });

  test('are gone with their pod', async () => {
    const { simulation, client, create, world } = await startCluster({ programs: { nap: napping(1) } });
    await create('p', { containers: [main('nap')] });
    await simulation.advance(5_000);
    await simulation.run(
      client.delete({ group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }, 'default', 'p'),
    );
    await simulation.advance(5_000);
    expect(await simulation.run(world.files.list('/var/orrery/node-1/pods'))).toEqual([]);
  });
});

describe('the agent refuses, in the kubelet’s words', () => {
  test('a pod and a container that it does not have', async () => {
    const cluster = await startCluster({ programs: { nap: napping(99) } });
    await cluster.create('p', { containers: [main('nap')] });
    await cluster.simulation.advance(2_000);
    expect((await ask(cluster, 'none/main')).code).toBe(404);
    expect(await ask(cluster, 'p/none')).toEqual({ code: 404, text: 'container "none" not found in pod "p"' });
  });

  test('a container that has not begun', async () => {
    const cluster = await startCluster({
      programs: { nap: napping(99) },
      startDelayMs: { minimum: 60_000, maximum: 60_000 },
    });
    await cluster.create('p', { containers: [main('nap')] });
    await cluster.simulation.advance(2_000);
    expect(await ask(cluster, 'p/main')).toEqual({
      code: 400,
      text: 'container "main" in pod "p" is waiting to start: ContainerCreating',
    });
  });

  test('a previous instance where there was none', async () => {
    const cluster = await startCluster({ programs: { nap: napping(99) } });
    await cluster.create('p', { containers: [main('nap')] });
    await cluster.simulation.advance(2_000);
    expect(await ask(cluster, 'p/main?previous=true')).toEqual({
      code: 400,
      text: 'previous terminated container "main" in pod "p" not found',
    });
  });

  test('a number that is none', async () => {
    const cluster = await startCluster({ programs: { nap: napping(99) } });
    await cluster.create('p', { containers: [main('nap')] });
    await cluster.simulation.advance(2_000);
    expect((await ask(cluster, 'p/main?tailLines=many')).code).toBe(400);
  });
});

describe('log files', () => {
  const talking: Program = async ({ world, write, signal }) => {
    for (let round = 0; round < 3; round += 1) {
      await write(`${'x'.repeat(99)}\n`.repeat(100));
      await world.clock.sleep(10_000, signal);
    }
    return 0;
  };

  test('are listed, rotated ones included, and served by ranges', async () => {
    const cluster = await startCluster({
      programs: { talk: talking },
      rotation: { maximumFileBytes: 5000, maximumFiles: 5 },
    });
    const { simulation, create, get } = cluster;
    await create('p', { containers: [main('talk')] });
    await simulation.advance(15_000);
    const { uid } = (await get('p')).metadata ?? {};
    const { fetch } = simulation.process('asker').network;
    const ask = (file: string, range?: string) =>
      simulation.run(
        (async () => {
          const headers = range === undefined ? {} : { range };
          const answer = await fetch(`http://10.0.0.1:10250/logs/pods/default_p_${uid}/main/${file}`, { headers });
          return { code: answer.status, text: await answer.text(), range: answer.headers.get('content-range') };
        })(),
      );
    const names = [...(await ask('')).text.matchAll(/href="([^"]+)"/g)].map(([, name = '']) => name);
    expect(names).toEqual(['0.log', expect.stringMatching(/^0\.log\.20260101-000010/)]);
    const whole = await ask(names[1] ?? '');
    expect(whole.text.split('\n')[0]).toMatch(/^2026-01-01T00:00:00\.\d{9}Z stdout F x{99}$/);
    const part = await ask(names[1] ?? '', 'bytes=10-29');
    expect(part).toEqual({ code: 206, text: whole.text.slice(10, 30), range: `bytes 10-29/${whole.text.length}` });
    expect((await ask(names[1] ?? '', `bytes=${whole.text.length}-`)).code).toBe(416);
    expect((await ask('1.log')).code).toBe(404);
  });

  test('lead nowhere else', async () => {
    const cluster = await startCluster({ programs: { talk: talking } });
    const { simulation, create, get, world } = cluster;
    await create('p', { containers: [main('talk')] });
    await simulation.advance(1_000);
    const { uid } = (await get('p')).metadata ?? {};
    await simulation.run(world.files.write('/var/orrery/secret/token', 'secret'));
    const ask = async (path: string) => {
      const asked = { origin: 'http://10.0.0.1:10250', path: `/logs/pods/${path}`, method: 'GET' } as const;
      const { statusCode, body } = await simulation.process('asker').network.dispatcher().request(asked);
      return { code: statusCode, text: await body.text() };
    };
    const ways = [
      'default_p_../main/token',
      `default_p_${uid}/..%2F..%2F..%2Fsecret/token`,
      `default_p_${uid}/%2e%2e/main/0.log`,
      `default_p_${uid}/../../../secret/token`,
      `default_p_${uid}/main/%00`,
      `default_p_${uid}/main/%`,
      'default_p_..%2f..%2f..%2fsecret/token',
      '//secret/token',
    ];
    for (const way of ways) {
      const { code, text } = await simulation.run(ask(way));
      expect([way, code >= 400 && code < 500, text.includes('secret')]).toEqual([way, true, false]);
    }
    expect((await simulation.run(ask(`default_p_${uid}/main/0.log`))).code).toBe(200);
  });
});
