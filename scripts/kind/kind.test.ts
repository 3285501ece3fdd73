/**
 * Two clusters side by side, each with Fabric in it, one with its stores in the cluster where these can be had, the
 * other with embedded ones; and nothing left of them. Where Docker, kind or a node image is missing one line says so
 * and this test is skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { signingKey } from '../../fabric/identity/key.ts';
import { bearerToken } from '../../fabric/identity/personal-access-token.ts';
import { readTokenFile } from '../../harness/cli/commands/token.ts';
import { RUN_LABEL } from '../../harness/environments/cluster/given-cluster.ts';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import type { KindCluster } from '../../harness/environments/kind/state.ts';
import { type KubeconfigKindOptions, kubeconfigKind } from '../../harness/environments/kubeconfig/kind.ts';
import type { ScenarioResult } from '../../harness/reports/model.ts';
import { play } from '../../harness/runner/play.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { differingForms, differingTasks } from './output-forms.fixture.ts';
import { CHECKOUT, labelOf, nodeOf } from './site.ts';
import { tokenFileOf } from './steps/make-credentials.ts';
import { objectsIn, recordsIn } from './stores.fixture.ts';

const why = absence();
if (why !== undefined) process.stderr.write(`skipped: tests on kind: ${why}\n`);

const UP_DEADLINE_MS = 600_000;
const TASK_DEADLINE_MS = 90_000;

const kubectl = findProgram('kubectl') ?? '';
// Others may run this test on the same Docker.
const [one, two] = [`test-one-${process.pid}`, `test-two-${process.pid}`];
const names = [one, two];
const sysctls = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'];
const state = mkdtempSync(join(tmpdir(), 'orrery-kind-test-'));
const env = { ...process.env, XDG_STATE_HOME: state };

const short = scenario({
  title: 'A Task is carried out',
  async play({ given, when, then }) {
    const task = await given.task('short', { script: 'print begun; log 1000 lines; sleep 1s; print done' });
    await when.recorded(task, '2m');
    await then.recorded(task, 'COMPLETE', { exitCode: 0 });
    await then.logged(task, 'done');
  },
});

/** What this machine has because of our nodes, as Docker and the kernel name it. */
interface Traces {
  readonly containers: string[];
  readonly volumes: string[];
  readonly mounts: string[];
}

