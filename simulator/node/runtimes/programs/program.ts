/** A container as an async function under the World: what an image name stands for in virtual time. */
import type { Files } from '../../../../world/files.ts';
import type { World } from '../../../../world/world.ts';
import type { PodFacts } from '../runtime.ts';
import type { StartError } from '../start-error.ts';

export interface ProgramContext {
  /** The container's own World: inert once the container has been killed. */
  readonly world: World;
  readonly pod: PodFacts;
  readonly container: string;
  /** The container's command; empty if it names none. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the container sees of files: its volumes, and a folder of its own that is empty at each start. */
  readonly files: Files;
  /** Where relative paths begin. */
  readonly workingFolder: string;
  /** Writes to stdout or stderr; resolves when there is room for more (a pipe has a rate). */
  write(output: Uint8Array | string, stream?: 'stdout' | 'stderr'): Promise<void>;
  /** What /dev/termination-log holds at the end. */
  terminationMessage(text: string): void;
  /** Tells, by an event of the pod, what was asked for that the real program does and this one does not. */
  notSimulated(what: string): void;
  /**
   * Aborted by SIGTERM. A program that rejects because of it ends with 143; one that pays no heed goes on until it is
   * killed, as the first process of a container does.
   */
  readonly signal: AbortSignal;
}

/** What is looked at before a program is run. */
export type ProgramCall = Pick<ProgramContext, 'command' | 'args' | 'files' | 'workingFolder'>;

export interface Program {
  /** Resolves with the exit code; a rejection is exit code 1, its text on stderr. */
  (context: ProgramContext): Promise<number>;
  /** For an image of several programs: resolves with why it has not the one that is called, if so. */
  readonly missing?: (call: ProgramCall) => Promise<StartError | undefined>;
}

/** Why the signal of a program is aborted. */
export class TerminatedError extends Error {
  override readonly name = 'TerminatedError';

  constructor() {
    super('terminated (SIGTERM)');
  }
}
