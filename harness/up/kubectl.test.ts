/**
 * The real kubectl against `orrery up`, as README tells people to use it. kubectl is taken from $ORRERY_PARTS/bin, else from the PATH; without one
 * these tests are skipped, and say so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningUp } from './running-up.fixture.ts';

const kubectl = findKubectl();
if (!kubectl) process.stderr.write('skipped: tests with the real kubectl: none in $ORRERY_PARTS/bin nor on the PATH\n');
const tasks = fileURLToPath(new URL('../../fixtures/tasks', import.meta.url));

function findKubectl(): string | undefined {
  const part = process.env.ORRERY_PARTS && join(process.env.ORRERY_PARTS, 'bin', 'kubectl');
  if (part && existsSync(part)) return part;
  return spawnSync('kubectl', ['version', '--client']).status === 0 ? 'kubectl' : undefined;
}

describe.runIf(kubectl)('kubectl', () => {
  let up: RunningUp;
  beforeAll(async () => {
    up = await RunningUp.start();
  });
  afterAll(() => up?.stop());

  const run = (parameters: string[], input?: string) => {
    const environment = { ...process.env, KUBECONFIG: up.endpoints.kubernetes.kubeconfig };
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(kubectl as string, parameters, { env: environment });
      let out = '';
      let err = '';
      child.stdout.on('data', (bytes) => {
        out += bytes;
      });
      child.stderr.on('data', (bytes) => {
        err += bytes;
      });
      child.once('close', (code) => resolve({ code, out, err }));
      child.stdin.end(input ?? '');
    });
  };
  const advance = (duration: string) =>
    fetch(`${up.endpoints.control.url}/clock`, { method: 'POST', body: JSON.stringify({ advance: duration }) });

  test('applies a Task, shows it, its Job and its pod, reads the log, deletes it', async () => {
    expect(await run(['apply', '-f', join(tasks, 'once.yaml')])).toMatchObject({
      code: 0,
      out: 'task.fabric.orrery.dev/proj1-hello created\n',
    });
    expect((await advance('30s')).status).toBe(200);
    const shown = await run(['get', 'tasks']);
    expect(shown.out).toMatch(/NAME\s/);
    expect(shown.out).toMatch(/proj1-hello.*COMPLETE/);
    expect((await run(['get', 'jobs,pods', '-o', 'wide'])).out).toMatch(
      /job.batch\/proj1-hello\s+Complete\s+1\/1[\s\S]*pod\/proj1-hello-\w+\s+0\/1\s+Completed/,
    );
    const log = await run(['logs', 'job/proj1-hello']);
    expect(log.out).toBe('hello from the actor\na warning\nbye\n');
    expect((await run(['logs', 'job/proj1-hello', '--tail', '1'])).out).toBe('bye\n');
    const described = await run(['describe', 'job', 'proj1-hello']);
    expect(described.out).toMatch(/Pods Statuses:\s+0 Active.*1 Succeeded/);
    expect(described.out).toContain('SuccessfulCreate');
    expect(await run(['apply', '-f', join(tasks, 'once.yaml')])).toMatchObject({
      code: 0,
      out: 'task.fabric.orrery.dev/proj1-hello unchanged\n',
    });
    expect(await run(['delete', 'task', 'proj1-hello'])).toMatchObject({ code: 0 });
    await advance('30s');
    expect((await run(['get', 'tasks,jobs'])).err).toContain('No resources found');
  });

  test('watches Jobs as a schedule makes them', async () => {
    expect(await run(['apply', '-f', join(tasks, 'minutely.yaml')])).toMatchObject({ code: 0 });
    const watching = run(['get', 'jobs', '-w', '--request-timeout', '8s']);
    await sleep(1500);
    await advance('3m');
    const { out } = await watching;
    expect(out).toMatch(/proj1-minutely-\d+\s+Running/);
    expect(out).toMatch(/proj1-minutely-\d+\s+Complete/);
    expect((await run(['get', 'cronjobs'])).out).toMatch(/proj1-minutely\s+\* \* \* \* \*\s+<none>\s+False/);
    expect(await run(['delete', 'task', 'proj1-minutely'])).toMatchObject({ code: 0 });
  });

  test('follows a log', async () => {
    const task = {
      apiVersion: 'fabric.orrery.dev/v1',
      kind: 'Task',
      metadata: { name: 'followed' },
      spec: {
        projectId: 'p',
        skillName: 's',
        actionName: 'a',
        image: 'orrery/actor',
        args: ['print one; sleep 20s; print two'],
      },
    };
    expect(await run(['apply', '-f', '-'], JSON.stringify(task))).toMatchObject({ code: 0 });
    await advance('5s');
    const following = run(['logs', '-f', 'job/followed']);
    await sleep(1500);
    await advance('30s');
    expect((await following).out).toBe('one\ntwo\n');
  });

  test.each([
    ['an unknown field', { spec: { bogus: 1 } }, 'unknown field "spec.bogus"'],
    ['a missing image', { spec: { image: undefined } }, 'spec.image: Required value'],
    [
      'a wrong policy',
      { spec: { concurrencyPolicy: 'Sometimes' } },
      'spec.concurrencyPolicy: Unsupported value: "Sometimes"',
    ],
  ])('refuses %s with the API server’s kind of error', async (_what, change, words) => {
    const spec = { projectId: 'p', skillName: 's', actionName: 'a', image: 'i', ...change.spec };
    const task = { apiVersion: 'fabric.orrery.dev/v1', kind: 'Task', metadata: { name: 'wrong' }, spec };
    const refused = await run(['apply', '-f', '-'], JSON.stringify(task));
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain(words);
  });

  test('refuses a Job that a cluster would refuse', async () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: { template: { spec: { containers: [{ name: 'c', image: 'i' }] } } },
    };
    const refused = await run(['create', '-f', '-'], JSON.stringify(job));
    expect(refused.err).toContain('The Job "j" is invalid: spec.template.spec.restartPolicy: Required value');
  });
});
