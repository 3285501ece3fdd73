/**
 * A small life of a cluster with a Fabric in it: Jobs, pods, a CronJob, a Deployment, a namespace and Tasks, of which
 * some are deleted half-way. A fault may hold meanwhile; what stands hours after it was healed is compared.
 */
import { DatabaseSync } from 'node:sqlite';
import { type Task, tasks } from '../../../fabric/task/task.ts';
import { programImages } from '../../../fixtures/images.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Deployment, Job, KubernetesObject, Namespace, Pod } from '../../../kubernetes/objects.ts';
import {
  cronJobs,
  deployments,
  jobs,
  namespaces,
  pods,
  type ResourceType,
  replicaSets,
} from '../../../kubernetes/resources.ts';
import type { ApiFault } from '../../../simulator/apiserver/faults/fault.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import type { World } from '../../../world/world.ts';
import type { TaskRecord } from '../../recording/recording.ts';
import { httpAccess } from './access.ts';
import { bringUpFabric } from './bring-up.ts';
import { SimulatedCluster } from './cluster.ts';
import { collectRecords } from './collect.ts';
import { gatewayAddress } from './names.ts';
import { Services } from './services.ts';

const startAt = Date.UTC(2026, 0, 1);
const namespace = 'fabric';
const project = 'p';
/** Begun, and deleted half-way: when the fault may hold. */
const deleteAfterMs = 60_000;
const hourMs = 3_600_000;
const retryMs = 5_000;

/** A fault and when it holds, seconds after the life began. */
export interface Outage {
  readonly fault: ApiFault;
  readonly fromSeconds: number;
  readonly forSeconds: number;
}

/** What stands after so many hours: each object and record with what matters of its state, in order. */
export async function endingAfter(hours: number, seed: number, outage?: Outage): Promise<string[]> {
  const simulation = new Simulation({ seed, startAt });
  try {
    const { cluster, world, client } = await bringUp(simulation);
    if (outage) hold(cluster, world, outage);
    await simulation.run(life(client, world));
    await simulation.advance(hours * hourMs);
    return await simulation.run(standing(client, world));
  } finally {
    simulation.shutDown();
  }
}

async function bringUp(simulation: Simulation) {
  const cluster = new SimulatedCluster({ simulation, programs: programImages, folder: '/nodes' });
  const services = new Services({
    simulation,
    cluster,
    settings: {},
    namespace,
    database: new DatabaseSync(':memory:'),
    contentFolder: '/content',
    createProjectsOnUse: true,
  });
  const world = simulation.process('test');
  const client = cluster.client(world);
  await simulation.run(bringUpFabric({ cluster, services, world, client, namespace, nodeHost: '10.0.0.1' }));
  return { cluster, world, client };
}

function hold(cluster: SimulatedCluster, { clock }: World, { fault, fromSeconds, forSeconds }: Outage): void {
  clock.after(fromSeconds * 1000, () => {
    const active = cluster.injectApiFault(fault);
    clock.after(forSeconds * 1000, () => active.heal());
  });
}

async function life(client: KubernetesClient, world: World): Promise<void> {
  for (const [type, object] of begun) await untilDone(world, 'AlreadyExists', () => create(client, type, object));
  await world.clock.sleep(deleteAfterMs);
  for (const [type, name, within] of deleted) {
    await untilDone(world, 'NotFound', () => client.delete(type, within, name, { propagationPolicy: 'Background' }));
  }
}

function create(client: KubernetesClient, type: ResourceType, object: KubernetesObject): Promise<KubernetesObject> {
  return client.create(type, object.metadata?.namespace, object);
}

/** The fault may hit the test's own requests too. */
async function untilDone(world: World, done: string, request: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await request();
      return;
    } catch (error) {
      if (hasReason(error, done)) return;
      await world.clock.sleep(retryMs);
    }
  }
}

const container = (script: string) => ({ name: 'main', image: 'busybox', command: ['sh', '-c', script] });
const named = (name: string, within = namespace) => ({ metadata: { name, namespace: within } });

