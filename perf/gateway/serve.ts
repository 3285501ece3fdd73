/**
 * One side as a process of its own: the gateway, or bare routes of the same framework on a store of the same kind, a
 * SQLite file in which what was answered outlives a loss of power. Its cluster is one in memory; its agent asks an
 * external API that answers at once.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../../fabric/gateway/server.ts';
import { openEmbeddedFile } from '../../fabric/gateway/stores/embedded/store.ts';
import type { Store } from '../../fabric/gateway/stores/store.ts';
import { createRoutes, readJson, type Serving, sendJson, serve } from '../../fabric/http/index.ts';
import { FakeCluster } from '../../fabric/operator/testing/fake-cluster.ts';
import { silentLog } from '../../harness/environments/controlplane/own-world.ts';
import { accessOf, newIdentity } from '../../harness/environments/identity.ts';
import { realWorld } from '../../world/real/world.ts';
import type { World } from '../../world/world.ts';
import { measures, type PerfRecord, project, recordOf, records } from './measures.ts';

export type SideName = 'gateway' | 'bare';

export interface Side {
  readonly url: string;
  /** Headers of a user and of Fabric's services. */
  readonly user: string;
  readonly services: string;
  /** Milliseconds of processor so far. */
  processorMs(): Promise<number>;
  stop(): void;
}

const bodyBytesMaximum = 1024 * 1024;
const definition = {
  name: 'bare',
  scalars: ['projectId', 'name', 'startTime'],
  indexes: [
    ['projectId', 'startTime'],
    ['projectId', 'name'],
  ],
};

interface Parts {
  readonly world: World;
  readonly store: Store;
  /** URL of the program of no duration. */
  readonly program: string;
  readonly contentUrl: string;
}

export function startSide(name: SideName, contentUrl: string): Promise<Side> {
  const child = fork(fileURLToPath(import.meta.url), [name, contentUrl]);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the side ${name} ended with code ${code}`)));
    child.once('message', (first) => {
      const { url, user, services } = first as Pick<Side, 'url' | 'user' | 'services'>;
      const processorMs = () =>
        new Promise<number>((answered) => {
          child.once('message', (value) => answered(Number(value)));
          child.send('processor');
        });
      resolve({ url, user, services, processorMs, stop: () => void child.kill() });
    });
  });
}

async function startBare({ world, store, program, contentUrl }: Parts): Promise<Serving> {
  const headers = { 'content-type': 'application/json' };
  const askProgram = async (payload: unknown) => {
    const answer = await world.network.fetch(program, { method: 'POST', headers, body: JSON.stringify(payload) });
    return answer.json();
  };
  const askContent = (path: string) => world.network.fetch(`${contentUrl}${path}`);
  const collection = await store.collection<PerfRecord>(definition);
  const all = Array.from({ length: records }, (_, index) => recordOf(index));
  await collection.write(all.map((document) => ({ put: { id: document.name, document } })));
  const routes = createRoutes();
  for (const { method, route, bare } of measures) {
    routes.on(method, route, async (context) => {
      const body = (method === 'POST' ? await readJson(context, bodyBytesMaximum) : {}) as Record<string, unknown>;
      const answer = await bare({ collection, context, body, askProgram, askContent });
      return answer instanceof Response ? answer : sendJson(context, answer as object);
    });
  }
  return serve({ world, address: '127.0.0.1:0', routes });
}

async function startWhole({ world, store, program, contentUrl }: Parts) {
  const identity = newIdentity(world.random);
  const serving = await startGateway({
    world,
    address: '127.0.0.1:0',
    store,
    client: new FakeCluster(() => world.clock.now()).client(),
    access: accessOf(identity),
    projects: [project],
    contentUrl,
    allowedOutward: [new URL(program).host],
  });
  const user = identity.userAuthorization(world.clock.now() + 24 * 3_600_000);
  const services = `Bearer ${identity.credential}`;
  const post = async (path: string, authorization: string, body: unknown) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${serving.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
  for (let index = 0; index < records; index++) {
    const uid = `u${index}`;
    await post(`/internal/tasks/${uid}`, services, { ...recordOf(index), uid, sequence: 1 });
  }
  await post(`/fabric/v4/projects/${project}/skills`, user, skill(program));
  await post(`/fabric/v4/projects/${project}/agents`, user, agent);
  return { serving, user, services };
}

const skill = (program: string) => ({
  camel: '1.0.0',
  name: 'program',
  properties: [{ name: 'url', defaultValue: program }],
  inputs: [{ name: 'in', routing: { all: { runtime: 'cortex/external-api', output: 'out' } } }],
  outputs: [{ name: 'out' }],
});

const agent = {
  camel: '1.0.0',
  name: 'perf-agent',
  inputs: [{ name: 'input', signalType: 'Service', signalId: 'i', output: 'output' }],
  outputs: [{ name: 'output', signalType: 'Service', signalId: 'o' }],
  skills: [{ refId: 'r', skillName: 'program' }],
  mappings: [
    { from: { input: { signalId: 'i' } }, to: { skill: { refId: 'r', input: 'in' } } },
    { from: { skill: { refId: 'r', output: 'out' } }, to: { output: { signalId: 'o' } } },
  ],
};

/** The program of no duration. */
async function startProgram(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end('{"done":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

if (process.send) {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-perf-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  const world = realWorld('perf', silentLog);
  const store = await openEmbeddedFile(world, join(folder, 'records.sqlite'));
  const facts = { user: '', services: '' };
  let serving: Serving;
  const parts = { world, store, program: await startProgram(), contentUrl: process.argv[3] ?? '' };
  if (process.argv[2] === 'bare') serving = await startBare(parts);
  else {
    const whole = await startWhole(parts);
    serving = whole.serving;
    Object.assign(facts, { user: whole.user, services: whole.services });
  }
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.send({ url: serving.url, ...facts });
}
