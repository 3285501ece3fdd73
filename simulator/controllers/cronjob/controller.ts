/**
 * The CronJob controller (version 2): starts Jobs on schedule. Queue and wake-ups are those of semantics 2.4; one sync
 * is in `sync.ts`, its arithmetic in the files beside it.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { controllerOf, keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import { answeredLater } from '../answered-later.ts';
import { withinTimers } from '../delays.ts';
import type { CronJobCluster } from './cluster.ts';
import { JobsByController } from './jobs-by-controller.ts';
import { syncCronJob } from './sync.ts';
import { reactionToUpdate } from './update.ts';

const workers = 5;

export class CronJobController {
  readonly #world: World;
  readonly #cronJobs: Informer<CronJob>;
  readonly #jobs: Informer<Job>;
  readonly #children = new JobsByController();
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #cluster: CronJobCluster;

  constructor(options: { readonly world: World; readonly client: KubernetesClient }) {
    const { world } = options;
    const client = answeredLater(options.client, world.clock);
    this.#world = world;
    this.#cronJobs = new Informer<CronJob>({ world, client, type: cronJobs });
    this.#jobs = new Informer<Job>({ world, client, type: jobs });
    this.#recorder = new EventRecorder({ world, client, component: 'cronjob-controller' });
    this.#cluster = clusterOf(client, this.#recorder);
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers,
      handle: (key) => this.#sync(key),
      onError: (key, error) => world.log.debug('sync of a CronJob failed', { cronJob: key, error: String(error) }),
    });
    this.#listen();
  }

  async start(): Promise<void> {
    // Jobs first, or the first syncs would take running Jobs for missing ones.
    await this.#jobs.start();
    await this.#cronJobs.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#cronJobs.stop();
    this.#jobs.stop();
    await this.#queue.stop();
  }

  #listen(): void {
    this.#cronJobs.on({
      added: (cronJob) => this.#queue.add(keyOf(cronJob)),
      updated: (before, after) => this.#updated(before, after),
      deleted: (cronJob) => this.#queue.add(keyOf(cronJob)),
    });
    this.#jobs.on({
      added: (job) => {
        this.#children.put(job);
        this.#wakeOwner(job);
      },
      updated: (before, after) => {
        this.#children.remove(before);
        this.#children.put(after);
        if (before.metadata?.resourceVersion === after.metadata?.resourceVersion) return;
        if (controllerOf(before)?.uid !== controllerOf(after)?.uid) this.#wakeOwner(before);
        this.#wakeOwner(after);
      },
      deleted: (job) => {
        this.#children.remove(job);
        this.#wakeOwner(job);
      },
    });
  }

  #updated(before: CronJob, after: CronJob): void {
    const reaction = reactionToUpdate(before, after, this.#world.clock.now());
    if (reaction.kind === 'sync now') this.#queue.add(keyOf(after));
    else if (reaction.kind === 'sync later') this.#queue.addAfter(keyOf(after), withinTimers(reaction.afterMs));
    else if (reaction.kind === 'unparseable') {
      this.#recorder.event(after, 'Warning', reaction.reason, reaction.message);
    }
  }

  /** Unlike a sync, a wake-up compares kind and uid. */
  #wakeOwner(job: Job): void {
    const owner = controllerOf(job);
    if (owner?.kind !== 'CronJob') return;
    const cronJob = this.#cronJobs.get(job.metadata?.namespace, owner.name);
    if (cronJob && cronJob.metadata?.uid === owner.uid) this.#queue.add(keyOf(cronJob));
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const cronJob = this.#cronJobs.get(namespace, name);
    if (!cronJob) return;
    const children = this.#children.of(namespace, name);
    const input = { cronJob, jobs: children, nowMs: this.#world.clock.now() };
    const delayMs = await syncCronJob(this.#cluster, input);
    if (delayMs !== undefined) this.#queue.addAfter(key, withinTimers(delayMs));
  }
}

function clusterOf(client: KubernetesClient, recorder: EventRecorder): CronJobCluster {
  return {
    getCronJob: (namespace, name) => client.get<CronJob>(cronJobs, namespace, name),
    getJob: (namespace, name) => client.get<Job>(jobs, namespace, name),
    createJob: (job) => client.create<Job>(jobs, job.metadata?.namespace, job),
    deleteJob: (namespace, name) => client.delete(jobs, namespace, name, { propagationPolicy: 'Background' }),
    updateStatus: async (cronJob) => {
      await client.replace<CronJob>(cronJobs, cronJob, { subresource: 'status' });
    },
    event: (cronJob, type, reason, message) => recorder.event(cronJob, type, reason, message),
  };
}
