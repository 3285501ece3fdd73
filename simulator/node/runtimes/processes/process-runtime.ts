/** Containers as local programs: an image name stands for a command on this machine. Real time only. */
import type { ProcessExit } from '../../../../world/processes.ts';
import type { World } from '../../../../world/world.ts';
import type { Exit } from '../../container-facts.ts';
import { type ContainerStart, type Executed, imageEntry, type RunningContainer, type Runtime } from '../runtime.ts';

export interface LocalImage {
  /** Program and first arguments; a container's own command replaces it. */
  readonly command: readonly string[];
  /** Working folder. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProcessRuntimeOptions {
  readonly world: World;
  readonly images: Readonly<Record<string, LocalImage>>;
  /** PATH of the children: the only variable that is not the container's own. */
  readonly path: string;
}

const signalBase = 128;
const executedOutputCharacters = 10_240;

export class ProcessRuntime implements Runtime {
  readonly usesHostNetwork = true;
  readonly #options: ProcessRuntimeOptions;

  constructor(options: ProcessRuntimeOptions) {
    this.#options = options;
  }

  has(image: string): boolean {
    return imageEntry(this.#options.images, image) !== undefined;
  }

  start(container: ContainerStart): RunningContainer {
    const { world, images } = this.#options;
    const image = imageEntry(images, container.image) ?? { command: [] };
    const command = container.command.length > 0 ? container.command : image.command;
    let written: Promise<void> = Promise.resolve();
    const child = world.processes.start([...command, ...container.args], {
      ...(image.folder === undefined ? {} : { folder: image.folder }),
      environment: this.#environment(container, image),
      onOutput: (bytes, stream) => {
        written = container.output(stream, bytes);
      },
    });
    const exited = child.exited.then(async (exit) => {
      // What the program started and left behind ends with it, as in a container.
      child.kill('SIGKILL');
      await written;
      return exitOf(exit);
    });
    return {
      exited,
      terminate: () => child.kill('SIGTERM'),
      kill: () => child.kill('SIGKILL'),
      execute: (words) => this.#execute(container, image, words),
    };
  }

  async #execute(container: ContainerStart, image: LocalImage, command: readonly string[]): Promise<Executed> {
    let output = '';
    const child = this.#options.world.processes.start(command, {
      ...(image.folder === undefined ? {} : { folder: image.folder }),
      environment: this.#environment(container, image),
      onOutput(bytes) {
        output = (output + bytes.toString('utf8')).slice(0, executedOutputCharacters);
      },
    });
    const { exitCode, startError } = await child.exited;
    return { exitCode, output: startError ?? output };
  }

  /**
   * A declared port is told as PORT, unless the container sets that itself. Volumes are folders elsewhere: ORRERY_MOUNTS tells where,
   * a JSON object from the path of each mount to its folder on this machine.
   */
  #environment(container: ContainerStart, image: LocalImage): Record<string, string> {
    const [port] = container.ports;
    const { mounts } = container.files;
    const folders = Object.fromEntries(mounts.map(({ path, folder }) => [path, folder]));
    return {
      PATH: this.#options.path,
      ...(mounts.length === 0 ? {} : { ORRERY_MOUNTS: JSON.stringify(folders) }),
      ...(port === undefined ? {} : { PORT: String(port) }),
      ...image.environment,
      ...container.environment,
    };
  }
}

function exitOf(exit: ProcessExit): Exit {
  return {
    exitCode: exit.exitCode,
    ...(exit.signal === undefined ? {} : { signal: exit.exitCode - signalBase }),
    ...(exit.startError === undefined ? {} : { startError: exit.startError }),
  };
}
