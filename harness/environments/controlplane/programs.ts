/**
 * The control plane's programs as child processes: started in order, their output in files, stopped the last one first.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess, ProcessExit, Processes } from '../../../world/processes.ts';
import type { World } from '../../../world/world.ts';
import type { PartName, Parts } from './parts.ts';
import { Reaper } from './reaper.ts';

/** A program that does not heed SIGTERM is killed after this. */
const STOP_DEADLINE_MS = 10_000;
/** What is kept of a program's output for messages. */
const TAIL_LINES = 12;

export class ProgramEndedError extends Error {
  override readonly name = 'ProgramEndedError';
  readonly program: string;
  readonly exit: ProcessExit;

  constructor(program: string, exit: ProcessExit) {
    super(`${program} ended with ${exit.startError ?? exit.exitCode}`);
    this.program = program;
    this.exit = exit;
  }
}

interface RunningProgram {
  readonly name: PartName;
  readonly child: ChildProcess;
  readonly log: WriteStream;
  tail: string;
}

export class Programs {
  readonly #world: World;
  readonly #parts: Parts;
  readonly #folder: string;
  readonly #reaper: Reaper;
  readonly #running: RunningProgram[] = [];

  /** `folder` is where logs go, and what is removed should this process crash. */
  constructor(world: World, parts: Parts, folder: string) {
    this.#world = world;
    this.#parts = parts;
    this.#folder = folder;
    this.#reaper = new Reaper(folder);
  }

  /**
   * Starts a program; `flags` become `--name=value`. The promise rejects with ProgramEndedError should it end by
   * itself.
   */
  start(name: PartName, flags: Readonly<Record<string, string>>): Promise<never> {
    const log = createWriteStream(join(this.#folder, `${name}.log`));
    const parameters = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = this.#world.processes.start([this.#parts[name], ...parameters], {
      folder: this.#folder,
      environment: { PATH: '/usr/bin:/bin', HOME: this.#folder },
      onOutput(bytes) {
        log.write(bytes);
        program.tail = lastLines(program.tail + bytes.toString('utf8'));
      },
    });
    const program: RunningProgram = { name, child, log, tail: '' };
    this.#running.push(program);
    this.#watch(child);
    const ended = child.exited.then((exit) => Promise.reject(new ProgramEndedError(name, exit)));
    // Whoever waits for it to become ready hears of it; later it is only looked for.
    ended.catch(() => undefined);
    return ended;
  }

  /** The same processes, none of which outlives this one. */
  watched(processes: Processes): Processes {
    return {
      available: processes.available,
      start: (command, options) => {
        const child = processes.start(command, options);
        this.#watch(child);
        return child;
      },
    };
  }

  /** The last lines that a program wrote. */
  tailOf(name: PartName): string {
    return this.#running.find((program) => program.name === name)?.tail ?? '';
  }

  /** Ends all, one after the other: the API server has to go before its storage, or it stays for minutes. */
  async stop(): Promise<void> {
    for (const program of this.#running.splice(0).reverse()) await this.#stop(program);
    this.#reaper.end();
  }

  #watch({ pid, exited }: ChildProcess): void {
    if (pid === undefined) return;
    this.#reaper.watch(pid);
    void exited.then(() => this.#reaper.forget(pid));
  }

  async #stop({ child, log }: RunningProgram): Promise<void> {
    child.kill('SIGTERM');
    const timer = this.#world.clock.after(STOP_DEADLINE_MS, () => child.kill('SIGKILL'));
    await child.exited;
    timer.cancel();
    await new Promise<void>((resolve) => log.end(() => resolve()));
  }
}

function lastLines(text: string): string {
  return text.split('\n').slice(-TAIL_LINES).join('\n');
}
