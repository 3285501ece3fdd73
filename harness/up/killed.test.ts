/**
 * Managed content and the gateway as programs that are killed with SIGKILL again and again: what they acknowledged is
 * there.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../environments/controlplane/free-ports.ts';
import { agentOf, jobSkill } from '../scenario/documents.ts';
import { eventually } from './eventually.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const rounds = 5;
const folder = mkdtempSync(join(tmpdir(), 'orrery-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commandOf(service: string, parameters: readonly string[]): string[] {
  return [fileURLToPath(new URL(`../../fabric/${service}/main.ts`, import.meta.url)), ...parameters];
}

/** A program that is killed and started again; its address stays. */
class Program {
  readonly url: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  constructor(service: string, port: number, parameters: readonly string[]) {
    this.url = `http://127.0.0.1:${port}`;
    this.#command = commandOf(service, ['--listen', `127.0.0.1:${port}`, '--log-level', 'error', ...parameters]);
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, this.#command, { stdio: 'ignore' });
    await eventually(`${this.url} is ready`, async () =>
      (await fetch(`${this.url}/readyz`).catch(() => undefined))?.ok ? true : undefined,
    );
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

/** What a second program with the same store says, and its exit code. */
function second(service: string, parameters: readonly string[]) {
  const command = commandOf(service, ['--listen', '127.0.0.1:0', ...parameters]);
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 100_000 });
  return { status, stderr };
}

describe('managed content as a program', () => {
  const blobs = join(folder, 'content');
  let program: Program;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    program = new Program('content', port, ['--blobs', blobs]);
    await program.start();
  });
  afterAll(() => program.kill());

  const objects = () => `${program.url}/fabric/v4/projects/p/content`;
  const log = () => `${program.url}/internal/logs/p/run-1`;

  /** Uploads and log lines one after the other until it is killed. */
  async function write(round: number, stored: Map<string, string>, lines: string[]): Promise<void> {
    for (let index = 0; ; index++) {
      const text = `round ${round} object ${index} `.repeat(1 + ((index * 7919) % 20_000));
      const put = await fetch(`${objects()}/o${index % 5}`, { method: 'POST', body: text });
      if (put.ok) stored.set(`o${index % 5}`, text);
      const line = `line ${lines.length}`;
      const body = `2026-01-01T00:00:00.000000000Z ${line}\n`;
      const appended = await fetch(`${log()}?line=${lines.length}`, { method: 'POST', body });
      if (appended.ok) lines.push(line);
    }
  }

  test('a second one on its folder ends with 1, says who has it, and takes nothing away', async () => {
    let go = () => {};
    const halt = new Promise<void>((resolve) => {
      go = resolve;
    });
    async function* halting() {
      yield Buffer.from('half ');
      await halt;
      yield Buffer.from('and half');
    }
    const uploading = fetch(`${objects()}/slow`, { method: 'POST', body: halting(), duplex: 'half' } as RequestInit);
    await eventually('the upload is under way', async () =>
      existsSync(join(blobs, 'drafts')) && readdirSync(join(blobs, 'drafts')).length > 0 ? true : undefined,
    );
    const { status, stderr } = second('content', ['--blobs', blobs]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/content\/lock is held by content, process \d+ on /);
    go();
    expect((await uploading).status).toBe(200);
    expect(await (await fetch(`${objects()}/slow`)).text()).toBe('half and half');
  });

  test('has all that it acknowledged, whole, and nothing else, after each kill', async () => {
    const stored = new Map<string, string>();
    const lines: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const writing = write(round, stored, lines).catch(() => undefined);
      await eventually('some are acknowledged', async () => (lines.length > 3 * round ? true : undefined));
      await program.kill();
      await writing;
      await program.start();
      for (const [key, text] of stored) {
        const shown = await (await fetch(`${objects()}/${key}`)).text();
        // One upload may have been finished and its answer cut.
        if (shown !== text) expect(shown).toMatch(new RegExp(`^(round ${round} object \\d+ )+$`));
        stored.set(key, shown);
      }
      const facts = (await (await fetch(log())).json()) as { lines: number; bytes: number };
      const text = await (await fetch(`${objects()}/tasks/run-1/log.txt`)).text();
      expect(facts.lines - lines.length, `round ${round}`).toBeOneOf([0, 1]);
      if (facts.lines > lines.length) lines.push(`line ${lines.length}`);
      expect(text).toBe(lines.map((line) => `${line}\n`).join(''));
      expect(readdirSync(join(blobs, 'drafts'))).toEqual([]);
    }
  });
});