describe.runIf(why === undefined)('two kind clusters', () => {
  let before: { readonly networks: string[]; readonly sysctls: string[] };
  beforeAll(() => {
    before = { networks: networks(), sysctls: settings() };
    script('up', ['--name', one], UP_DEADLINE_MS);
    script('up', ['--name', two, '--stores', 'embedded'], UP_DEADLINE_MS);
  }, 2 * UP_DEADLINE_MS);
  afterAll(() => {
    for (const name of names)
      spawnSync(process.execPath, [join(CHECKOUT, 'scripts/kind/down.ts'), '--name', name], { env });
    rmSync(state, { recursive: true, force: true });
  }, 120_000);

  test('stand side by side, each with ports of its own on which Fabric answers', async () => {
    const both = names.map(cluster);
    expect(new Set(both.flatMap(({ ports }) => Object.values(ports))).size).toBe(4);
    for (const { ports } of both) {
      expect((await fetch(`http://127.0.0.1:${ports.gateway}/readyz`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ports.content}/readyz`)).status).toBe(200);
    }
  });

  test('run as nobody’s user, with a root file system that cannot be written', () => {
    const { kubeconfig, stores = {} } = cluster(one);
    const path =
      '{range .items[*]}{.spec.securityContext.runAsUser} {.spec.containers[0].securityContext.readOnlyRootFilesystem}{"\\n"}{end}';
    const parameters = ['--kubeconfig', kubeconfig, '-n', 'fabric', 'get', 'pods', '-o', `jsonpath=${path}`];
    expect(words(kubectl, parameters)).toEqual(Array(3 + Object.keys(stores).length).fill('65532 true'));
  });

  test('carry out a Task that is given to the gateway in the cluster, and keep its log', async () => {
    const { tag } = cluster(one);
    const tasks = tasksOf(one);
    const wish = {
      name: 'hello',
      skillName: 'actor',
      actionName: 'run',
      image: `orrery/actor:${tag}`,
      args: ['print hello'],
    };
    const asked = askAs(one);
    expect((await fetch(tasks)).status).toBe(401);
    expect((await asked(tasks, { method: 'POST', body: JSON.stringify(wish) })).status).toBe(200);
    const shown = async () =>
      ((await (await asked(`${tasks}/proj1-hello`)).json()) as { task?: Record<string, unknown> }).task;
    for (const end = Date.now() + TASK_DEADLINE_MS; (await shown())?.state !== 'COMPLETE' && Date.now() < end; )
      await sleep(500);
    expect(await shown()).toMatchObject({ state: 'COMPLETE', exitCode: 0, logs: { complete: true, lines: 1 } });
    expect(await (await asked(`${tasks}/proj1-hello/logs`)).json()).toEqual({ success: true, logs: 'hello\n' });
  });

  test('keep the record in MongoDB and the log in MinIO, and lose neither with the pods of gateway and content', async (context) => {
    const { kubeconfig, stores = {} } = cluster(one);
    if (Object.keys(stores).length < 2) return context.skip('neither images nor programs of both stores are here');
    const inCluster = { kubectl, kubeconfig };
    const record = expect.objectContaining({ name: 'proj1-hello', state: 'COMPLETE' });
    const logs = async () => Object.entries(await objectsIn(inCluster)).filter(([name]) => name.endsWith('/log.txt'));
    expect((await recordsIn(inCluster)).tasks).toEqual([record]);
    expect(await logs()).toEqual([[expect.stringContaining('proj1'), 'hello\n']]);

    const task = `${tasksOf(one)}/proj1-hello`;
    const asked = askAs(one);
    const before = await (await asked(task)).json();
    const fabric = (...words: string[]) => spawnSync(kubectl, ['--kubeconfig', kubeconfig, '-n', 'fabric', ...words]);
    expect(fabric('delete', 'pod', '-l', 'app.kubernetes.io/name in (gateway,content)').status).toBe(0);
    for (const service of ['gateway', 'content']) {
      expect(fabric('rollout', 'status', `deployment/${service}`, '--timeout=90s').status).toBe(0);
    }
    // The node forwards to the new pods a moment after they are ready.
    await expect.poll(() => isReady(one), { timeout: 30_000 }).toBe(true);
    expect(await (await asked(task)).json()).toEqual(before);
    expect(await (await asked(`${task}/logs`)).json()).toEqual({ success: true, logs: 'hello\n' });
  }, 200_000);

  test('keep output in all its forms as a simulated node does, and managed content keeps it too', async () => {
    const { kubeconfig, tag } = cluster(two);
    const image = `orrery/actor:${tag}`;
    expect(await differingForms({ kubectl, kubeconfig, namespace: 'default', image })).toEqual([]);
    expect(await differingTasks(askAs(two), tasksOf(two), 'proj1', image)).toEqual([]);
  }, 400_000);

  test('are an environment for scenarios by their kubeconfig, services deployed, and no namespace stays behind', async () => {
    const { kubeconfig, tag, name } = cluster(two);
    const context = `kind-${name}`;
    const result = await played({ kubeconfig, context, images: 'orrery', tag });
    expect(result.services?.at).toBe('deployed');
    expect(result.recording.pods.map(({ namespace }) => namespace)).toEqual([
      expect.stringMatching(/^orrery-[0-9a-f]{6}-1$/),
    ]);
    const made = ['--kubeconfig', kubeconfig, 'get', 'namespaces', '-l', RUN_LABEL, '-o', 'name'];
    expect(words(kubectl, made)).toEqual([]);
  }, 400_000);

  test('are one for whoever has rights in one namespace only: nothing else is touched, and what was there stays', async () => {
    const { kubeconfig, tag } = cluster(two);
    const admin = (...parameters: string[]) => words(kubectl, ['--kubeconfig', kubeconfig, ...parameters]);
    const restricted = kubeconfigOfRunner(kubeconfig, admin);
    const held = () => admin('-n', 'demo', 'get', KEPT_KINDS, '-o', 'name');
    const before = held();
    const result = await played({
      kubeconfig: restricted,
      context: 'runner',
      namespace: 'demo',
      images: 'orrery',
      tag,
    });
    expect(result.services?.at).toBe('deployed');
    expect(result.recording.pods.map(({ namespace }) => namespace)).toEqual(['demo']);
    expect(before.length).toBeGreaterThan(2);
    expect(held()).toEqual(before);
  }, 400_000);

  test(
    'come up again as they are',
    () => {
      const text = script('up', ['--name', one], UP_DEADLINE_MS);
      expect(text).toContain('content are kept: as before');
      expect(text).toContain('create the cluster: it is there');
      expect(text).toContain('load the images: they are there');
    },
    UP_DEADLINE_MS,
  );

  test('leave nothing when both are down: containers, volumes, network, mounts, processes, sysctls, files', () => {
    const had = names.map(tracesOf);
    for (const { containers, volumes } of had) expect([containers.length, volumes.length]).toEqual([1, 1]);
    script('down', ['--name', one], 120_000);
    expect(tracesOf(two)).toEqual(had[1]);
    script('down', ['--name', two], 120_000);
    expect(names.flatMap((name) => containersOf(name))).toEqual([]);
    expect(
      words('docker', ['volume', 'ls', '--quiet']).filter((each) => had.some(({ volumes }) => volumes.includes(each))),
    ).toEqual([]);
    expect(names.filter((name) => existsSync(join(state, 'orrery', 'kind', name)))).toEqual([]);
    expect(had.flatMap(({ mounts }) => mounts.flatMap(mountsOf))).toEqual([]);
    expect(words('ps', ['-eo', 'args']).filter((line) => names.some((name) => line.includes(nodeOf(name))))).toEqual(
      [],
    );
    // Somebody else's clusters, on the same Docker, keep what they share.
    if (words('docker', ['ps', '--all', '--quiet', '--filter', 'label=io.x-k8s.kind.cluster']).length > 0) return;
    expect(readdirSync(join(state, 'orrery', 'kind'))).toEqual([]);
    expect({ networks: networks(), sysctls: settings() }).toEqual(before);
  }, 300_000);
});

/** The short scenario, played where that says, and all of it true. */
async function played(
  wish: Pick<KubeconfigKindOptions, 'kubeconfig' | 'context' | 'namespace' | 'images' | 'tag'>,
): Promise<ScenarioResult> {
  const confirm = () => Promise.reject(new Error('nobody is asked about a cluster of this machine'));
  const kind = kubeconfigKind({ ...wish, host: false, atFullMinute: false, confirm });
  const entry = { name: 'short', file: '', about: '' };
  const result = await play({ entry, scenario: short, kind, seed: 1, wallNow: () => performance.now() });
  await kind.end?.();
  const objections = result.judgements.filter(({ verdict }) => verdict.value !== 'true');
  expect({ verdict: result.verdict, objections }).toMatchObject({ verdict: { value: 'true' }, objections: [] });
  return result;
}

/** All that scenarios and their services make, and what is there without them. */
const KEPT_KINDS =
  'tasks,taskpools,jobs,cronjobs,pods,deployments,replicasets,services,networkpolicies,serviceaccounts,roles,rolebindings,configmaps';

/** A namespace `demo`, an account with the rights of deploy/scenarios in it and none elsewhere, and its kubeconfig. */
function kubeconfigOfRunner(kubeconfig: string, admin: (...parameters: string[]) => string[]): string {
  const account = '--serviceaccount=demo:runner';
  admin('create', 'namespace', 'demo');
  admin('-n', 'demo', 'create', 'serviceaccount', 'runner');
  admin('-n', 'demo', 'apply', '-f', join(CHECKOUT, 'deploy/scenarios/rights.yaml'));
  admin('-n', 'demo', 'create', 'rolebinding', 'scenarios-admin', '--clusterrole', 'admin', account);
  admin('-n', 'demo', 'create', 'rolebinding', 'scenarios', '--role', 'scenarios', account);
  const [token = ''] = admin('-n', 'demo', 'create', 'token', 'runner');
  const file = join(state, 'runner.yaml');
  const config = parse(readFileSync(kubeconfig, 'utf8')) as { clusters: { name: string }[] };
  const context = { cluster: config.clusters[0]?.name, user: 'runner' };
  const users = [{ name: 'runner', user: { token } }];
  writeFileSync(
    file,
    stringify({ ...config, contexts: [{ name: 'runner', context }], users, 'current-context': 'runner' }),
  );
  return file;
}

function absence(): string | undefined {
  if (!findProgram('docker') || spawnSync('docker', ['info']).status !== 0)
    return 'no Docker daemon answers (DOCKER_HOST)';
  const missing = ['kind', 'kubectl'].filter((program) => findProgram(program) === undefined);
  if (missing.length > 0) return `no ${missing.join(', ')} on the PATH or in $ORRERY_PARTS/bin`;
  return process.env.ORRERY_KIND_IMAGE ? undefined : 'ORRERY_KIND_IMAGE names no node image';
}

function script(name: string, parameters: readonly string[], timeout: number): string {
  const done = spawnSync(process.execPath, [join(CHECKOUT, `scripts/kind/${name}.ts`), ...parameters], {
    env,
    encoding: 'utf8',
    timeout,
  });
  if (done.status !== 0) throw new Error(`kind:${name} ended with ${done.status}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function cluster(name: string): KindCluster {
  return JSON.parse(readFileSync(join(state, 'orrery', 'kind', name, 'cluster.json'), 'utf8')) as KindCluster;
}

/** Requests as the user whom `kind:up` has made. */
function askAs(name: string) {
  const file = readTokenFile(tokenFileOf(join(state, 'orrery', 'kind', name)));
  return (url: string, init: RequestInit = {}) => {
    const authorization = `Bearer ${bearerToken(file, signingKey(file.jwk), Date.now(), 60_000)}`;
    return fetch(url, { ...init, headers: { 'content-type': 'application/json', authorization } });
  };
}

function tasksOf(name: string): string {
  return `http://127.0.0.1:${cluster(name).ports.gateway}/fabric/v4/projects/proj1/tasks`;
}

async function isReady(name: string): Promise<boolean> {
  const each = Object.values(cluster(name).ports).map((port) => fetch(`http://127.0.0.1:${port}/readyz`));
  const answers = await Promise.all(each).catch(() => []);
  return answers.length > 0 && answers.every(({ status }) => status === 200);
}

function containersOf(name: string): string[] {
  return words('docker', ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${labelOf(name)}`]);
}

function tracesOf(name: string): Traces {
  const containers = containersOf(name);
  const volumes = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{"\\n"}}{{end}}{{end}}';
  const merged = '{{.GraphDriver.Data.MergedDir}}';
  const inspect = (format: string) => words('docker', ['inspect', '--format', format, ...containers]);
  return { containers, volumes: inspect(volumes), mounts: inspect(merged).filter((path) => mountsOf(path).length > 0) };
}

/** Mounts of this machine at or below a path; Docker's own machine may be another one. */
function mountsOf(path: string): string[] {
  if (!existsSync('/proc/mounts')) return [];
  const paths = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? []);
  return paths.filter((each) => each === path || each.startsWith(`${path}/`));
}

/** kind's network alone: others come and go. */
function networks(): string[] {
  return words('docker', ['network', 'ls', '--format', '{{.Name}}']).filter((name) => name === 'kind');
}

function settings(): string[] {
  return sysctls.map((path) =>
    existsSync(`/proc/sys/${path}`) ? readFileSync(`/proc/sys/${path}`, 'utf8').trim() : '',
  );
}

/** Lines of what a program prints. */
function words(program: string, parameters: readonly string[]): string[] {
  const { stdout } = spawnSync(program, parameters, { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.trim() !== '');
}