function pod(name: string, script: string, within = namespace): [ResourceType, Pod] {
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 7, containers: [container(script)] };
  return [pods, { apiVersion: 'v1', kind: 'Pod', ...named(name, within), spec }];
}

function job(name: string, script: string, more: Partial<NonNullable<Job['spec']>> = {}): [ResourceType, Job] {
  const template = { spec: { restartPolicy: 'Never', containers: [container(script)] } };
  return [jobs, { apiVersion: 'batch/v1', kind: 'Job', ...named(name), spec: { template, ...more } }];
}

function task(name: string, script: string, more: Partial<NonNullable<Task['spec']>> = {}): [ResourceType, Task] {
  const spec = { projectId: project, skillName: 'actor', actionName: 'run', image: 'orrery/actor', args: [script] };
  return [
    tasks,
    { apiVersion: 'fabric.orrery.dev/v1', kind: 'Task', ...named(name), spec: { ...spec, ...more } } as Task,
  ];
}

const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...named('web'),
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container('sleep 1000000')] } },
  },
};

const side: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'side' } };

const begun: readonly (readonly [ResourceType, KubernetesObject])[] = [
  [namespaces, side],
  pod('stays', 'sleep 1000000'),
  pod('goes', 'sleep 1000000'),
  pod('ends', 'sleep 30'),
  pod('inside', 'sleep 1000000', 'side'),
  job('done', 'sleep 50; echo done', { completions: 3, parallelism: 2 }),
  job('fails', 'sleep 20; exit 1', { backoffLimit: 1 }),
  job('expires', 'sleep 20', { ttlSecondsAfterFinished: 30 }),
  job('cancelled', 'sleep 1000000'),
  [deployments, deployment],
  task('once', 'print a; sleep 50s; print b'),
  task('broken', 'print a; sleep 10s; exit 3'),
  task('cut', 'print a; sleep 10h'),
  task('hourly', 'print a; sleep 10s', { schedule: '30 * * * *', successfulJobsHistoryLimit: 2 }),
  task('ended', 'sleep 10s', { schedule: '* * * * *' }),
];

const deleted: readonly (readonly [ResourceType, string, string | undefined])[] = [
  [pods, 'goes', namespace],
  [jobs, 'cancelled', namespace],
  [namespaces, 'side', undefined],
  [tasks, 'cut', namespace],
  [tasks, 'ended', namespace],
];

async function standing(client: KubernetesClient, world: World): Promise<string[]> {
  const lines: string[] = [];
  for (const type of [namespaces, pods, jobs, cronJobs, deployments, replicaSets, tasks]) {
    const { items } = await client.list<KubernetesObject & { status?: object }>(type, {});
    lines.push(...items.map((object) => `${type.kind} ${lasting(object.metadata?.name ?? '')}${stateOf(object)}`));
  }
  const records = await collectRecords(httpAccess(world, `http://${gatewayAddress}`), project);
  lines.push(...records.filter(({ scheduleName }) => scheduleName === undefined).map(recordLine));
  return lines.sort();
}

function recordLine(record: TaskRecord): string {
  return `record ${record.name}: ${record.state}`;
}

/** Without what is drawn, and without the minute of a run. */
function lasting(name: string): string {
  return name.replace(/-(?:\d{8}|[a-z0-9]{5}|[a-f0-9]{8,10}(?:-[a-z0-9]{5})?)$/, '');
}

function stateOf({ metadata, status = {} }: KubernetesObject & { status?: object }): string {
  const shown = ['phase', 'succeeded', 'failed', 'state', 'readyReplicas', 'availableReplicas'];
  const facts = Object.entries(status).filter(([member]) => shown.includes(member));
  const leaving = metadata?.deletionTimestamp === undefined ? '' : ' (terminating)';
  return `${facts.map(([member, value]) => ` ${member}=${String(value)}`).join('')}${leaving}`;
}