describe('the gateway as a program', () => {
  const store = join(folder, 'records.sqlite');
  const tasks = '/fabric/v4/projects/proj1/tasks';
  let up: RunningUp;
  let program: Program;
  beforeAll(async () => {
    up = await RunningUp.start(['--without', 'gateway']);
    const { kubernetes, gateway } = up.endpoints;
    const port = Number(new URL(gateway.url).port);
    program = new Program('gateway', port, [
      '--kubeconfig',
      kubernetes.kubeconfig,
      '--store',
      store,
      '--create-projects',
    ]);
    await program.start();
  });
  afterAll(async () => {
    await program?.kill();
    await up?.stop();
  });

  test('a second one on its file ends with 1 and says who has it', () => {
    const { status, stderr } = second('gateway', [
      '--kubeconfig',
      up.endpoints.kubernetes.kubeconfig,
      '--store',
      store,
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/records\.sqlite\.lock is held by gateway, process \d+ on /);
  });

  test('has a record of all Tasks that it acknowledged, after each kill, and each of them ends', async () => {
    const names = new Set<string>();
    const submit = async (round: number) => {
      for (let index = 0; ; index++) {
        const body = JSON.stringify({
          name: `t${round}-${index}`,
          skillName: 's',
          actionName: 'a',
          image: 'orrery/actor',
        });
        const answer = await fetch(`${program.url}${tasks}`, { method: 'POST', body });
        if (answer.ok) names.add(((await answer.json()) as { name: string }).name);
      }
    };
    for (let round = 0; round < rounds; round++) {
      const submitting = submit(round).catch(() => undefined);
      await eventually('some are acknowledged', async () => (names.size > 2 * round ? true : undefined));
      await program.kill();
      await submitting;
      await program.start();
      const list = (await (await fetch(`${program.url}${tasks}?limit=0`)).json()) as { tasks: { name: string }[] };
      const recorded = new Set(list.tasks.map(({ name }) => name));
      expect(
        [...names].filter((name) => !recorded.has(name)),
        `round ${round}`,
      ).toEqual([]);
    }
    await eventually('every acknowledged Task is COMPLETE', async () => {
      const list = (await (await fetch(`${program.url}${tasks}?limit=0`)).json()) as {
        tasks: { name: string; state: string }[];
      };
      const complete = new Set(list.tasks.filter(({ state }) => state === 'COMPLETE').map(({ name }) => name));
      return [...names].every((name) => complete.has(name)) ? true : undefined;
    });
  });

  test('ends all activations that it acknowledged, under load, and runs no job twice', async () => {
    const project = '/fabric/v4/projects/proj1';
    const post = (path: string, body: unknown) =>
      fetch(`${program.url}${project}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await post('skills', jobSkill('say', 'print said'));
    await post('agents', agentOf('both', [...inBranch('left:say'), ...inBranch('right:say')]));
    const ids = new Set<string>();
    const invoke = async () => {
      for (;;) {
        const answer = await post('agentinvoke/both/services/input', { payload: ids.size });
        if (answer.ok) ids.add(((await answer.json()) as { activationId: string }).activationId);
      }
    };
    for (let round = 1; round <= rounds; round++) {
      const clients = [1, 2, 3].map(() => invoke().catch(() => undefined));
      await eventually('some are acknowledged', async () => (ids.size > 3 * round ? true : undefined));
      await program.kill();
      await Promise.all(clients);
      await program.start();
    }
    const shown = async (id: string) =>
      (await fetch(`${program.url}${project}/activations/${id}?verbose=true`)).json() as Promise<ShownActivation>;
    const ended = await eventually('every acknowledged activation has ended', async () => {
      const all = await Promise.all([...ids].map(shown));
      return all.every(({ end }) => end !== undefined) ? all : undefined;
    });
    expect(ended.length).toBeGreaterThan(3 * rounds);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['COMPLETE']));
    for (const { response } of ended) expect(response).toEqual(['said\n', 'said\n']);
    const taskNames = ended.flatMap(({ transits }) => transits.map(({ taskName }) => taskName));
    expect(new Set(taskNames).size).toBe(2 * ended.length);
    const list = (await (await fetch(`${program.url}${tasks}?limit=0&skillName=say`)).json()) as {
      tasks: { name: string; activationId: string }[];
    };
    const run = list.tasks.filter(({ activationId }) => ids.has(activationId)).map(({ name }) => name);
    expect(run.sort()).toEqual(taskNames.sort());
  });
});

interface ShownActivation {
  readonly status: string;
  readonly end?: number;
  readonly response: unknown;
  readonly transits: readonly { readonly taskName: string }[];
}

/** A branch of its own for that reference. */
function inBranch(reference: string): [string, string][] {
  return [
    ['input', reference],
    [reference, 'output'],
  ];
}
