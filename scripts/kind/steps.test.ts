/** Bringing up without Docker: what each step says when it fails, and what it makes of kind-config.yaml. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { portsOf, render } from './config.ts';
import { fullName } from './load-into-node.ts';
import { runArguments } from './run-arguments.ts';
import type { Site } from './site.ts';
import { RemediedError, type Step, StepFailedError, take } from './step.ts';
import { assertFree } from './steps/choose-ports.ts';
import { remedied } from './steps/create-cluster.ts';
import { check } from './steps/find-docker.ts';

const config = readFileSync(new URL('../../kind-config.yaml', import.meta.url), 'utf8');
const site = {} as Site;
const step = (wish: Partial<Step>): Step => ({
  name: 'create the cluster',
  deadlineMs: 5_000,
  remedy: 'try again',
  run: async () => 'done',
  ...wish,
});

async function failureOf(...steps: Step[]): Promise<StepFailedError> {
  const lines: string[] = [];
  const error = await take(steps, site, (line) => lines.push(line)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepFailedError);
  expect(lines.at(-1)).toContain('FAILED');
  return error as StepFailedError;
}

test('steps are taken in order, each with a line', async () => {
  const lines: string[] = [];
  await take([step({ name: 'a' }), step({ name: 'b', run: async () => 'well' })], site, (line) => lines.push(line));
  expect(lines[0]).toMatch(/^\[1\/2\] a: done \(\d+\.\d s\)$/);
  expect(lines[1]).toMatch(/^\[2\/2\] b: well \(\d+\.\d s\)$/);
});

test('a failure names the step, the cause and the step’s remedy', async () => {
  const { message } = await failureOf(step({ run: () => Promise.reject(new Error('no')) }));
  expect(message).toBe('could not create the cluster: no\nwhat to do: try again');
});

test('a remedy that is known better comes before the step’s own', async () => {
  const error = new RemediedError('the port is taken', 'end what listens there');
  const { message } = await failureOf(step({ run: () => Promise.reject(error) }));
  expect(message).toBe('could not create the cluster: the port is taken\nwhat to do: end what listens there');
});

test('a step that never ends fails at its deadline, and is told so', async () => {
  let told = false;
  const endless = step({
    deadlineMs: 1,
    run: (_site, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = true;
        });
      }),
  });
  expect((await failureOf(endless)).message).toContain('not done within 0.001 s');
  expect(told).toBe(true);
});

test.each([
  ['no daemon', { ServerErrors: ['Cannot connect to the Docker daemon'] }, 'start Docker'],
  ['too little memory', { ServerVersion: '27', MemTotal: 1e9 }, 'give Docker more memory'],
  ['Windows containers', { ServerVersion: '27', MemTotal: 8e9, OSType: 'windows' }, 'switch Docker to Linux'],
])('Docker with %s: the remedy is named', (_what, info, remedy) => {
  const failing = () => check(info);
  expect(failing).toThrow(RemediedError);
  try {
    failing();
  } catch (error) {
    expect((error as RemediedError).remedy).toContain(remedy);
  }
});

test.each([
  ['Bind for 127.0.0.1:31880 failed: port is already allocated', 'choose another --name'],
  ['ERROR: failed to create cluster: running kind with cgroup v1 needs cgroupns', 'kind needs cgroup v2'],
  ['failed to pull image "kindest/node": dial tcp: lookup registry-1.docker.io: no such host', 'ORRERY_KIND_IMAGE'],
  ['write /var/lib/docker: no space left on device', 'free disk space'],
])('what kind says (“%s”) has its remedy', (words, remedy) => {
  expect((remedied(words) as RemediedError).remedy).toContain(remedy);
});

test('a port that is taken is told before anything is begun', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(assertFree(port)).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
  server.close();
  await once(server, 'close');
  await assertFree(port);
});

test('kind-config.yaml gets the cluster’s name and ports, and keeps everything else', () => {
  const rendered = parse(render(config, 'second', { gateway: 4001, content: 4002 }));
  const plain = parse(config);
  expect(portsOf(config)).toEqual({ gateway: 31880, content: 31881 });
  expect(portsOf(render(config, 'second', { gateway: 4001, content: 4002 }))).toEqual({ gateway: 4001, content: 4002 });
  expect(rendered.name).toBe('second');
  expect(rendered.kubeadmConfigPatches).toEqual(plain.kubeadmConfigPatches);
});

test('kind-config.yaml keeps long logs whole and opens nothing to the network', () => {
  expect(config).toContain('containerLogMaxSize: 2Gi');
  const { nodes } = parse(config) as { nodes: { extraPortMappings: { listenAddress: string }[] }[] };
  const addresses = nodes.flatMap(({ extraPortMappings }) =>
    extraPortMappings.map(({ listenAddress }) => listenAddress),
  );
  expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
});

test.each([
  ['mongo:8.0.28', 'docker.io/library/mongo:8.0.28'],
  ['orrery/minio:dev-1', 'docker.io/orrery/minio:dev-1'],
  ['localhost:5001/mongo:8', 'localhost:5001/mongo:8'],
  ['registry.example.com/a/b:1', 'registry.example.com/a/b:1'],
])('%s is %s to containerd', (short, full) => {
  expect(fullName(short)).toBe(full);
});

test('kind:run keeps its own flags and passes the rest on', () => {
  expect(runArguments(['--name', 'a', 'tasks', '--html', 'r.html', '--retain'])).toEqual({
    name: 'a',
    retain: true,
    host: false,
    rest: ['tasks', '--html', 'r.html'],
  });
  expect(runArguments(['--name=b'])).toEqual({ name: 'b', retain: false, host: false, rest: [] });
  expect(runArguments(['--host'])).toMatchObject({ host: true, rest: [] });
});
