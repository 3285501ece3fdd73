/** Containers as programs: in process, in virtual time, with exit codes, signals and output as a process has them. */
import type { World } from '../../../../world/world.ts';
import type { Exit } from '../../container-facts.ts';
import { type ContainerStart, imageEntry, type RunningContainer, type Runtime } from '../runtime.ts';
import { type MortalWorld, mortalWorld } from './mortal-world.ts';
import { type Program, TerminatedError } from './program.ts';

/** What a container's output pipe and its runtime carry; about what containerd does on a small machine. */
export const pipeBytesPerSecond = 32 * 1024 * 1024;
/** Output is paced in steps of this size. */
const pipeStepBytes = 1024 * 1024;

const killed: Exit = { exitCode: 137, signal: 9 };
const terminatedExitCode = 143;

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

  start(container: ContainerStart): RunningContainer {
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
    const work = async (): Promise<Exit> => {
      const write = pipe(world, container);
      try {
        const { command, args, environment } = container;
        const exitCode = await program({
          world,
          pod,
          container: container.container,
          command,
          args,
          environment,
          write,
          terminationMessage(text) {
            message.text = text;
          },
          signal: termination.signal,
        });
        return { exitCode, message: message.text };
      } catch (error) {
        if (termination.signal.aborted) return { exitCode: terminatedExitCode, signal: 15, message: message.text };
        await write(`${error}\n`, 'stderr');
        return { exitCode: 1, message: message.text };
      }
    };
    void work().then((exit) => {
      world.kill();
      end(exit);
    });
    return {
      exited,
      terminate: () => termination.abort(new TerminatedError()),
      kill() {
        world.kill();
        end({ ...killed, message: message.text });
      },
    };
  }
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
