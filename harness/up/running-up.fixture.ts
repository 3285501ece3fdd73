/** `orrery up` as a user starts it: a process of its own, its ready file read, ended by SIGINT. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signingKey } from '../../fabric/identity/key.ts';
import { bearerToken } from '../../fabric/identity/personal-access-token.ts';
import { readTokenFile } from '../cli/commands/token.ts';
import type { Endpoints } from './live.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const READY_DEADLINE_MS = 60_000;

export class RunningUp {
  readonly endpoints: Endpoints;
  readonly readyFile: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  static async start(parameters: readonly string[] = []): Promise<RunningUp> {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-up-test-'));
    const readyFile = join(folder, 'ready.json');
    const child = spawn(process.execPath, [main, 'up', '--port', '0', '--ready-file', readyFile, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += bytes;
    });
    child.stderr.on('data', (bytes) => {
      output += bytes;
    });
    for (const end = Date.now() + READY_DEADLINE_MS; !existsSync(readyFile); await sleep(50)) {
      if (child.exitCode === null && Date.now() < end) continue;
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`orrery up did not get ready:\n${output}`);
    }
    return new RunningUp(child, folder, readyFile);
  }

  private constructor(child: ChildProcess, folder: string, readyFile: string) {
    this.#child = child;
    this.#folder = folder;
    this.readyFile = readyFile;
    this.endpoints = JSON.parse(readFileSync(readyFile, 'utf8')) as Endpoints;
  }

  /** A request to the gateway, as the user whom `up` has made. */
  asked(path: string, init: RequestInit = {}): Promise<Response> {
    const { url, tokenFile = '' } = this.endpoints.gateway;
    const file = readTokenFile(tokenFile);
    const authorization = `Bearer ${bearerToken(file, signingKey(file.jwk), Date.now(), 60_000)}`;
    return fetch(`${url}${path}`, { ...init, headers: { ...init.headers, authorization } });
  }

  /** As Ctrl-C does; resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.once('exit', (code) => resolve(code)));
    this.#child.kill('SIGINT');
    return ended;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) await this.interrupt();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
