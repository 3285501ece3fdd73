/**
 * The local commands that run at the moment. While one does whose end somebody waits for, virtual time must not be
 * hurried; a daemon only answers, and its answers count as instantaneous.
 */

import type { ChildProcess, Processes, ProcessOptions } from '../../world/processes.ts';
import { realClock } from '../../world/real/clock.ts';
import type { Hold } from '../environments/sim/egress.ts';

/** A daemon has so long to listen, ms of the wall; then nobody waits for it any more. */
const startMaximumMs = 10_000;
const tryEveryMs = 20;

interface Running {
  readonly command: readonly string[];
  readonly isDaemon: boolean;
}

export class RunningPrograms implements Processes {
  readonly available = true;
  readonly #host: Processes;
  readonly #running = new Map<ChildProcess, Running>();
  readonly #starting = new Set<Promise<void>>();
  #hold: Hold = (work) => work;
  #connect: (place: string) => Promise<void> = async () => undefined;

  constructor(host: Processes) {
    this.#host = host;
    // Also when this process ends without having come to `end`.
    process.on('exit', () => this.#killAll());
  }

  /** How virtual time is held while a daemon starts, and how it is found out that it listens. */
  holdBy(hold: Hold, connect: (place: string) => Promise<void>): void {
    this.#hold = hold;
    this.#connect = connect;
  }

  start(command: readonly string[], options: ProcessOptions): ChildProcess {
    const child = this.#host.start(command, options);
    const { isDaemon = false } = options;
    this.#running.set(child, { command, isDaemon });
    void child.exited.then(() => this.#running.delete(child));
    if (isDaemon && options.environment.PORT !== undefined) this.#noteStart(child, options.environment.PORT);
    return child;
  }

  /** Resolves when each daemon that was started listens, has ended or has had its time. */
  async daemonsStarted(): Promise<void> {
    await Promise.all(this.#starting);
  }

  /** Kills those that are left; resolves when they have ended. */
  async end(): Promise<void> {
    this.#killAll();
    await Promise.all([...this.#running.keys()].map(({ exited }) => exited));
  }

  #noteStart(child: ChildProcess, port: string): void {
    const started = this.#listens(child, `127.0.0.1:${port}`);
    this.#starting.add(started);
    void this.#hold(started).then(() => this.#starting.delete(started));
  }

  async #listens(child: ChildProcess, place: string): Promise<void> {
    const until = realClock.now() + startMaximumMs;
    while (this.#running.has(child) && realClock.now() < until) {
      const isThere = await this.#connect(place).then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await realClock.sleep(tryEveryMs);
    }
  }

  #killAll(): void {
    for (const child of this.#running.keys()) child.kill('SIGKILL');
  }

  /** Command lines of those whose end somebody waits for. */
  list(): string[] {
    const awaited = [...this.#running.values()].filter(({ isDaemon }) => !isDaemon);
    return awaited.map(({ command }) => command.join(' '));
  }
}
