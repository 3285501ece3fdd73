/** Who brings up environments of one sort: simulated ones, or such on a real cluster. */
import type { TraceSink } from '../../world/simulated/trace.ts';
import type { StoredLogFacts } from '../invariants/logs.ts';
import type { JobHistory } from '../recording/recording.ts';
import type { ServicesReport } from '../reports/model.ts';
import type { Ability, Environment, FabricSettings } from './environment.ts';

/** Brings up an environment for one scenario. */
export interface EnvironmentProvider {
  readonly name: string;
  readonly abilities: ReadonlySet<string>;
  /** Its environments share something and pass time together: they are played at once, in one thread. */
  readonly sideBySide?: boolean;
  /** Of those: so many are played at a time; all when absent. */
  readonly atOnce?: number | undefined;
  /** Why it cannot be had on this machine; undefined when it can. */
  absence?(): string | undefined;
  /** `needs` are the scenario's, all of them among the abilities. */
  up(settings: FabricSettings, seed: number, sink?: TraceSink, needs?: readonly Ability[]): Promise<PlayedEnvironment>;
  /** Ends what its environments share. */
  end?(): Promise<void>;
}

export interface PlayedEnvironment extends Environment {
  /** What the containers of a Job really wrote, where that is known. */
  written(job: JobHistory): StoredLogFacts | undefined;
  /** Faults of the run itself: machine time read behind the World's back. */
  impurities(): readonly string[];
  /** Where operator, gateway and content run, and how long they took to come up, where there is a choice. */
  readonly services?: ServicesReport;
  /** What befell the services without anybody's doing, where that can happen. */
  mishaps?(): Promise<readonly string[]>;
}
