/**
 * A gateway with a cluster in memory and managed content, in a simulation, each answer held to the description. For
 * tests.
 */
import type { LogOptions } from '../../kubernetes/client.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { openFolderBlobs } from '../content/blobs/folder/folder.ts';
import { startContent } from '../content/server.ts';
import { FakeCluster } from '../operator/testing/fake-cluster.ts';
import { answerFaults } from './openapi/described.fixture.ts';
import { startGateway } from './server.ts';
import type { GatewayOptions } from './settings.ts';
import { openEmbeddedStore } from './stores/embedded/store.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The body as JSON; undefined when it is none. */
  readonly json: AnswerBody;
}

/** What answers hold, each its own part of it: tests look at what they expect. */
export interface AnswerBody {
  readonly message: string;
  readonly logs: string;
  readonly name: string;
  readonly semver: string;
  readonly serverTs: number;
  readonly task: Record<string, unknown>;
  readonly tasks: { readonly name: string; readonly [field: string]: unknown }[];
  readonly details: { readonly path: string[]; readonly message: string }[];
  readonly rows: unknown[];
  readonly k8sResource: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

export async function openBench(options: Partial<GatewayOptions> & { podLog?: PodLogReader } = {}) {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const cluster = new FakeCluster(() => simulation.now());
  const contentWorld = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world: contentWorld, folder: '/content' }));
  await simulation.run(
    startContent({ world: contentWorld, address: 'content:80', blobs, credential: options.access?.credential }),
  );
  const world = simulation.process('gateway');
  const { podLog, ...rest } = options;
  const clusterClient = cluster.client();
  const client = podLog ? { ...clusterClient, log: podLog } : clusterClient;
  const store = openEmbeddedStore(':memory:');
  await simulation.run(
    startGateway({
      world,
      address: 'gateway:80',
      store,
      client,
      contentUrl: 'http://content',
      createProjectsOnUse: true,
      ...rest,
    }),
  );
  const { network } = simulation.process('client');
  const ask = async (path: string, { method = 'GET', body, headers = {} }: Ask = {}): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const asked = async () => {
      const answer = await network.fetch(`http://gateway${path}`, { method, headers, ...sent });
      const text = await answer.text();
      const { status } = answer;
      const contentType = answer.headers.get('content-type') ?? undefined;
      const faults = answerFaults({ method, url: path, status, contentType, text });
      if (faults.length > 0) throw new Error(`${method} ${path} does not answer as described: ${faults.join('; ')}`);
      return { status, text, headers: answer.headers as unknown as Headers, json: jsonOf(text) };
    };
    return simulation.run(asked());
  };
  return { simulation, cluster, contentWorld, network, ask };
}

export type PodLogReader = (
  namespace: string,
  pod: string,
  options: LogOptions,
  signal?: AbortSignal,
) => Promise<AsyncIterable<Buffer>>;

function jsonOf(text: string): AnswerBody {
  try {
    return JSON.parse(text);
  } catch {
    return undefined as unknown as AnswerBody;
  }
}

export const tasksPath = '/fabric/v4/projects/proj1/tasks';

/** A report of the operator. */
export function report(uid: string, more: Record<string, unknown> = {}) {
  const base = { name: `task-${uid}`, projectId: 'proj1', jobType: 'onetime', state: 'ACTIVE', sequence: 1 };
  const body: Record<string, unknown> = { uid, ...base, ...more };
  return [`/internal/tasks/${uid}`, { method: 'POST', body: { status: body.state, ...body } }] as const;
}
