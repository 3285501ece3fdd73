/**
 * The World: everything outside a program that a simulation must own.
 *
 * Each service, controller and runtime is handed a World and takes time, chance, network, files, child
 * processes and its log from there, never from the machine. `world/real` gives the machine's; a
 * `Simulation` (`world/simulated`) gives each simulated process a World of its own, so that a killed process
 * can never act again. See docs/decisions/0002-world.md.
 *
 * Begin reading here; `world/` imports nothing else of the project.
 */
import type { Clock } from './clock.ts';
import type { Files } from './files.ts';
import type { Log } from './log.ts';
import type { Network } from './network.ts';
import type { Processes } from './processes.ts';
import type { Random } from './random.ts';

export interface World {
  /** Name of the process that holds this World, as it stands in traces and logs: `operator`, `gateway`. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly files: Files;
  readonly processes: Processes;
  readonly log: Log;
}
