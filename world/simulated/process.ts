/**
 * A simulated process: a World of its own on the shared kernel. Killing it makes its timers, requests, listeners and files inert for
 * ever: promises cannot be killed, so whatever it still waits for never settles, and what it still asks for never happens.
 */
import type { Clock, Timer } from '../clock.ts';
import type { Files } from '../files.ts';
import type { Log, LogFacts } from '../log.ts';
import type { Network } from '../network.ts';
import { type ChildProcess, type Processes, ProcessesUnavailableError } from '../processes.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { Kernel } from './kernel.ts';
import { mortalFiles } from './mortal-files.ts';
import type { ProcessNetwork, SimulatedNetwork } from './network.ts';

export interface SimulatedProcessOptions {
  readonly name: string;
  readonly kernel: Kernel;
  readonly network: SimulatedNetwork;
  readonly random: Random;
  readonly disk: Files;
  /** True when `disk` is the machine's: its operations are then counted by the kernel. */
  readonly filesOnHost: boolean;
  readonly processes?: Processes;
  readonly onKilled: () => void;
}

export class SimulatedProcess implements World {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly files: Files;
  readonly processes: Processes;
  readonly log: Log;
  readonly #kernel: Kernel;
  readonly #network: ProcessNetwork;
  readonly #timers = new Set<Timer>();
  readonly #children = new Set<ChildProcess>();
  readonly #onKilled: () => void;
  #killed = false;

  constructor(options: SimulatedProcessOptions) {
    this.name = options.name;
    this.#kernel = options.kernel;
    this.#onKilled = options.onKilled;
    this.random = options.random;
    this.clock = {
      now: () => this.#kernel.now(),
      after: (delayMs, callback) => this.#after(delayMs, callback),
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
    };
    this.#network = options.network.attach(options.name);
    this.network = this.#network;
    this.files = mortalFiles(options.disk, {
      isAlive: () => !this.#killed,
      track: options.filesOnHost ? (work) => this.#kernel.hostOperation(work) : (work) => this.#stirring(work),
    });
    this.processes = this.#processes(options.processes);
    this.log = this.#log();
    this.#kernel.trace.record({ type: 'process', at: this.#kernel.now(), name: this.name, change: 'started' });
  }

  get killed(): boolean {
    return this.#killed;
  }

  /** Ends the process at once, as SIGKILL does: no clean-up of its own runs. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#network.cut();
    for (const child of this.#children) child.kill('SIGKILL');
    this.#kernel.trace.record({ type: 'process', at: this.#kernel.now(), name: this.name, change: 'killed' });
    this.#kernel.stir();
    this.#onKilled();
  }

  #after(delayMs: number, callback: () => void): Timer {
    if (this.#killed) return { cancel: () => undefined };
    const timer = this.#kernel.after(delayMs, () => {
      this.#timers.delete(handle);
      callback();
    });
    const handle: Timer = {
      cancel: () => {
        this.#timers.delete(handle);
        timer.cancel();
      },
    };
    this.#timers.add(handle);
    return handle;
  }

  #sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.cancel();
        if (!this.#killed) reject(signal?.reason);
      };
      const timer = this.#after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #stirring<T>(work: Promise<T>): Promise<T> {
    this.#kernel.stir();
    return work;
  }

  #processes(host: Processes | undefined): Processes {
    return {
      available: host !== undefined,
      start: (command, options) => {
        if (!host) throw new ProcessesUnavailableError(command);
        const child = host.start(command, {
          ...options,
          onOutput: (bytes, stream) => {
            this.#kernel.stir();
            if (!this.#killed) options.onOutput(bytes, stream);
          },
        });
        this.#children.add(child);
        const exited = child.exited.then((exit) => {
          this.#children.delete(child);
          this.#kernel.stir();
          return exit;
        });
        return { pid: child.pid, exited: this.#whileAlive(exited), kill: (signal) => child.kill(signal) };
      },
    };
  }

  #whileAlive<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (!this.#killed) resolve(value);
        },
        (error) => {
          if (!this.#killed) reject(error);
        },
      );
    });
  }

  #log(): Log {
    const write =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, facts: LogFacts = {}) => {
        if (this.#killed) return;
        this.#kernel.trace.record({ type: 'log', at: this.#kernel.now(), process: this.name, level, message, facts });
      };
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}
