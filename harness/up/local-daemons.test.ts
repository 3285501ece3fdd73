/**
 * The Python daemon skill in `orrery up`: two processes that declare one port, asked by the gateway while time is
 * hurried, killed, scaled.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Kubectl, program } from './kubectl.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const skillFile = fileURLToPath(new URL('../../fixtures/skills/daemon/skill.yaml', import.meta.url));
const port = 25_500;

interface PodSeen {
  readonly status: {
    readonly podIP: string;
    readonly containerStatuses: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

describe.runIf(program && hasPython)('a daemon that is a local command', () => {
  let up: RunningUp;
  let kubectl: Kubectl;
  let holder: Server;
  beforeAll(async () => {
    // Somebody else has the port that the skill declares.
    holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    up = await RunningUp.start();
    kubectl = new Kubectl(up);
    const skill = parse(readFileSync(skillFile, 'utf8'));
    skill.properties.find(({ name }: { name: string }) => name === 'daemon.port').defaultValue = port;
    Object.assign(skill.actions[0], { port, scaleCount: 2 });
    expect(await posted('/skills', skill)).toMatchObject({ success: true });
  });
  afterAll(async () => {
    await up?.stop();
    holder?.close();
  });

  async function posted(path: string, body: object): Promise<unknown> {
    const project = `/fabric/v4/projects/${up.endpoints.gateway.project}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await up.asked(`${project}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.json();
  }

  const invoked = (payload: unknown) => posted('/skillinvoke/daemon-skill/inputs/request?sync=true', { payload });

  async function daemons(): Promise<readonly PodSeen[]> {
    const { out } = await kubectl.run(['get', 'pods', '-o', 'json']);
    return (JSON.parse(out) as { items: PodSeen[] }).items;
  }

  /** As many pods, each ready. */
  async function allReady(count: number): Promise<void> {
    const readiness = async () =>
      (await daemons()).map(({ status }) => status.containerStatuses?.every(({ ready }) => ready) ?? false);
    await expect.poll(readiness, { timeout: 30_000, interval: 200 }).toEqual(Array(count).fill(true));
  }

  test('has a port that is free, and each of two an address of its own', async () => {
    await allReady(2);
    const addresses = (await daemons()).map(({ status }) => status.podIP);
    expect(new Set(addresses).size).toBe(2);
    const { out } = await kubectl.run(['logs', '-l', '!no-such-label', '--tail', '-1']);
    const ports = [...out.matchAll(/Listening on port (\d+)/g)].map(([, number]) => Number(number));
    expect(ports).toHaveLength(2);
    expect(new Set([...ports, port]).size).toBe(3);
  });

  test('answers through its Service, at any pace of time', async () => {
    expect(await invoked({ n: 1 })).toMatchObject({ response: { n: 1 } });
    expect(await kubectl.advance('20m')).toBe(200);
    const advancing = kubectl.advance('20m');
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => invoked({ n })));
    expect(answers).toMatchObject(Array.from({ length: 10 }, (_, n) => ({ response: { n } })));
    expect(await advancing).toBe(200);
  });

  test('that is killed begins again, and is asked again', async () => {
    const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(up.endpoints.pid)], { encoding: 'utf8' });
    const [, pid] = /^\s*(\d+) python3 main\.py$/m.exec(stdout) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    const restarts = async () =>
      (await daemons())
        .flatMap(({ status }) => status.containerStatuses.map(({ restartCount }) => restartCount))
        .sort();
    await expect.poll(restarts, { timeout: 30_000, interval: 200 }).toEqual([0, 1]);
    await allReady(2);
    for (let n = 0; n < 4; n++) expect(await invoked({ n })).toMatchObject({ response: { n } });
  });
});
