/**
 * A simulated process: a World of its own on the shared kernel. Killing it makes its timers, requests, listeners and
 * files inert for ever: promises cannot be killed, so whatever it still waits for never settles, and what it still asks
 * for never happens.
 */
import type { Clock, Timer } from '../clock.ts';
import type { Files } from '../files.ts';
import type { Log, LogFacts } from '../log.ts';
import type { Network } from '../network.ts';
import { type ChildProcess, type Processes, ProcessesUnavailableError } from '../processes.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { Kernel } from './kernel.ts';
import { Life, never } from './life.ts';
import { mortalFiles } from './mortal-files.ts';
import type { SimulatedNetwork } from './network.ts';
import type { ProcessNetwork } from './process-network.ts';

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
  /**
   * For what reaches this process on other ways than its World (a client of a server in the same process): calls and
   * callbacks that pass through it are as inert after a kill as the World's own.
   */
  readonly life = new Life();
  readonly #kernel: Kernel;
  readonly #network: ProcessNetwork;
  readonly #timers = new Set<Timer>();
  readonly #children = new Set<ChildProcess>();
  readonly #onKilled: () => void;

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
    this.#network = options.network.attach(options.name, this.life);
    this.network = this.#network;
    const track = <T>(work: Promise<T>) =>
      options.filesOnHost ? this.#kernel.hostOperation(work) : this.#stirring(work);
    this.files = mortalFiles(options.disk, this.life, track);
    this.processes = this.#processes(options.processes);
    this.log = this.#log();
    this.#kernel.trace.record({ type: 'process', at: this.#kernel.now(), name: this.name, change: 'started' });
  }

  get killed(): boolean {
    return !this.life.isAlive;
  }

  /** Ends the process at once, as SIGKILL does: no clean-up of its own runs. */
  kill(): void {
    if (this.killed) return;
    this.life.end();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#network.cut();
    for (const child of this.#children) child.kill('SIGKILL');
    this.#kernel.trace.record({ type: 'process', at: this.#kernel.now(), name: this.name, change: 'killed' });
    this.#kernel.stir();
    this.#onKilled();
  }

  #after(delayMs: number, callback: () => void): Timer {
    if (this.killed) return { cancel: () => undefined };
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
    if (this.killed) return never();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.cancel();
        if (!this.killed) reject(signal?.reason);
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
        if (this.killed) return { pid: undefined, exited: never(), kill: () => undefined };
        const child = host.start(command, {
          ...options,
          onOutput: (bytes, stream) => {
            this.#kernel.stir();
            return this.killed ? undefined : options.onOutput(bytes, stream);
          },
        });
        this.#children.add(child);
        const exited = child.exited.then((exit) => {
          this.#children.delete(child);
          this.#kernel.stir();
          return exit;
        });
        return {
          pid: child.pid,
          exited: this.life.promise(exited),
          kill: (signal) => !this.killed && child.kill(signal),
        };
      },
    };
  }

  #log(): Log {
    const write =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, facts: LogFacts = {}) => {
        if (this.killed) return;
        this.#kernel.trace.record({ type: 'log', at: this.#kernel.now(), process: this.name, level, message, facts });
      };
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}
