/** Containers as programs: in process, in virtual time, with exit codes, signals and output as a process has them. */
import type { World } from '../../../../world/world.ts';
import type { Exit } from '../../container-facts.ts';
import { containerFiles } from '../../volumes/container-files.ts';
import { type ContainerStart, type Executed, imageEntry, type RunningContainer, type Runtime } from '../runtime.ts';
import { workingFolderIsFile } from '../start-error.ts';
import { type MortalWorld, mortalWorld } from './mortal-world.ts';
import { type Program, type ProgramContext, TerminatedError } from './program.ts';

/** What a container's output pipe and its runtime carry; about what containerd does on a small machine. */
export const pipeBytesPerSecond = 32 * 1024 * 1024;
/** Output is paced in steps of this size. */
const pipeStepBytes = 1024 * 1024;

const killed: Exit = { exitCode: 137, signal: 9 };
const terminatedExitCode = 143;
/** The kubelet keeps 10 KiB of a probe's output. */
const executedOutputCharacters = 10_240;

export interface ProgramRuntimeOptions {
  readonly world: World;
  readonly programs: Readonly<Record<string, Program>>;
}

export class ProgramRuntime implements Runtime {
  readonly usesHostNetwork = false;
  readonly #options: ProgramRuntimeOptions;

  constructor(options: ProgramRuntimeOptions) {
    this.#options = options;
  }

  has(image: string): boolean {
    return imageEntry(this.#options.programs, image) !== undefined;
  }

  async start(container: ContainerStart): Promise<RunningContainer> {
    const program = imageEntry(this.#options.programs, container.image);
    if (!program) throw new TypeError(`no program stands for the image ${container.image}`);
    const { pod } = container;
    const world = mortalWorld(this.#options.world, `${pod.namespace}/${pod.name}/${container.container}`);
    const termination = new AbortController();
    const message = { text: '' };
    let end: (exit: Exit) => void = () => {};
    const exited = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    const context: ProgramContext = {
      world,
      pod,
      container: container.container,
      command: container.command,
      args: container.args,
      environment: container.environment,
      files: containerFiles(world.files, container.files.root, container.files.mounts),
      workingFolder: container.workingFolder ?? '/',
      write: pipe(world, container),
      terminationMessage(text) {
        message.text = text;
      },
      notSimulated: (what) => container.notSimulated(what),
      signal: termination.signal,
    };
    await checkCall(program, context);
    void codeOf(program, context).then((exitCode) => {
      world.kill();
      const hasDied = exitCode === undefined;
      end({ exitCode: exitCode ?? terminatedExitCode, ...(hasDied ? { signal: 15 } : {}), message: message.text });
    });
    return {
      exited,
      terminate: () => termination.abort(new TerminatedError()),
      kill() {
        world.kill();
        end({ ...killed, message: message.text });
      },
      execute: (command) => execute(program, context, command),
    };
  }
}

/** Rejects with StartError when the program is not there, or cannot be where it is to work. */
async function checkCall(program: Program, context: ProgramContext): Promise<void> {
  const { files, workingFolder } = context;
  if (workingFolder !== '/' && (await files.status(workingFolder))?.kind === 'file') {
    throw workingFolderIsFile(workingFolder);
  }
  const missing = await program.missing?.(context);
  if (missing) throw missing;
}

/** undefined when it died from SIGTERM. */
async function codeOf(program: Program, context: ProgramContext): Promise<number | undefined> {
  try {
    return await program(context);
  } catch (error) {
    if (context.signal.aborted) return undefined;
    await context.write(`${error}\n`, 'stderr');
    return 1;
  }
}

/** The image's program once more, with another command: what it says is not the container's log. */
async function execute(program: Program, context: ProgramContext, command: readonly string[]): Promise<Executed> {
  let output = '';
  const exitCode = await codeOf(program, {
    ...context,
    command,
    args: [],
    async write(text) {
      if (output.length < executedOutputCharacters) output += Buffer.from(text).toString('utf8');
    },
    terminationMessage() {},
    signal: new AbortController().signal,
  });
  return { exitCode: exitCode ?? terminatedExitCode, output };
}

/** The container's output; writing takes the time that the bytes need. */
function pipe(world: MortalWorld, container: ContainerStart) {
  let unpaced = 0;
  return async (output: Uint8Array | string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> => {
    if (world.killed) return new Promise(() => {});
    const bytes = typeof output === 'string' ? Buffer.from(output) : output;
    await container.output(stream, bytes);
    unpaced += bytes.length;
    if (unpaced < pipeStepBytes) return;
    const durationMs = Math.ceil((unpaced * 1000) / pipeBytesPerSecond);
    unpaced = 0;
    await world.clock.sleep(durationMs);
  };
}
