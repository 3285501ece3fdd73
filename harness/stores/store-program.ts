/**
 * A store's server as a process of this machine, on a port and in a folder that stay the same when it is killed and
 * started again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadlineSignal } from '../../world/clock.ts';
import type { ChildProcess } from '../../world/processes.ts';
import { realWorld } from '../../world/real/world.ts';
import type { World } from '../../world/world.ts';
import { freePorts } from '../environments/controlplane/free-ports.ts';
import { silentLog } from '../environments/controlplane/own-world.ts';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const POLL_MS = 50;
const TAIL_CHARACTERS = 2_000;

export interface StoreProgram {
  /** For messages: `minio`. */
  readonly name: string;
  command(port: number, folder: string): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** True when the server on that port answers as it should. */
  isReady(world: World, port: number): Promise<boolean>;
}

export class StoreStartError extends Error {
  override readonly name = 'StoreStartError';

  constructor(program: string, why: string, output: string) {
    super(`${program} did not come up: ${why}; its last words:\n${output}`);
  }
}

export class StoreServer {
  readonly port: number;
  readonly #program: StoreProgram;
  readonly #folder: string;
  readonly #world = realWorld('harness', silentLog);
  #child: ChildProcess | undefined;
  #tail = '';

  /** Starts the program on a free port, in an empty folder. */
  static async begin(program: StoreProgram): Promise<StoreServer> {
    const [port = 0] = await freePorts(1);
    const server = new StoreServer(program, port, mkdtempSync(join(tmpdir(), `orrery-${program.name}-`)));
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  private constructor(program: StoreProgram, port: number, folder: string) {
    this.#program = program;
    this.port = port;
    this.#folder = folder;
  }

  /** Starts it, again after `kill`, and waits until it answers. */
  async start(): Promise<void> {
    const { clock, processes } = this.#world;
    const child = processes.start(this.#program.command(this.port, this.#folder), {
      folder: this.#folder,
      environment: { PATH: '/usr/bin:/bin', HOME: this.#folder, ...this.#program.environment },
      onOutput: (bytes) => {
        this.#tail = (this.#tail + bytes.toString('utf8')).slice(-TAIL_CHARACTERS);
      },
    });
    this.#child = child;
    const deadline = deadlineSignal(clock, START_DEADLINE_MS, `starting ${this.#program.name}`);
    const ended = child.exited.then(({ exitCode, startError }) => {
      throw new StoreStartError(this.#program.name, startError ?? `it ended with ${exitCode}`, this.#tail);
    });
    try {
      await Promise.race([this.#ready(deadline.signal), ended]);
    } catch (error) {
      throw deadline.signal.aborted
        ? new StoreStartError(this.#program.name, 'it is not ready in time', this.#tail)
        : error;
    } finally {
      deadline.clear();
      ended.catch(() => undefined);
    }
  }

  /** Without a chance to write anything more. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#child?.exited;
  }

  /** Ends it and removes its folder. */
  async end(): Promise<void> {
    const timer = this.#world.clock.after(STOP_DEADLINE_MS, () => this.#child?.kill('SIGKILL'));
    this.#child?.kill('SIGTERM');
    await this.#child?.exited;
    timer.cancel();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(signal: AbortSignal): Promise<void> {
    while (!(await this.#program.isReady(this.#world, this.port).catch(() => false))) {
      await this.#world.clock.sleep(POLL_MS, signal);
    }
  }
}
