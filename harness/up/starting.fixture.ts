/**
 * `orrery up` started in the ways that users have, watched from outside: what is left of it when something has ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from './live.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(root, 'bin/orrery.mjs');
const DEADLINE_MS = 90_000;

export class StartedUp {
  readonly child: ChildProcess;
  readonly readyFile: string;
  /** Where it puts its folder. */
  readonly temporary: string;
  output = '';
  readonly #folder: string;
  readonly #exited: Promise<number | null>;

  /**
   * The command line gets the options of a ready file and of free ports; it runs in the project's folder with its
   * Node.js.
   */
  constructor(command: readonly string[], options: readonly string[] = []) {
    this.#folder = mkdtempSync(join(tmpdir(), 'up-test-'));
    this.temporary = join(this.#folder, 'tmp');
    mkdirSync(this.temporary);
    this.readyFile = join(this.#folder, 'ready.json');
    const [program = '', ...parameters] = command;
    const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    this.child = spawn(program, [...parameters, '--port', '0', '--ready-file', this.readyFile, ...options], {
      cwd: root,
      env: { ...process.env, PATH: path, TMPDIR: this.temporary, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.output += bytes.toString();
      });
    }
    this.#exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  async ready(): Promise<Endpoints> {
    await this.#until(() => existsSync(this.readyFile) || this.child.exitCode !== null);
    if (!existsSync(this.readyFile)) throw new Error(`orrery up did not get ready:\n${this.output}`);
    return JSON.parse(readFileSync(this.readyFile, 'utf8')) as Endpoints;
  }

  /** Exit code of the command, null if a signal ended it. */
  exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Resolves with what is left when the process has ended: nothing, if all is well. */
  async leftAfter(pid: number): Promise<string[]> {
    await this.#until(() => !isAlive(pid));
    return [
      ...readdirSync(this.temporary),
      ...(existsSync(this.readyFile) ? ['ready file'] : []),
      ...(isAlive(pid) ? [`process ${pid}`] : []),
    ];
  }

  /** Resolves when the folder of the run is there: the start is under way. */
  starting(): Promise<void> {
    return this.#until(() => readdirSync(this.temporary).length > 0);
  }

  async remove(pid?: number): Promise<void> {
    for (const each of [this.child.pid, pid]) if (each !== undefined && isAlive(each)) process.kill(each, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #until(isTrue: () => boolean): Promise<void> {
    for (const end = Date.now() + DEADLINE_MS; !isTrue() && Date.now() < end; ) await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
