/** The World of a program that runs on the machine as it is. */
import type { Log } from '../log.ts';
import type { World } from '../world.ts';
import { realClock } from './clock.ts';
import { realFiles } from './files.ts';
import { lineLog } from './log.ts';
import { RealNetwork } from './network.ts';
import { realProcesses } from './processes.ts';
import { realRandom } from './random.ts';

/** `name` stands in each line of its log. */
export function realWorld(name: string, log: Log = lineLog(name)): World {
  return {
    name,
    clock: realClock,
    random: realRandom,
    network: new RealNetwork(),
    files: realFiles,
    processes: realProcesses,
    log,
  };
}
