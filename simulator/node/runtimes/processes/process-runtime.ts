/** Containers as local programs: an image name stands for a command on this machine. Real time only. */
import type { ProcessExit } from '../../../../world/processes.ts';
import type { World } from '../../../../world/world.ts';
import type { Exit } from '../../container-facts.ts';
import type { ContainerStart, Executed, RunningContainer, Runtime } from '../runtime.ts';
import { programMissing, StartError, startErrorExitCode } from '../start-error.ts';
import type { LocalImage, LocalImages } from './local-images.ts';
import { declaredPorts, type ProcessPorts, type TakenPort } from './ports.ts';

export interface ProcessRuntimeOptions {
  readonly world: World;
  readonly images: LocalImages;
  /** PATH of the children: the only variable that is not the container's own. */
  readonly path: string;
  readonly ports?: ProcessPorts;
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
    return this.#options.images.find(image) !== undefined;
  }

  async start(container: ContainerStart): Promise<RunningContainer> {
    const { world, images } = this.#options;
    const image = images.find(container.image) ?? { command: [] };
    const command = container.command.length > 0 ? container.command : image.command;
    const port = await this.#takePort(container, image);
    const environment = this.#environment(container, image, port);
    let written: Promise<void> = Promise.resolve();
    const child = world.processes.start([...command, ...container.args], {
      ...(container.isDaemon ? { isDaemon: true } : {}),
      ...(image.folder === undefined ? {} : { folder: image.folder }),
      environment,
      onOutput: (bytes, stream) => {
        written = container.output(stream, bytes);
      },
    });
    void child.exited.then(() => port?.release());
    if (child.pid === undefined) return this.#notStarted(command[0] ?? '', await child.exited, container);
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
      execute: (words) => this.#execute(image, environment, words),
    };
  }

  /**
   * A script whose interpreter is missing did start, as far as a container runtime can see: the system refuses it in
   * the container.
   */
  async #notStarted(program: string, exit: ProcessExit, container: ContainerStart): Promise<RunningContainer> {
    const isThere = program.includes('/') && (await this.#options.world.files.status(program))?.kind === 'file';
    if (exit.startErrorCode !== 'ENOENT' || !isThere) throw startErrorOf(program, exit);
    await container.output('stderr', Buffer.from(`exec ${program}: no such file or directory\n`));
    return {
      exited: Promise.resolve({ exitCode: 1 }),
      terminate() {},
      kill() {},
      execute: () => Promise.resolve({ exitCode: startErrorExitCode, output: '' }),
    };
  }

  async #execute(
    image: LocalImage,
    environment: Readonly<Record<string, string>>,
    command: readonly string[],
  ): Promise<Executed> {
    let output = '';
    const child = this.#options.world.processes.start(command, {
      ...(image.folder === undefined ? {} : { folder: image.folder }),
      environment,
      onOutput(bytes) {
        output = (output + bytes.toString('utf8')).slice(0, executedOutputCharacters);
      },
    });
    const { exitCode, startError } = await child.exited;
    return { exitCode, output: startError ?? output };
  }

  /** For the first port that it declares, unless it says itself where it listens. */
  async #takePort(container: ContainerStart, image: LocalImage): Promise<TakenPort | undefined> {
    const [declared] = container.ports;
    const saysItself = container.environment.PORT !== undefined || image.environment?.PORT !== undefined;
    if (declared === undefined || saysItself) return undefined;
    const { ports = declaredPorts } = this.#options;
    return ports.take(container.pod.address, declared);
  }

  /**
   * The port is told as PORT, unless the container sets that itself. Volumes are folders elsewhere: ORRERY_MOUNTS tells
   * where, a JSON object from the path of each mount to its folder on this machine.
   */
  #environment(container: ContainerStart, image: LocalImage, taken: TakenPort | undefined): Record<string, string> {
    const { mounts } = container.files;
    const folders = Object.fromEntries(mounts.map(({ path, folder }) => [path, folder]));
    return {
      PATH: this.#options.path,
      ...(mounts.length === 0 ? {} : { ORRERY_MOUNTS: JSON.stringify(folders) }),
      ...(taken === undefined ? {} : { PORT: String(taken.port) }),
      ...image.environment,
      ...container.environment,
    };
  }
}

function exitOf(exit: ProcessExit): Exit {
  return {
    exitCode: exit.exitCode,
    ...(exit.signal === undefined ? {} : { signal: exit.exitCode - signalBase }),
  };
}

function startErrorOf(program: string, { startError = '', startErrorCode }: ProcessExit): StartError {
  if (startErrorCode === 'ENOENT') return programMissing(program, 'no such file or directory');
  if (startErrorCode === 'ENOTDIR') return programMissing(program, 'not a directory');
  if (startErrorCode === 'EACCES') return programMissing(program, 'permission denied');
  if (program === '') return programMissing(program, 'no such file or directory');
  return new StartError(startError);
}
