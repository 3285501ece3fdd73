/** What all scenarios of a run share: a cluster that is there, and this process beside it. */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import type { JobHistory } from '../../recording/recording.ts';
import type { FabricSettings } from '../environment.ts';
import type { FabricServices } from './services.ts';

export interface SharedCluster {
  /** For clock and network of the harness. */
  readonly world: World;
  /** Of this machine, for what the services store; removed at the end. */
  readonly folder: string;
  /** A client with the rights of whoever started the run, over the World's network. */
  clientOf(world: World): KubernetesClient;
  /** How this cluster calls an image that scenarios name: `orrery/actor`. */
  imageOf(image: string): string;
  /** Makes the namespace ready for one scenario. */
  claim(namespace: string): Promise<void>;
  /** The services as Deployments there, not yet created; absent where nothing can be deployed. */
  deploy?(world: World, namespace: string, settings: FabricSettings): FabricServices;
  /** Begins to note what the containers of a namespace write, until the signal is aborted. */
  outputsIn(namespace: string, signal: AbortSignal): Promise<RunOutputs>;
  /** Ends a scenario's namespace, in the background where that takes time and nobody waits for it. */
  release(namespace: string): Promise<void>;
  /** Aborted when the cluster ends: nobody need wait any longer. */
  readonly signal: AbortSignal;
  /** Ends what was begun here; a cluster that was there before stays. */
  end(): Promise<void>;
}

/** What the containers of Jobs really wrote: the truth against which stored logs are judged. */
export interface RunOutputs {
  /** All attempts of a Job together; undefined where that is not known. */
  of(job: JobHistory): StoredLogFacts | undefined;
  /** Resolves when what ended containers wrote has been read. */
  settled(): Promise<void>;
}
