/**
 * The operator: turns Tasks into Jobs and CronJobs, tells the gateway what becomes of them, ships their logs to managed
 * content and removes what has had its time. It knows cluster, gateway and content by URL only, and runs with neither
 * of the last two.
 *
 * Two queues carry everything: Tasks (`reconcile/task.ts`) and runs, which are Jobs (`reconcile/track.ts`). All that
 * must survive a crash stands in the cluster: a Task's status, a Job's finalizer and annotations.
 */
import { EventRecorder } from '../../kubernetes/event-recorder.ts';
import { controllerOf, keyOf } from '../../kubernetes/meta.ts';
import type { Job, Pod } from '../../kubernetes/objects.ts';
import { WorkQueue } from '../../kubernetes/work-queue.ts';
import { withCredential } from '../identity/with-credential.ts';
import { fabricApiVersion, type Task } from '../task/task.ts';
import { ClusterView, type ViewListener } from './cluster-view.ts';
import type { Context } from './reconcile/context.ts';
import { RunBook } from './reconcile/run-book.ts';
import { StatusWriter } from './reconcile/status-writer.ts';
import { reconcileTask } from './reconcile/task.ts';
import { trackRun } from './reconcile/track.ts';
import { reportDeleted } from './reconcile/unstarted.ts';
import { jobVanished } from './reconcile/vanish.ts';
import { WrittenCronJobs } from './reconcile/written-cronjobs.ts';
import { postRecord } from './report/post.ts';
import { ReportQueue } from './report/queue.ts';
import type { TaskRecord } from './run/record.ts';
import { type OperatorOptions, settingsOf } from './settings.ts';
import { LogShipper } from './ship/shipper.ts';

export type { OperatorOptions } from './settings.ts';

export interface RunningOperator {
  /** Ends all work at once; what is unfinished is found again by the next operator. */
  stop(): Promise<void>;
}

/**
 * Starts an operator. Resolves when it has seen the whole cluster once; waits as long as that takes.
 *
 * ```ts
 * const operator = await startOperator({ world, client, gatewayUrl: 'http://gateway:80', contentUrl: 'http://content:80' });
 * ```
 */
export async function startOperator(given: OperatorOptions): Promise<RunningOperator> {
  const { gatewayUrl, contentUrl, credential } = given;
  const options = { ...given, world: withCredential(given.world, [gatewayUrl, contentUrl], credential) };
  const context = contextOf(options);
  await context.view.start();
  context.taskQueue.start();
  context.runQueue.start();
  options.world.log.info('operator ready', {
    namespace: options.namespace ?? 'all',
    gateway: options.gatewayUrl ?? 'none',
    content: options.contentUrl ?? 'none',
  });
  return { stop: () => stop(context) };
}

async function stop(context: Context): Promise<void> {
  context.view.stop();
  context.runs.stop();
  context.reports?.stop();
  await Promise.all([context.taskQueue.stop(), context.runQueue.stop()]);
}

function contextOf(options: OperatorOptions): Context {
  const { world, client } = options;
  const settings = settingsOf(options);
  const queue = (name: string, handle: (key: string) => Promise<void>) =>
    new WorkQueue({
      clock: world.clock,
      workers: settings.workers,
      maximumDelayMs: 60_000,
      handle,
      onError: (key, error) => world.log.warn(`${name} failed`, { key, error: String(error) }),
    });
  const taskQueue = queue('task', (key) => reconcileTask(context, key));
  const runQueue = queue('run', (key) => trackRun(context, key));
  const lookAt = ({ namespace, name, jobName }: TaskRecord) =>
    jobName === undefined ? taskQueue.add(`${namespace}/${name}`) : runQueue.add(`${namespace}/${jobName}`);
  const reports = reportsOf(options, lookAt, (record, why) => {
    tellRefused(context, record, why);
    lookAt(record);
  });
  const shipper = shipperOf(options);
  const context: Context = {
    world,
    client,
    settings,
    view: new ClusterView({
      world,
      client,
      ...namespaceOf(options),
      relistEveryMs: settings.relistEveryMs,
      listener: listenerOf(() => context),
    }),
    recorder: new EventRecorder({ world, client, component: 'fabric-operator' }),
    runs: new RunBook(),
    statuses: new StatusWriter(client),
    writtenCronJobs: new WrittenCronJobs(),
    lateStarts: new Map(),
    removed: new Set(),
    taskQueue,
    runQueue,
    ...(reports ? { reports } : {}),
    ...(shipper ? { shipper } : {}),
    ...(options.contentUrl === undefined ? {} : { contentUrl: options.contentUrl }),
  };
  return context;
}

function namespaceOf(options: OperatorOptions): { namespace?: string } {
  return options.namespace === undefined ? {} : { namespace: options.namespace };
}

function reportsOf(
  options: OperatorOptions,
  onDelivered: (record: TaskRecord) => void,
  onRefused: (record: TaskRecord, why: string) => void,
): ReportQueue | undefined {
  const { gatewayUrl, world } = options;
  if (gatewayUrl === undefined) return undefined;
  const { timeoutMs = 10_000, ...pace } = options.reports ?? {};
  return new ReportQueue({
    world,
    ...pace,
    post: (record, signal) => postRecord({ world, gatewayUrl, timeoutMs }, record, signal),
    onDelivered,
    onRefused,
  });
}

/** The gateway does not have the record, and never will: whoever looks at the run must be able to read why. */
function tellRefused({ view, recorder }: Context, record: TaskRecord, why: string): void {
  const { namespace, name, jobName } = record;
  const about = jobName === undefined ? view.task(`${namespace}/${name}`) : view.job(`${namespace}/${jobName}`);
  if (about) recorder.event(about, 'Warning', 'ReportRefused', `State ${record.state}: ${why}`);
}

function shipperOf(options: OperatorOptions): Context['shipper'] {
  if (options.shipper) return options.shipper;
  if (options.contentUrl === undefined) return undefined;
  return new LogShipper({
    world: options.world,
    client: options.client,
    contentUrl: options.contentUrl,
    ...options.logs,
  });
}

function taskGone(context: Context, task: Task): void {
  const uid = task.metadata?.uid ?? '';
  reportDeleted(context, task);
  context.reports?.forget(uid);
  context.statuses.forget(uid);
  context.writtenCronJobs.forget(keyOf(task));
  context.lateStarts.delete(uid);
  context.removed.delete(uid);
}

function listenerOf(context: () => Context): ViewListener {
  const wakeRunOf = (pod: Pod) => {
    const name = controllerOf(pod)?.name;
    if (name !== undefined) context().runQueue.add(`${pod.metadata?.namespace}/${name}`);
  };
  return {
    taskChanged: (key) => context().taskQueue.add(key),
    taskGone: (task) => taskGone(context(), task),
    poolChanged(namespace) {
      for (const task of context().view.tasks(namespace)) context().taskQueue.add(keyOf(task));
    },
    cronJobChanged(cronJob) {
      const owner = cronJob.metadata?.ownerReferences?.find(({ apiVersion }) => apiVersion === fabricApiVersion);
      if (owner) context().taskQueue.add(`${cronJob.metadata?.namespace}/${owner.name}`);
    },
    jobChanged: (job: Job) => context().runQueue.add(keyOf(job)),
    jobGone: (job: Job) => jobVanished(context(), job),
    podChanged: wakeRunOf,
    podGone(last) {
      context().runs.podGone(last);
      wakeRunOf(last);
    },
  };
}
