/**
 * An operator's test bench: a scripted cluster, a gateway and a log shipper on one simulation, and Tasks to give it.
 */
import type { Job } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import { type Condition, type Task, type TaskSpec, tasks } from '../../task/task.ts';
import { type OperatorOptions, startOperator } from '../operator.ts';
import { type ClientHooks, FakeCluster } from './fake-cluster.ts';
import { endPod, FakeGateway, FakeShipper, finishJob, makePod, runPod } from './play.ts';

export const startAt = Date.UTC(2026, 0, 1);
export const minute = 60_000;
export const reportTask = 'proj1-report';

/** A view always lags behind. */
const watchLagMs = 20;

export class Rig {
  readonly simulation: Simulation;
  /** Plays controllers and node agent. */
  readonly clusterWorld: SimulatedProcess;
  readonly cluster: FakeCluster;
  readonly gateway = new FakeGateway();
  readonly shipper = new FakeShipper();

  static async up(seed = 7): Promise<Rig> {
    const rig = new Rig(seed);
    await rig.simulation.run(rig.gateway.listen(rig.simulation.process('gateway')));
    return rig;
  }

  private constructor(seed: number) {
    this.simulation = new Simulation({ seed, startAt });
    this.clusterWorld = this.simulation.process('cluster');
    const { clock } = this.clusterWorld;
    this.cluster = new FakeCluster(
      () => clock.now(),
      (callback) => clock.after(watchLagMs, callback),
    );
  }

  /** Starts an operator as a process of its own, which can be killed. */
  async operator(
    options: Partial<OperatorOptions> & ClientHooks & { world?: SimulatedProcess } = {},
  ): Promise<SimulatedProcess> {
    const { before, after, world = this.simulation.process('operator'), ...rest } = options;
    // What a killed process asks does not happen, and it never hears an answer.
    const whileAlive = async () => {
      if (world.killed) await new Promise(() => {});
    };
    const client = this.cluster.client({
      before: async (call) => {
        await before?.(call);
        await whileAlive();
      },
      after: async () => {
        await after?.();
        await whileAlive();
      },
    });
    const given = { world, client, gatewayUrl: 'http://gateway:80', shipper: this.shipper, ...rest };
    await this.simulation.run(startOperator(given));
    return world;
  }

  applyTask(spec: Partial<TaskSpec> = {}, name = reportTask): Task {
    const base = { projectId: 'proj1', skillName: 'cortex/report', actionName: 'run', image: 'actor' };
    return this.cluster.create<Task>(tasks, { metadata: { name, namespace: 'default' }, spec: { ...base, ...spec } });
  }

  task(name = reportTask): Task | undefined {
    return this.cluster.find<Task>(tasks, name);
  }

  job(name = reportTask): Job | undefined {
    return this.cluster.find<Job>(jobs, name);
  }

  condition(type: string, name?: string): Condition | undefined {
    return this.task(name)?.status?.conditions?.find((each) => each.type === type);
  }

  /** The operator's writes, events left out. */
  writes(): string[] {
    return this.cluster.calls.filter((call) => /^(create|patch|replace|delete)/.test(call) && !/ events /.test(call));
  }

  /** Plays a run from its pod to its end. */
  async playRun(jobName: string, exitCode = 0): Promise<void> {
    const { cluster, clusterWorld, simulation } = this;
    const pod = makePod(cluster, jobName);
    await simulation.advance(1_000);
    runPod(cluster, clusterWorld, pod);
    await simulation.advance(5_000);
    endPod(cluster, clusterWorld, pod, exitCode);
    await simulation.advance(1_000);
    if (exitCode === 0) finishJob(cluster, clusterWorld, jobName, 'Complete', { succeeded: 1 });
    else finishJob(cluster, clusterWorld, jobName, 'Failed', { failed: 1 });
    await simulation.advance(5_000);
  }
}
