/**
 * Plays the controllers, the node agent, the gateway and content for the operator's tests: one function a happening.
 */
import type { CronJob, Job, Pod } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs, pods } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';
import type { Ledger } from '../logs/run-ledger.ts';
import type { LogSource, PodLogShipper } from '../logs/run-shipping.ts';
import type { TaskRecord } from '../run/record.ts';
import { wireTime } from '../run/time.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** The Job controller makes a pod; its container waits. */
export function makePod(cluster: FakeCluster, jobName: string, attempt = 1): string {
  const job = cluster.find<Job>(jobs, jobName);
  if (!job) throw new Error(`no job ${jobName}`);
  const uid = job.metadata?.uid ?? '';
  const name = `${jobName}-${attempt}`;
  cluster.create<Pod>(pods, {
    metadata: {
      name,
      namespace: 'default',
      labels: { ...job.spec?.template.metadata?.labels, 'batch.kubernetes.io/controller-uid': uid },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: jobName, uid, controller: true }],
    },
    spec: { containers: [] },
    status: { phase: 'Pending' },
  });
  return name;
}

const statusOf = (state: object) => ({ name: 'task', image: '', imageID: '', ready: false, restartCount: 0, state });

/** The node agent has started the container. */
export function runPod(cluster: FakeCluster, world: Pick<World, 'clock'>, pod: string): void {
  const startedAt = wireTime(world.clock.now());
  const status = { phase: 'Running', startTime: startedAt, containerStatuses: [statusOf({ running: { startedAt } })] };
  cluster.patch(pods, 'default', pod, { status });
}

/** The container has ended. */
export function endPod(cluster: FakeCluster, world: Pick<World, 'clock'>, pod: string, exitCode: number): void {
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    finishedAt: wireTime(world.clock.now()),
  };
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  cluster.patch(pods, 'default', pod, { status: { phase, containerStatuses: [statusOf({ terminated })] } });
}

/** The Job controller writes the terminal condition. */
export function finishJob(
  cluster: FakeCluster,
  world: Pick<World, 'clock'>,
  jobName: string,
  type: 'Complete' | 'Failed',
  counts: { succeeded?: number; failed?: number },
): void {
  const at = wireTime(world.clock.now());
  const reason = type === 'Complete' ? 'CompletionsReached' : 'BackoffLimitExceeded';
  const message = type === 'Complete' ? '' : 'Job has reached the specified backoff limit';
  cluster.patch(jobs, 'default', jobName, {
    status: {
      ...counts,
      startTime: cluster.find<Job>(jobs, jobName)?.metadata?.creationTimestamp,
      ...(type === 'Complete' ? { completionTime: at } : {}),
      conditions: [{ type, status: 'True', reason, message, lastTransitionTime: at }],
    },
  });
}

/** The CronJob controller starts the run of this minute. */
export function startRun(cluster: FakeCluster, world: Pick<World, 'clock'>, cronJobName: string): string {
  const cronJob = cluster.find<CronJob>(cronJobs, cronJobName);
  const template = cronJob?.spec?.jobTemplate;
  if (!cronJob || !template) throw new Error(`no cronjob ${cronJobName}`);
  const minute = Math.floor(world.clock.now() / 60_000);
  const name = `${cronJobName}-${minute}`;
  const planned = wireTime(minute * 60_000);
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJobName, uid: cronJob.metadata?.uid ?? '' };
  const job = cluster.create<Job>(jobs, {
    metadata: {
      name,
      namespace: 'default',
      labels: template.metadata?.labels,
      annotations: { ...template.metadata?.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': planned },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    ...(template.spec ? { spec: template.spec } : {}),
  });
  const active = [...(cronJob.status?.active ?? []), { name, uid: job.metadata?.uid }];
  cluster.patch(cronJobs, 'default', cronJobName, { status: { lastScheduleTime: planned, active } });
  return name;
}

/** A gateway that keeps every post, and can be down. */
export class FakeGateway {
  readonly posts: { readonly at: number; readonly record: TaskRecord }[] = [];
  /** Every request, answered or refused: epoch ms. */
  readonly requestsAt: number[] = [];
  isDown = false;
  /** Answers so instead of keeping the post. */
  refusesWith: number | undefined;
  /** Called when a post has been kept and not yet been answered. */
  onKept: () => void = () => {};

  async listen(world: World): Promise<void> {
    await world.network.listen('gateway:80', async (request, response) => {
      this.requestsAt.push(world.clock.now());
      const record = JSON.parse((await request.bytes(4_000_000)).toString()) as TaskRecord;
      const status = this.isDown ? 503 : (this.refusesWith ?? 200);
      if (status === 200) this.posts.push({ at: world.clock.now(), record });
      if (status === 200) this.onKept();
      response.head(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: status === 200 }));
    });
  }

  /** States posted for a run, in order of arrival. */
  states(name: string): string[] {
    return this.posts.filter(({ record }) => record.name === name).map(({ record }) => record.state);
  }

  last(name: string): TaskRecord | undefined {
    return this.posts.findLast(({ record }) => record.name === name)?.record;
  }
}

/** A shipper whose logs are safe when the test says so. */
export class FakeShipper implements PodLogShipper {
  readonly shipped: LogSource[] = [];
  /** Resolve at once; else `settle` does. */
  automatic = true;
  readonly #open = new Map<string, (ledger: Ledger) => void>();

  ship(run: LogSource, signal: AbortSignal): Promise<Ledger> {
    this.shipped.push(run);
    const lines = this.shipped.filter(({ folder }) => folder === run.folder).length * 10;
    const ledger: Ledger = { key: `tasks/${run.folder}/log.txt`, lines, bytes: lines * 8, complete: true, missing: [] };
    if (this.automatic) return Promise.resolve(ledger);
    return new Promise((resolve, reject) => {
      this.#open.set(run.pod, () => resolve(ledger));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  settle(pod: string): void {
    const resolve = this.#open.get(pod);
    if (!resolve) throw new Error(`the log of ${pod} is not being shipped`);
    resolve({ key: '', lines: 0, bytes: 0, complete: true, missing: [] });
  }
}
