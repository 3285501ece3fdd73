/**
 * The real kubectl against `orrery up`, as README tells people to use it; without a kubectl these tests are skipped.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Kubectl, program } from './kubectl.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const tasks = fileURLToPath(new URL('../../fixtures/tasks', import.meta.url));

function task(name: string, spec: object = {}) {
  const required = { projectId: 'p', skillName: 's', actionName: 'a', image: 'orrery/actor' };
  return { apiVersion: 'fabric.orrery.dev/v1', kind: 'Task', metadata: { name }, spec: { ...required, ...spec } };
}

describe.runIf(program)('kubectl', () => {
  let up: RunningUp;
  let kubectl: Kubectl;
  beforeAll(async () => {
    up = await RunningUp.start();
    kubectl = new Kubectl(up);
  });
  afterAll(() => up?.stop());

  test('applies a Task, shows it, its Job and its pod, reads the log, deletes it', async () => {
    expect(await kubectl.run(['apply', '-f', join(tasks, 'once.yaml')])).toMatchObject({
      code: 0,
      out: 'task.fabric.orrery.dev/proj1-hello created\n',
    });
    expect(await kubectl.advance('30s')).toBe(200);
    const shown = await kubectl.run(['get', 'tasks']);
    expect(shown.out).toMatch(/NAME\s/);
    expect(shown.out).toMatch(/proj1-hello.*COMPLETE/);
    expect((await kubectl.run(['get', 'jobs,pods', '-o', 'wide'])).out).toMatch(
      /job.batch\/proj1-hello\s+Complete\s+1\/1[\s\S]*pod\/proj1-hello-\w+\s+0\/1\s+Completed/,
    );
    const log = async (...parameters: string[]) => (await kubectl.run(['logs', ...parameters])).out;
    expect(await log('job/proj1-hello')).toBe('hello from the actor\na warning\nbye\n');
    expect(await log('job/proj1-hello', '--tail', '1')).toBe('bye\n');
    expect(await log('-l', 'job-name=proj1-hello', '--prefix', '--tail', '1')).toMatch(/^\[pod\/\S+\/task\] bye\n$/);
    expect(await log('job/proj1-hello', '--timestamps', '--since', '1h')).toMatch(/^\d{4}-\S+Z hello from the actor\n/);
    expect((await kubectl.run(['logs', 'job/proj1-hello', '-p'])).err).toMatch(
      /previous terminated container "task" in pod "proj1-hello-\w+" not found/,
    );
    const described = await kubectl.run(['describe', 'job', 'proj1-hello']);
    expect(described.out).toMatch(/Pods Statuses:\s+0 Active.*1 Succeeded/);
    expect(described.out).toContain('SuccessfulCreate');
    const ofPod = await kubectl.run(['describe', 'pod', '-l', 'job-name=proj1-hello']);
    expect(ofPod.out).toMatch(/Scheduled[\s\S]*Pulled[\s\S]*Created[\s\S]*Started/);
    expect(await kubectl.run(['apply', '-f', join(tasks, 'once.yaml')])).toMatchObject({
      code: 0,
      out: 'task.fabric.orrery.dev/proj1-hello unchanged\n',
    });
    expect(await kubectl.run(['delete', 'task', 'proj1-hello'])).toMatchObject({ code: 0 });
    await kubectl.advance('30s');
    expect((await kubectl.run(['get', 'tasks,jobs'])).err).toContain('No resources found');
  });

  test('watches Jobs as a schedule makes them', async () => {
    const watching = kubectl.start(['get', 'jobs', '-w']);
    expect(await kubectl.run(['apply', '-f', join(tasks, 'minutely.yaml')])).toMatchObject({ code: 0 });
    await kubectl.advance('3m');
    expect(await watching.shows(/proj1-minutely-\d+\s+Complete/)).toMatch(/proj1-minutely-\d+\s+Running/);
    watching.stop();
    expect((await kubectl.run(['get', 'cronjobs'])).out).toMatch(/proj1-minutely\s+\* \* \* \* \*\s+<none>\s+False/);
    expect(await kubectl.run(['delete', 'task', 'proj1-minutely'])).toMatchObject({ code: 0 });
  });

  test('follows a log to its end', async () => {
    expect(await kubectl.create(task('followed', { args: ['print one; sleep 20s; print two'] }))).toMatchObject({
      code: 0,
    });
    await kubectl.advance('5s');
    const following = kubectl.start(['logs', '-f', 'job/followed']);
    await following.shows(/^one\n$/);
    await kubectl.advance('30s');
    expect(await following.ended).toMatchObject({ code: 0, out: 'one\ntwo\n' });
  });

  test.each([
    ['an unknown field', { bogus: 1 }, 'unknown field "spec.bogus"'],
    ['a missing image', { image: undefined }, 'spec.image: Required value'],
    ['a wrong policy', { concurrencyPolicy: 'Sometimes' }, 'spec.concurrencyPolicy: Unsupported value: "Sometimes"'],
  ])('refuses %s with the API server’s kind of error', async (_what, change, words) => {
    const refused = await kubectl.run(['apply', '-f', '-'], JSON.stringify(task('wrong', change)));
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain(words);
  });

  test('refuses a Job that a cluster would refuse', async () => {
    const template = { spec: { containers: [{ name: 'c', image: 'i' }] } };
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: { template } };
    const refused = await kubectl.create(job);
    expect(refused.err).toContain('The Job "j" is invalid: spec.template.spec.restartPolicy: Required value');
  });

  // Each of these sends its object as protobuf.
  test.each([
    [['create', 'namespace', 'made'], 'namespace/made created\n'],
    [['create', 'job', 'made', '--image', 'orrery/actor', '--', 'print hi'], 'job.batch/made created\n'],
    [['create', 'configmap', 'made', '--from-literal', 'a=b'], 'configmap/made created\n'],
    [['create', 'secret', 'generic', 'made', '--from-literal', 'a=b'], 'secret/made created\n'],
    [
      ['create', 'role', 'made', '--verb', 'get', '--resource', 'tasks'],
      'role.rbac.authorization.k8s.io/made created\n',
    ],
    [['auth', 'can-i', 'create', 'tasks'], 'yes\n'],
    [['auth', 'can-i', 'create', 'tasks', '--as', 'system:serviceaccount:default:default'], 'no\n'],
  ])('%s', async (parameters, out) => {
    expect((await kubectl.run(parameters)).out).toBe(out);
  });

  test('starts a Job from a CronJob by hand', async () => {
    const schedule = [
      'create',
      'cronjob',
      'yearly',
      '--image',
      'orrery/actor',
      '--schedule',
      '0 0 1 1 *',
      '--',
      'print hi',
    ];
    expect(await kubectl.run(schedule)).toMatchObject({ code: 0 });
    expect(await kubectl.run(['create', 'job', 'by-hand', '--from', 'cronjob/yearly'])).toMatchObject({ code: 0 });
    const facts = [
      'get',
      'job',
      'by-hand',
      '-o',
      'jsonpath={.metadata.annotations}{.metadata.ownerReferences[0].name}',
    ];
    expect((await kubectl.run(facts)).out).toBe('{"cronjob.kubernetes.io/instantiate":"manual"}yearly');
  });

  test('labels, patches, compares, waits, and takes over fields only by force', async () => {
    const file = join(tasks, 'once.yaml');
    await kubectl.run(['apply', '-f', file]);
    expect(await kubectl.run(['label', 'task', 'proj1-hello', 'team=a'])).toMatchObject({ code: 0 });
    expect(await kubectl.run(['diff', '-f', file])).toMatchObject({ code: 0, out: '' });
    const patch = ['patch', 'task', 'proj1-hello', '--type', 'merge', '-p', '{"spec":{"image":"other"}}'];
    expect(await kubectl.run(patch)).toMatchObject({ code: 0 });
    expect(await kubectl.run(['diff', '-f', file])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/-\s+image: other/),
    });
    const applied = ['apply', '--server-side', '-f', file];
    expect((await kubectl.run(applied)).err).toContain(
      'conflict with "kubectl-patch" using fabric.orrery.dev/v1: .spec.image',
    );
    expect(await kubectl.run([...applied, '--force-conflicts'])).toMatchObject({ code: 0 });
    const waiting = kubectl.run([
      'wait',
      'task/proj1-hello',
      '--for',
      'jsonpath={.status.state}=COMPLETE',
      '--timeout',
      '30s',
    ]);
    await kubectl.advance('30s');
    expect(await waiting).toMatchObject({ code: 0, out: 'task.fabric.orrery.dev/proj1-hello condition met\n' });
    expect((await kubectl.run(['delete', 'task', '--all'])).code).toBe(0);
  });

  test('explains a field of a Task', async () => {
    expect((await kubectl.run(['explain', 'task.spec.schedule'])).out).toMatch(
      /FIELD: schedule <string>[\s\S]*Cron expression/,
    );
  });
});
