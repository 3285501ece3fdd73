/** The machine as a World whose connections can be closed: what ends here must leave no socket open. */
import type { Log } from '../../../world/log.ts';
import { realClock } from '../../../world/real/clock.ts';
import { realFiles } from '../../../world/real/files.ts';
import { RealNetwork } from '../../../world/real/network.ts';
import { realProcesses } from '../../../world/real/processes.ts';
import { realRandom } from '../../../world/real/random.ts';
import type { World } from '../../../world/world.ts';

export interface OwnWorld {
  readonly world: World;
  /** Cuts its connections. */
  close(): Promise<void>;
}

/** Says nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function ownWorld(name: string, log: Log = silentLog): OwnWorld {
  const network = new RealNetwork();
  const world = {
    name,
    clock: realClock,
    random: realRandom,
    network,
    files: realFiles,
    processes: realProcesses,
    log,
  };
  return { world, close: () => network.close() };
}
