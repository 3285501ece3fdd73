/** A real kube-apiserver with its etcd, as processes of this machine, for as long as a comparison takes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { freePorts } from '../../environments/controlplane/free-ports.ts';
import { findProgram, PartsMissingError } from '../../environments/controlplane/parts.ts';
import type { Target } from './play.ts';

const PROGRAMS = ['etcd', 'kube-apiserver'] as const;
const READY_MS = 60_000;
const END_MS = 20_000;
const TOKEN = 'secret';

export type Programs = Readonly<Record<(typeof PROGRAMS)[number], string>>;

/** Where the programs are; or the line that says which are missing. */
export function findPrograms(environment: NodeJS.ProcessEnv): Programs | string {
  const found = PROGRAMS.map((program) => [program, findProgram(program, environment)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([program]) => program);
  if (missing.length === 0) return Object.fromEntries(found) as unknown as Programs;
  return `skipped: ${new PartsMissingError(missing).message}`;
}

/** A server that runs until it is stopped. */
export interface RunningServer extends Target {
  stop(): Promise<void>;
}

export interface RealServer extends RunningServer {
  /** Ids of its processes. */
  readonly processes: readonly number[];
}

/** Resolves when it is ready; fails with the end of its log when that takes longer than a minute. */
export async function startRealServer(programs: Programs): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-fidelity-'));
  const started: ChildProcess[] = [];
  const stop = async () => {
    // The API server ends before its store: without it, it does not end.
    for (const child of started.splice(0).reverse()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [clients = 0, peers = 0, port = 0] = await freePorts(3);
    const etcd = `http://127.0.0.1:${clients}`;
    started.push(run(programs.etcd, etcdFlags(folder, etcd, peers), join(folder, 'etcd.log')));
    started.push(run(programs['kube-apiserver'], serverFlags(folder, etcd, port), join(folder, 'apiserver.log')));
    const target = { url: `https://127.0.0.1:${port}`, token: TOKEN };
    await ready(target, join(folder, 'apiserver.log'));
    return { ...target, stop, processes: started.flatMap(({ pid }) => pid ?? []) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdFlags(folder: string, etcd: string, peers: number): string[] {
  return [
    ...['--data-dir', join(folder, 'data'), '--unsafe-no-fsync'],
    ...['--listen-client-urls', etcd, '--advertise-client-urls', etcd],
    ...['--listen-peer-urls', `http://127.0.0.1:${peers}`],
  ];
}

function serverFlags(folder: string, etcd: string, port: number): string[] {
  const key = join(folder, 'accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, tokenFile(), { mode: 0o600 });
  return [
    ...['--etcd-servers', etcd, '--cert-dir', join(folder, 'certificates')],
    ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', key, '--service-account-signing-key-file', key],
    ...['--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'RBAC'],
    ...['--token-auth-file', tokens, '--allow-privileged'],
  ];
}

/** Who the cases act as: token, name, groups. Both servers know the same. */
export const users = [
  { token: TOKEN, user: 'admin', uid: 'admin', groups: ['system:masters'] },
  { token: 'weak', user: 'weak', uid: 'weak', groups: ['team'] },
] as const;

function tokenFile(): string {
  return users.map(({ token, user, uid, groups }) => `${token},${user},${uid},"${groups.join(',')}"\n`).join('');
}

function run(program: string, flags: readonly string[], log: string): ChildProcess {
  const file = openSync(log, 'a');
  return spawn(program, flags, { stdio: ['ignore', file, file] });
}

async function ready(target: Target, log: string): Promise<void> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const headers = { authorization: `Bearer ${target.token}` };
  try {
    for (const deadline = performance.now() + READY_MS; performance.now() < deadline; ) {
      const answer = await request(`${target.url}/readyz`, { dispatcher, headers }).catch(() => undefined);
      await answer?.body.dump();
      if (answer?.statusCode === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await dispatcher.destroy();
  }
  const words = readFileSync(log, 'utf8').slice(-2000);
  throw new Error(`kube-apiserver was not ready after ${READY_MS / 1000} s; its last words:\n${words}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
}
