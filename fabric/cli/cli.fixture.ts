/** `fabric` at a gateway in a simulation: what a person would see of a command line. For tests. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Processes } from '../../world/processes.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { World } from '../../world/world.ts';
import type { Bench } from '../gateway/bench.fixture.ts';
import { runCommandLine } from './program.ts';
import type { Surroundings } from './surroundings.ts';
import type { PackageFiles } from './workspaces/template-files.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
}

/** Read at once: in a simulation nothing waits for the machine's disk. */
const packageFiles: PackageFiles = {
  list: async (folder) => readdirSync(folder).sort(),
  read: async (path) => readFileSync(path),
};

/** Programs of that machine; without, none can be started. */
export interface Machine {
  readonly processes?: Processes;
}

export type Cli = ReturnType<typeof openCli>;

/** A user's machine in the same simulation as the gateway `http://gateway`; without a bench, alone. */
export function openCli(
  bench: Pick<Bench, 'simulation'> = { simulation: new Simulation({ seed: 1, startAt: 0 }) },
  { processes }: Machine = {},
) {
  const { simulation } = bench;
  const own = simulation.process('user');
  const { name, clock, random, network, files, log } = own;
  const world: World = { name, clock, random, network, files, log, processes: processes ?? own.processes };
  const anonymous = { FABRIC_URL: 'http://gateway', FABRIC_PROJECT: 'proj1' };
  /** Words, as a shell would part them; `input` is standard input. */
  const run = async (words: readonly string[], options: CliOptions & { input?: string } = {}): Promise<Printed> => {
    const chunks = { out: [] as Buffer[], err: [] as Buffer[] };
    const { isTerminal = false, environment = anonymous, input = '' } = options;
    const surroundings: Surroundings = {
      world,
      packageFiles,
      terminal: {
        out: async (text) => void chunks.out.push(Buffer.from(text)),
        err: async (text) => void chunks.err.push(Buffer.from(text)),
        isTerminal,
        isErrorTerminal: false,
        columns: isTerminal ? 120 : undefined,
      },
      environment,
      homeFolder: '/user',
      workingFolder: '/work-folder',
      input: async function* () {
        yield Buffer.from(input);
      },
      signal: new AbortController().signal,
    };
    const code = await simulation.run(runCommandLine(surroundings, words));
    return { code, out: Buffer.concat(chunks.out).toString('utf8'), err: Buffer.concat(chunks.err).toString('utf8') };
  };
  const file = (path: string, content: string | object) =>
    simulation.run(
      world.files.write(`/work-folder/${path}`, typeof content === 'string' ? content : JSON.stringify(content)),
    );
  return { run, file, world };
}
