/** A simulated API server with a Job controller and no nodes: the test itself lets pods run, end and vanish.. */
import { ApiStatusError, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job, JobSpec, Pod } from '../../../kubernetes/objects.ts';
import { events as eventType, jobs as jobType, pods as podType } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { makeDefaultAccount } from '../../apiserver/default-account.fixture.ts';
import { ApiServer } from '../../apiserver/server.ts';
import { JobController } from './controller.ts';
import { isActive, timeText } from './facts.ts';

const namespace = 'default';

export class JobCluster {
  readonly simulation: Simulation;
  readonly client: KubernetesClient;
  /** Every version of every Job, and every change of every pod, in the order of the server. */
  readonly jobVersions: Job[] = [];
  readonly podChanges: { readonly type: string; readonly pod: Pod }[] = [];
  readonly #server: ApiServer;
  #failures = 0;
  #controller: JobController;

  static async start(
    options: { seed?: number; watchLagMs?: { minimum: number; maximum: number } } = {},
  ): Promise<JobCluster> {
    const simulation = new Simulation({ seed: options.seed ?? 1, startAt: Date.UTC(2026, 0, 1) });
    const cluster = new JobCluster(simulation, options.watchLagMs);
    await simulation.run(makeDefaultAccount(cluster.client));
    await cluster.#watch();
    await simulation.run(cluster.#controller.start());
    return cluster;
  }

  private constructor(simulation: Simulation, watchLagMs?: { minimum: number; maximum: number }) {
    this.simulation = simulation;
    this.#server = new ApiServer({ world: simulation.process('apiserver'), ...(watchLagMs ? { watchLagMs } : {}) });
    this.client = this.#server.client('test');
    this.#controller = this.#newController();
  }

  /** Seconds since the start of the simulation. */
  get second(): number {
    return (this.simulation.now() - this.simulation.startAt) / 1000;
  }

  /** Stops the controller and starts another one, which knows nothing of what the first had in memory. */
  async restartController(): Promise<void> {
    await this.simulation.run(this.#controller.stop());
    this.#controller = this.#newController();
    await this.simulation.run(this.#controller.start());
  }

  /**
   * The controller's next writes are refused; status writes and patches are done all the same, and only their answers
   * lost.
   */
  failNextWrites(count: number): void {
    this.#failures = count;
  }

  /** Creates a Job called `job`, with a pod of one container. */
  async createJob(spec: Partial<JobSpec>, podLabels?: Record<string, string>): Promise<Job> {
    const template = {
      ...(podLabels ? { metadata: { labels: podLabels } } : {}),
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'main' }] },
    };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job', namespace },
      spec: { template, ...spec },
    };
    return this.client.create<Job>(jobType, namespace, job as Job);
  }

  job(): Promise<Job> {
    return this.client.get<Job>(jobType, namespace, 'job');
  }

  async patchJob(spec: Partial<JobSpec>): Promise<void> {
    await this.client.patch<Job>(jobType, namespace, 'job', 'merge', { spec });
  }

  /** All pods, oldest first. */
  async pods(): Promise<Pod[]> {
    const list = await this.client.list<Pod>(podType, { namespace });
    return list.items.toSorted((a, b) => Number(a.metadata?.resourceVersion) - Number(b.metadata?.resourceVersion));
  }

  async activePods(): Promise<Pod[]> {
    return (await this.pods()).filter(isActive);
  }

  /** Reports the pod as running and ready. */
  async run(pod: Pod): Promise<void> {
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: timeText(this.simulation.now()) }];
    await this.#patchStatus(pod, { phase: 'Running', conditions });
  }

  /** Reports the pod's only container as ended. */
  async end(pod: Pod, exitCode: number): Promise<void> {
    const terminated = {
      exitCode,
      finishedAt: timeText(this.simulation.now()),
      reason: exitCode === 0 ? 'Completed' : 'Error',
    };
    await this.#patchStatus(pod, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: [],
      containerStatuses: [
        { name: 'main', image: 'main', imageID: '', ready: false, restartCount: 0, state: { terminated } },
      ],
    });
  }

  async deletePod(pod: Pod): Promise<void> {
    await this.client.delete(podType, namespace, pod.metadata?.name ?? '');
  }

  /** Reasons of the events about the Job, oldest first. */
  async eventReasons(): Promise<string[]> {
    const list = await this.client.list(eventType, { namespace });
    const events = list.items as unknown as { metadata: { resourceVersion: string }; reason: string }[];
    return events
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map((event) => event.reason);
  }

  async #patchStatus(pod: Pod, status: Pod['status']): Promise<void> {
    await this.client.patch(
      podType,
      namespace,
      pod.metadata?.name ?? '',
      'merge',
      { status },
      { subresource: 'status' },
    );
  }

  async #watch(): Promise<void> {
    await this.client.watch<Job>(jobType, {}, ({ object }) => this.jobVersions.push(object));
    await this.client.watch<Pod>(podType, {}, ({ type, object }) => this.podChanges.push({ type, pod: object }));
  }

  #newController(): JobController {
    const world = this.simulation.process('controllers');
    return new JobController({ world, client: this.#unreliable(this.#server.client('job-controller')) });
  }

  #unreliable(client: KubernetesClient): KubernetesClient {
    const fail = () => {
      if (this.#failures === 0) return;
      this.#failures -= 1;
      throw new ApiStatusError(500, { reason: 'InternalError', message: 'a fault of the test' });
    };
    const before = <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) => {
      return async (...given: Arguments) => {
        fail();
        return call(...given);
      };
    };
    const after = <Arguments extends unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) => {
      return async (...given: Arguments) => {
        const answer = await call(...given);
        fail();
        return answer;
      };
    };
    return {
      get: client.get.bind(client),
      list: client.list.bind(client),
      watch: client.watch.bind(client),
      log: client.log.bind(client),
      create: before(client.create.bind(client)) as KubernetesClient['create'],
      delete: before(client.delete.bind(client)),
      replace: after(client.replace.bind(client)) as KubernetesClient['replace'],
      patch: after(client.patch.bind(client)) as KubernetesClient['patch'],
    };
  }
}
