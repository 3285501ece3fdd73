/** Operator, gateway and managed content as programs of their own, whose memory can be told apart. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../environments/controlplane/free-ports.ts';
import type { LogCluster } from './cluster.ts';

export const serviceNames = ['operator', 'gateway', 'content'] as const;
export type ServiceName = (typeof serviceNames)[number];
export type ServiceMemory = Readonly<Record<ServiceName, number>>;
/** Seconds of processor time. */
export type ServiceWork = Readonly<Record<ServiceName, number>>;

/** As our images start them: a young generation that stays small, since what passes through lives for moments. */
const NODE_FLAGS = ['--max-semi-space-size=4'];
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;
const SAMPLE_MS = 100;
const TAIL_CHARACTERS = 4_000;

export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError';
}

interface Running {
  readonly child: ChildProcess;
  tail: string;
}

export class LogServices {
  readonly gatewayUrl: string;
  readonly contentUrl: string;
  readonly #running = new Map<ServiceName, Running>();
  readonly #largest: Record<ServiceName, number> = { operator: 0, gateway: 0, content: 0 };
  readonly #sampling: NodeJS.Timeout;

  /** `blobs` is a folder or an `s3://` URL; `folder` holds the rest. Resolves when all are ready. */
  static async start(
    cluster: LogCluster,
    folder: string,
    { blobs, nodeLogs }: { readonly blobs: string; readonly nodeLogs: boolean },
  ): Promise<LogServices> {
    const [gateway = 0, content = 0, health = 0] = await freePorts(3);
    const services = new LogServices(gateway, content);
    const at = (port: number) => `127.0.0.1:${port}`;
    const where = ['--kubeconfig', cluster.kubeconfig, '--namespace', cluster.namespace];
    services.#spawn('content', ['--listen', at(content), '--blobs', blobs]);
    services.#spawn('gateway', [
      ...where,
      ...['--listen', at(gateway), '--content-url', services.contentUrl],
      ...['--store', join(folder, 'records.sqlite'), '--create-projects'],
    ]);
    services.#spawn('operator', [
      ...where,
      ...['--gateway-url', services.gatewayUrl, '--content-url', services.contentUrl, '--health-listen', at(health)],
      ...(nodeLogs ? ['--node-logs'] : []),
    ]);
    try {
      await Promise.all([content, gateway, health].map((port) => services.#ready(`http://${at(port)}/readyz`)));
      return services;
    } catch (error) {
      await services.stop();
      throw error;
    }
  }

  private constructor(gatewayPort: number, contentPort: number) {
    this.gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
    this.contentUrl = `http://127.0.0.1:${contentPort}`;
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** Resident now, bytes. */
  memory(): ServiceMemory {
    const of = (name: ServiceName) => residentBytes(this.#running.get(name)?.child.pid);
    return { operator: of('operator'), gateway: of('gateway'), content: of('content') };
  }

  /** The largest seen since `forgetLargest`, bytes. */
  largest(): ServiceMemory {
    return { ...this.#largest };
  }

  /** Since their start. */
  work(): ServiceWork {
    const of = (name: ServiceName) => workSeconds(this.#running.get(name)?.child.pid);
    return { operator: of('operator'), gateway: of('gateway'), content: of('content') };
  }

  forgetLargest(): void {
    for (const name of serviceNames) this.#largest[name] = 0;
  }

  async stop(): Promise<void> {
    clearInterval(this.#sampling);
    for (const { child } of this.#running.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(timer);
    }
  }

  #sample(): void {
    const now = this.memory();
    for (const name of serviceNames) this.#largest[name] = Math.max(this.#largest[name], now[name]);
  }

  #spawn(name: ServiceName, flags: readonly string[]): void {
    const main = fileURLToPath(new URL(`../../fabric/${name}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, [...NODE_FLAGS, main, '--log-level', 'warn', ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const running: Running = { child, tail: '' };
    child.stderr?.on('data', (bytes: Buffer) => {
      running.tail = (running.tail + bytes.toString('utf8')).slice(-TAIL_CHARACTERS);
    });
    this.#running.set(name, running);
  }

  async #ready(url: string): Promise<void> {
    for (const end = performance.now() + READY_DEADLINE_MS; ; await sleep(SAMPLE_MS)) {
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok) return;
      const dead = [...this.#running].find(([, { child }]) => child.exitCode !== null);
      if (!dead && performance.now() < end) continue;
      const words = [...this.#running].map(([name, { tail }]) => `${name}:\n${tail}`).join('\n');
      throw new ServiceStartError(`${dead ? `${dead[0]} ended` : `${url} is not ready`}; the last words:\n${words}`);
    }
  }
}

/** Of Linux; 0 elsewhere, where reports then say that memory is not known. */
function residentBytes(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Of Linux, whose ticks are hundredths of a second for programs; 0 elsewhere. */
function workSeconds(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    // Behind the name, which may hold blanks: the state, ten numbers, and the ticks in user and system mode.
    const [, behind = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user = 0, system = 0] = behind.split(' ').slice(11, 13).map(Number);
    return (user + system) / 100;
  } catch {
    return 0;
  }
}
