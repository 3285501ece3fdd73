/**
 * Operator, gateway and managed content as programs of their own, as on any cluster, against `orrery up --without`
 * them: what a developer of one of them does all day.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';

function mainOf(service: string): string {
  return fileURLToPath(new URL(`../../fabric/${service}/main.ts`, import.meta.url));
}

/** A service as a child process; its log lines are kept. */
class Program {
  readonly #child: ChildProcess;
  log = '';

  constructor(service: string, parameters: readonly string[]) {
    this.#child = spawn(process.execPath, [mainOf(service), ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.on('data', (bytes) => {
      this.log += bytes;
    });
  }

  /** Resolves with the exit code. */
  async terminate(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    this.#child.kill('SIGTERM');
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    return code;
  }
}

describe('the services as programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-programs-'));
  let up: RunningUp;
  let programs: Record<'operator' | 'gateway' | 'content', Program>;
  beforeAll(async () => {
    up = await RunningUp.start(['--without', 'operator,gateway,content', '--namespace', 'agents']);
    const { kubernetes, gateway, content, access } = up.endpoints;
    const credential = ['--credential', access?.credentialFile ?? ''];
    const cluster = ['--kubeconfig', kubernetes.kubeconfig, '--namespace', 'agents'];
    const hostOf = (url: string) => new URL(url).host;
    programs = {
      content: new Program('content', [
        ...['--listen', hostOf(content.url), '--blobs', join(folder, 'content'), ...credential],
      ]),
      gateway: new Program('gateway', [
        ...[...cluster, '--content-url', content.url],
        ...['--listen', hostOf(gateway.url), '--store', join(folder, 'records.sqlite'), '--projects', 'proj1'],
        ...[...credential, '--users', access?.usersFile ?? '', '--signing-key', access?.signingKeyFile ?? ''],
      ]),
      operator: new Program('operator', [
        ...[...cluster, '--gateway-url', gateway.url, '--content-url', content.url],
        ...['--health-listen', '127.0.0.1:0', ...credential],
      ]),
    };
  });
  afterAll(async () => {
    for (const program of Object.values(programs ?? {})) await program.terminate();
    await up?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const json = async (path: string, init?: RequestInit) => {
    const answer = await up.asked(path, init);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('become ready, the operator too', async () => {
    for (const url of [up.endpoints.gateway.url, up.endpoints.content.url]) {
      await eventually(`${url} is ready`, async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
    }
    const line = await eventually('the operator serves its health', async () =>
      programs.operator.log.split('\n').find((each) => each.includes('health listens')),
    );
    const { url } = JSON.parse(line) as { url: string };
    await eventually('the operator is ready', async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
  });

  test('carry out a Task that is posted to the gateway, and keep its record and log', async () => {
    const spec = { skillName: 's', actionName: 'a', image: 'orrery/actor', args: ['print hello; print bye'] };
    const posted = await json(tasks, { method: 'POST', body: JSON.stringify({ name: 'hello', ...spec }) });
    expect(posted).toMatchObject({ status: 200, body: { taskName: 'proj1-hello' } });
    const task = await eventually('the task has ended', async () => {
      const { task: shown } = (await json(`${tasks}/proj1-hello`)).body as { task: { state: string; logs?: object } };
      return shown.logs && shown.state !== 'ACTIVE' ? shown : undefined;
    });
    expect(task).toMatchObject({ state: 'COMPLETE', exitCode: 0, logs: { complete: true, lines: 2, missing: [] } });
    expect((await json(`${tasks}/proj1-hello/logs`)).body).toEqual({ success: true, logs: 'hello\nbye\n' });
  });

  test('say at start whom they let in', async () => {
    expect(programs.gateway.log).toContain('"authentication":"tokens"');
    expect(programs.content.log).toContain('"authentication":"internal credential"');
    for (const url of [`${up.endpoints.gateway.url}${tasks}`, `${up.endpoints.content.url}/internal/logs/p/f`]) {
      expect((await fetch(url)).status).toBe(401);
    }
  });

  test('end on SIGTERM with 0', async () => {
    expect(await programs.operator.terminate()).toBe(0);
    expect(await programs.gateway.terminate()).toBe(0);
    expect(await programs.content.terminate()).toBe(0);
    expect(programs.gateway.log).toContain('"message":"stopped"');
  });
});

test('a gateway of one’s own beside the services of orrery up is reported to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-own-gateway-'));
  const up = await RunningUp.start(['--without', 'gateway', '--anonymous']);
  const { kubernetes, gateway, content, control } = up.endpoints;
  const program = new Program('gateway', [
    ...['--kubeconfig', kubernetes.kubeconfig, '--content-url', content.url],
    ...['--listen', new URL(gateway.url).host, '--store', join(folder, 'records.sqlite'), '--create-projects'],
  ]);
  try {
    const spec = { skillName: 's', actionName: 'a', image: 'orrery/actor', args: ['print hello'] };
    const body = JSON.stringify({ name: 'mine', ...spec });
    await eventually('the gateway takes the task', async () =>
      (await fetch(`${gateway.url}${tasks}`, { method: 'POST', body })).ok ? true : undefined,
    );
    await eventually('the record says COMPLETE', async () => {
      const text = await (await fetch(`${gateway.url}${tasks}/proj1-mine`)).text();
      return text.includes('"state":"COMPLETE"') ? true : undefined;
    });
    const fault = JSON.stringify({ kind: 'kill', service: 'gateway' });
    const refused = await fetch(`${control.url}/faults`, { method: 'POST', body: fault });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('service must be one that runs here (content, operator)');
  } finally {
    await program.terminate();
    await up.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ['gateway', ['--store', 'x', '--listen', '8080'], 'Write host:port'],
  ['gateway', ['--store', 'x', '--listen', '0.0.0.0:0'], 'or say --insecure-listen'],
  ['gateway', [], "required option '--store <file or url>'"],
  ['content', ['--blobs', 'x', '--ttl', 'tasks'], 'Write prefix=seconds'],
  ['operator', ['--gateway-url', 'gateway:80'], 'Write a base URL'],
  ['operator', ['--workers', '0'], 'Write a whole number above 0'],
  ['operator', ['--kubeconfig', '/nowhere/config'], '/nowhere/config'],
])('the %s refuses %j and says what to write', (service, parameters, words) => {
  const run = spawnSync(process.execPath, [mainOf(service), ...parameters], { encoding: 'utf8' });
  expect(run.status).toBe(1);
  expect(run.stderr).toContain(words);
});
