/**
 * An environment on a real cluster: scenarios in real time, side by side. The first one brings up what they share, `end` ends it.
 */
import { realClock } from '../../../world/real/clock.ts';
import type { EnvironmentKind } from '../../runner/play.ts';
import type { Ability } from '../environment.ts';
import type { SharedCluster } from './shared-cluster.ts';

const MINUTE_MS = 60_000;
/** Scenarios begin so long after a full minute, as they do in a simulation, whose bringing up takes about as long. */
const INTO_MINUTE_MS = 2_000;

export interface ClusterKindOptions {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  /** False: a scenario begins at once, and not with the next full minute. Counts of starts then depend on when it began. */
  readonly atFullMinute: boolean;
  /** Namespaces are called `PREFIX-1`, `PREFIX-2` ... */
  readonly prefix: string;
  absence(): string | undefined;
  /** Called once, by the first scenario. */
  share(): Promise<SharedCluster>;
}

export function clusterKind(options: ClusterKindOptions): EnvironmentKind {
  const { name, atFullMinute, prefix, absence } = options;
  let cluster: Promise<SharedCluster> | undefined;
  let ending: Promise<void> | undefined;
  let scenarios = 0;
  return {
    name,
    get abilities() {
      return options.abilities;
    },
    sideBySide: true,
    absence,
    async up(settings) {
      // Loaded when it is needed: runs in virtual time never do.
      const { ClusterEnvironment } = await import('./environment.ts');
      cluster ??= options.share();
      scenarios += 1;
      const namespace = `${prefix}-${scenarios}`;
      const shared = await cluster;
      const { abilities } = options;
      const environment = await ClusterEnvironment.up({ name, cluster: shared, abilities, settings, namespace });
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
