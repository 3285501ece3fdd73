/** Where a command line runs: the World, the terminal, who runs it, and from which folder. */
import type { World } from '../../world/world.ts';
import type { Terminal } from './terminal.ts';
import type { PackageFiles } from './workspaces/template-files.ts';

export interface Surroundings {
  readonly world: World;
  readonly terminal: Terminal;
  /** Where this package lies, with its templates. */
  readonly packageFiles: PackageFiles;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's own folder. */
  readonly homeFolder: string;
  /** Where relative paths begin. */
  readonly workingFolder: string;
  /** Bytes of standard input. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Aborted when the user ends the command. */
  readonly signal: AbortSignal;
}
