/** The cases on the real control plane, side by side in namespaces of their own; the node is our agent. */
import { controlPlaneSteps, startControlPlane } from '../../environments/controlplane/control-plane.ts';
import { joinNode } from '../../environments/controlplane/steps/join-node.ts';
import { type ControllerCase, cronStartSecond } from './case.ts';
import { Observation } from './observation.ts';
import { type Played, PREPARATION_MS, play, type Stage } from './play.ts';
import { script, scriptImage } from './script.ts';

/** Starts are a little after a whole second: Kubernetes keeps whole seconds, and rounding must not be chance. */
export const START_PHASE_MS = 100;
/** The garbage collector begins some seconds after its process. */
const WARM_UP_MS = 6_000;

export interface RealCluster {
  /**
   * When each of them can start, epoch ms, those of Jobs `apartMs` apart: a machine that is busy with starting pods
   * makes them late.
   */
  plan(cases: readonly ControllerCase[], apartMs: number): number[];
  /** Plays a case that starts then. */
  play(one: ControllerCase, startAt: number): Promise<Played>;
  stop(): Promise<void>;
}

export async function startRealCluster(): Promise<RealCluster> {
  const node = joinNode({ name: 'node-1', programs: { [scriptImage]: script() } });
  const plane = await startControlPlane({ steps: [...controlPlaneSteps, node] });
  const { world } = plane;
  const client = plane.clientOf(world);
  const observation = new Observation();
  const stage: Stage = { client, clock: world.clock, observation };
  try {
    await observation.start(client, world.clock);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  const warmAt = world.clock.now() + WARM_UP_MS;
  return {
    plan: (cases, apartMs) => startsOf(cases, apartMs, Math.max(warmAt, world.clock.now()) + PREPARATION_MS),
    play: (one, startAt) => play(one, stage, startAt),
    async stop() {
      observation.stop();
      await plane.stop();
    },
  };
}

/**
 * When each case starts, not before `from`: CronJobs at the same second of a minute, the longest of the others first.
 */
function startsOf(cases: readonly ControllerCase[], apartMs: number, from: number): number[] {
  const second = Math.ceil(from / 1000) * 1000;
  const inMinute = cronStartSecond * 1000;
  const minute = Math.ceil((second - inMinute) / 60_000) * 60_000 + inMinute;
  const queue = cases.filter(({ about }) => about === 'jobs.batch').sort((one, other) => other.lastsMs - one.lastsMs);
  const turns = new Map(queue.map((one, turn) => [one, Math.floor((turn * apartMs) / 1000) * 1000]));
  return cases.map((one) => (turns.has(one) ? second + (turns.get(one) ?? 0) : minute) + START_PHASE_MS);
}
