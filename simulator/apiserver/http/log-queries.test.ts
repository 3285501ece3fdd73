/**
 * Requests for the log of a pod that printed `one`, `two`, `three` and ended, with what an API server and a kubelet of
 * Kubernetes 1.36.3 (kind, containerd
 * 2.4.2) answered some seconds later.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { main, startCluster } from '../../node/node.fixture.ts';

interface Exchange {
  readonly query: string;
  readonly code: number;
  readonly log?: string;
  readonly status?: object;
}

const file = new URL('../../../fixtures/kubernetes/log-queries.json', import.meta.url);
const exchanges = JSON.parse(readFileSync(file, 'utf8')) as readonly Exchange[];

async function printedBy(...texts: string[]) {
  const cluster = await startCluster({
    programs: {
      printing: async ({ world, write }) => {
        for (const text of texts) {
          await write(text);
          await world.clock.sleep(100);
        }
        return 0;
      },
    },
  });
  await cluster.create('ran', { containers: [main('printing')] });
  await cluster.simulation.advance(20_000);
  const asking = cluster.simulation.process('asking');
  const ask = (query: string) =>
    cluster.simulation.run(
      asking.network
        .fetch(`http://kubernetes/api/v1/namespaces/default/pods/ran/log${query === '' ? '' : `?${query}`}`)
        .then(async (answer) => ({ code: answer.status, text: await answer.text() })),
    );
  return { ...cluster, ask };
}

/** Times are those of the run. */
function withoutTimes(log: string): string {
  return log.replaceAll(/^\d{4}-\S+Z /gm, 'TIME ');
}

describe('a request for a log', () => {
  test('is answered as by a cluster, whatever it asks for', async () => {
    const { ask } = await printedBy('one\n', 'two\n', 'three\n');
    const differing: object[] = [];
    for (const { query, code, log, status } of exchanges) {
      const answer = await ask(query);
      const found =
        answer.code === 200
          ? { query, code: answer.code, log: withoutTimes(answer.text) }
          : { query, code: answer.code, status: JSON.parse(answer.text) };
      const wanted = log === undefined ? { query, code, status } : { query, code, log: withoutTimes(log) };
      try {
        expect(found).toMatchObject(wanted);
      } catch {
        differing.push({ found, wanted });
      }
    }
    expect(exchanges.length).toBeGreaterThan(130);
    expect(differing).toEqual([]);
  });

  test('begins with the whole second of `sinceTime`: what is up to a second older comes too', async () => {
    const { ask } = await printedBy(...Array.from({ length: 40 }, (_, index) => `t${index}\n`));
    const [first = ''] = (await ask('timestamps=true&tailLines=15')).text.split('\n');
    const time = first.split(' ')[0] ?? '';
    const lines = (await ask(`timestamps=true&sinceTime=${time}`)).text.split('\n');
    expect(first).toContain(' t25');
    expect(lines[0]?.slice(0, 20)).toBe(`${time.slice(0, 19)}.`);
    expect(lines.length).toBeGreaterThan(16);
    expect((await ask(`timestamps=true&sinceTime=${time.slice(0, 19)}Z`)).text.split('\n')).toEqual(lines);
  });

  test('reads a time by the zone that it names', async () => {
    const { ask } = await printedBy('one\n');
    expect((await ask('sinceTime=2026-01-01T01:00:00%2B01:00')).text).toBe('one\n');
    expect((await ask('sinceTime=2025-12-31T23:00:00-01:30')).text).toBe('');
  });
});
