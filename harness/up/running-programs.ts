/** The local commands that run at the moment: while one does, virtual time must not be hurried. */
import type { ChildProcess, Processes, ProcessOptions } from '../../world/processes.ts';

export class RunningPrograms implements Processes {
  readonly available = true;
  readonly #host: Processes;
  readonly #running = new Map<ChildProcess, readonly string[]>();

  constructor(host: Processes) {
    this.#host = host;
  }

  start(command: readonly string[], options: ProcessOptions): ChildProcess {
    const child = this.#host.start(command, options);
    this.#running.set(child, command);
    void child.exited.then(() => this.#running.delete(child));
    return child;
  }

  /** Their command lines. */
  list(): string[] {
    return [...this.#running.values()].map((command) => command.join(' '));
  }
}
