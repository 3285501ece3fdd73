/**
 * An environment on a real cluster: scenarios in real time, side by side. The first one brings up what they share,
 * `end` ends it.
 */
import { realClock } from '../../../world/real/clock.ts';
import type { Ability } from '../environment.ts';
import type { EnvironmentProvider } from '../provider.ts';
import { placementOf } from './service-placement.ts';
import type { SharedCluster } from './shared-cluster.ts';
import { Together } from './together.ts';

const MINUTE_MS = 60_000;
/** Scenarios begin so long after a full minute, as they do in a simulation, whose bringing up takes about as long. */
const INTO_MINUTE_MS = 2_000;
/** Three services each on two cores: more at once come up no sooner, and their probes begin to fail. */
const UP_AT_ONCE = 4;
/** More Fabrics than that on one small node slow each other down so much that starts come late. */
export const DEPLOYED_AT_ONCE = 10;

export interface ClusterKindOptions {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  /**
   * False: a scenario begins at once, and not with the next full minute. Counts of starts then depend on when it began.
   */
  readonly atFullMinute: boolean;
  /**
   * Why operator, gateway and content are not deployed in the cluster; absent: they are, but for scenarios that need
   * more than that allows.
   */
  readonly hostBecause?: string | undefined;
  /** So many scenarios are played at a time; all unless given. */
  readonly atOnce?: number;
  /** One namespace for all scenarios: they are played one after the other. */
  readonly oneNamespace?: boolean;
  /** Of the scenario of that number, from 1 on. */
  namespaceOf(scenario: number): string;
  absence(): string | undefined;
  /** Called once, by the first scenario. */
  share(): Promise<SharedCluster>;
}

export function clusterKind(options: ClusterKindOptions): EnvironmentProvider {
  const { name, atFullMinute, absence, hostBecause, oneNamespace = false } = options;
  const together = new Together(UP_AT_ONCE);
  let cluster: Promise<SharedCluster> | undefined;
  let ending: Promise<void> | undefined;
  let scenarios = 0;
  return {
    name,
    get abilities() {
      const { abilities } = options;
      return hostBecause === undefined ? abilities : new Set([...abilities].filter((ability) => ability !== 'agents'));
    },
    sideBySide: true,
    atOnce: oneNamespace ? 1 : options.atOnce,
    absence,
    async up(settings, _seed, _sink, needs = []) {
      // Loaded when it is needed: runs in virtual time never do.
      const { ClusterEnvironment } = await import('./environment.ts');
      cluster ??= options.share();
      scenarios += 1;
      const namespace = options.namespaceOf(scenarios);
      const begun = realClock.now();
      const shared = await cluster;
      const { abilities } = options;
      const place = placementOf(needs, hostBecause);
      const environment = await together.raise(() =>
        ClusterEnvironment.up({ name, cluster: shared, abilities, settings, namespace, place, begun }),
      );
      try {
        await together.all();
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
