/**
 * A simulated World: virtual clock, seeded chance, network and files in memory, and any number of simulated processes
 * on it. Same seed, same code: same trace.
 *
 * ```ts
 * const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
 * const world = simulation.process('operator');
 * await simulation.advance(60_000);
 * ```
 */
import { DeadlineExceededError } from '../clock.ts';
import type { Files } from '../files.ts';
import type { Processes } from '../processes.ts';
import { Kernel } from './kernel.ts';
import { MemoryDisk } from './memory-disk.ts';
import { SimulatedNetwork } from './network.ts';
import { SimulatedProcess } from './process.ts';
import { SeededRandom } from './seeded-random.ts';
import { Trace, type TraceSink } from './trace.ts';

export interface SimulationOptions {
  /** Any whole number; everything random in the run follows from it. */
  readonly seed: number;
  /** Epoch ms at which virtual time begins. */
  readonly startAt: number;
  /** Receives each trace event as it is recorded. */
  readonly sink?: TraceSink;
  /** The machine's files instead of a disk in memory: only where runs need not be replayed. */
  readonly files?: Files;
  /** The machine's processes; absent: programs cannot be started. */
  readonly processes?: Processes;
}

const RUN_DEADLINE_MS = 3_600_000;

export class Simulation {
  readonly seed: number;
  readonly startAt: number;
  readonly trace: Trace;
  readonly network: SimulatedNetwork;
  readonly #kernel: Kernel;
  readonly #options: SimulationOptions;
  readonly #disk: MemoryDisk;
  readonly #incarnations = new Map<string, number>();
  readonly #alive = new Set<SimulatedProcess>();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.seed = options.seed;
    this.startAt = options.startAt;
    this.trace = new Trace(options.sink);
    this.#kernel = new Kernel(options.startAt, this.trace);
    this.network = new SimulatedNetwork(this.#kernel, new SeededRandom(options.seed, 'network'));
    this.#disk = new MemoryDisk(() => this.#kernel.now());
  }

  /** The present virtual instant, epoch ms. */
  now(): number {
    return this.#kernel.now();
  }

  /** Starts a simulated process. The same name again is its next incarnation, with random streams of its own. */
  process(name: string): SimulatedProcess {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const process: SimulatedProcess = new SimulatedProcess({
      name,
      kernel: this.#kernel,
      network: this.network,
      random: new SeededRandom(this.seed, incarnation === 1 ? name : `${name}#${incarnation}`),
      disk: this.#options.files ?? this.#disk,
      filesOnHost: this.#options.files !== undefined,
      ...(this.#options.processes ? { processes: this.#options.processes } : {}),
      onKilled: () => this.#alive.delete(process),
    });
    this.#alive.add(process);
    return process;
  }

  /** Processes that live, in the order in which they were started. */
  processes(): SimulatedProcess[] {
    return [...this.#alive];
  }

  /** Names of all processes that were ever started. */
  processNames(): string[] {
    return [...this.#incarnations.keys()];
  }

  /** Adds a remark of the harness to the trace. */
  note(topic: string, facts: Readonly<Record<string, string | number | boolean | null | undefined>>): void {
    this.trace.record({ type: 'note', at: this.now(), topic, facts });
  }

  /** Says that something came in from outside (a socket, a child process): the present instant is not over. */
  stir(): void {
    this.#kernel.stir();
  }

  /**
   * Counts an operation of the machine (a database, an object store) as work of the present instant: no time passes
   * meanwhile.
   */
  hostOperation<T>(operation: Promise<T>): Promise<T> {
    return this.#kernel.hostOperation(operation);
  }

  /** Lets everything that can happen in the present instant happen. */
  async settle(): Promise<void> {
    await this.#kernel.settle();
  }

  /** Lets `durationMs` of virtual time pass; throws the first error that no simulated program caught. */
  async advance(durationMs: number, signal?: AbortSignal): Promise<void> {
    await this.advanceTo(this.now() + durationMs, signal);
  }

  /** Lets virtual time pass until `instant` (epoch ms); an instant in the past only settles. */
  async advanceTo(instant: number, signal?: AbortSignal): Promise<void> {
    await this.#kernel.settle();
    if (instant <= this.now()) return;
    let arrived = false;
    const mark = this.#kernel.after(instant - this.now(), () => {
      arrived = true;
    });
    try {
      while (!arrived) {
        signal?.throwIfAborted();
        await this.#kernel.step();
      }
    } finally {
      mark.cancel();
    }
  }

  /**
   * Lets virtual time pass until the promise settles, and returns or throws what it settled with. After `deadlineMs` of
   * virtual time, or when nothing at all is left to happen, rejects with a DeadlineExceededError.
   */
  async run<T>(work: Promise<T>, deadlineMs = RUN_DEADLINE_MS): Promise<T> {
    let settled = false;
    const note = () => {
      settled = true;
      this.#kernel.stir();
    };
    work.then(note, note);
    let expired = false;
    const deadline = this.#kernel.after(deadlineMs, () => {
      expired = true;
    });
    try {
      await this.#kernel.settle();
      while (!settled && !expired) await this.#kernel.step();
    } finally {
      deadline.cancel();
    }
    if (!settled) throw new DeadlineExceededError('the awaited work', deadlineMs);
    return work;
  }

  /** Kills every process: nothing of this simulation acts any more. */
  shutDown(): void {
    for (const process of this.#alive) process.kill();
  }
}

export type { SimulatedProcess } from './process.ts';
