/**
 * The environment `controlplane`: scenarios in real time, side by side on one real control plane. The first one brings the cluster up, `end`
 * ends it.
 */
import { realClock } from '../../../world/real/clock.ts';
import type { EnvironmentKind } from '../../runner/play.ts';
import type { Ability } from '../environment.ts';
import { live } from '../sim/kinds.ts';
import { absence } from './parts.ts';
import type { SharedCluster } from './shared-cluster.ts';

const MINUTE_MS = 60_000;
/** Scenarios begin so long after a full minute, as they do in a simulation, whose bringing up takes about as long. */
const INTO_MINUTE_MS = 2_000;

const abilities: ReadonlySet<Ability> = new Set<Ability>([
  'service restarts',
  'real processes',
  ...(live.abilities.has('python') ? ['python' as const] : []),
]);

export interface ControlPlaneKindOptions {
  /** False: a scenario begins at once, and not with the next full minute. Counts of starts then depend on when it began. */
  readonly atFullMinute: boolean;
}

export function controlPlaneKind({ atFullMinute }: ControlPlaneKindOptions): EnvironmentKind {
  let cluster: Promise<SharedCluster> | undefined;
  let ending: Promise<void> | undefined;
  let scenarios = 0;
  return {
    name: 'controlplane',
    abilities,
    sideBySide: true,
    absence,
    async up(settings) {
      // Loaded when it is needed: runs in virtual time never do.
      const { ControlPlaneEnvironment } = await import('./environment.ts');
      const { startSharedCluster } = await import('./shared-cluster.ts');
      cluster ??= startSharedCluster();
      scenarios += 1;
      const namespace = `scenario-${scenarios}`;
      const shared = await cluster;
      const environment = await ControlPlaneEnvironment.up({ cluster: shared, abilities, settings, namespace });
      try {
        if (atFullMinute) await realClock.sleep(untilFullMinute(realClock.now()), shared.signal);
        return environment;
      } catch (error) {
        await environment.down();
        throw error;
      }
    },
    async end() {
      const shared = cluster;
      cluster = undefined;
      // One that did not come up has ended itself. Whoever asks again waits for the same end.
      if (shared) ending = shared.then((up) => up.end(), ignore);
      await ending;
    },
  };
}

function untilFullMinute(now: number): number {
  return (MINUTE_MS + INTO_MINUTE_MS - (now % MINUTE_MS)) % MINUTE_MS;
}

function ignore(): void {}
