/**
 * The real control plane, where its programs are: scenarios on it, logs through it, and nothing left of it. Without the
 * programs one line says so and these tests are skipped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actor } from '../../../fixtures/actor/actor.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { nodes, pods } from '../../../kubernetes/resources.ts';
import { scenariosFolder } from '../../cli/scenarios-folder.ts';
import type { ScenarioResult } from '../../reports/model.ts';
import { catalogue, choose } from '../../runner/catalogue.ts';
import { runSideBySide } from '../../runner/side-by-side.ts';
import { type ControlPlane, controlPlaneSteps, startControlPlane } from './control-plane.ts';
import { controlPlaneKind } from './kind.ts';
import { createNamespace } from './namespace.ts';
import { absence, findProgram } from './parts.ts';
import { joinNode } from './steps/join-node.ts';

const why = absence();
if (why !== undefined) process.stderr.write(`skipped: tests on a real control plane: ${why}\n`);

const SCENARIOS_DEADLINE_MS = 480_000;

describe.runIf(why === undefined)('scenarios on the real control plane', () => {
  let results: ScenarioResult[];
  beforeAll(async () => {
    const entries = choose(catalogue(scenariosFolder), ['tasks-once', 'retries-back-off', 'tasks-scheduled']);
    results = await runSideBySide({ entries, kind: controlPlaneKind({ atFullMinute: false }), seed: 1 });
  }, SCENARIOS_DEADLINE_MS);

  test.each(['tasks-once', 'retries-back-off'])('%s passes', (name) => {
    const result = results.find((candidate) => candidate.name === name);
    const objections = result?.judgements.filter(({ verdict }) => verdict.value !== 'true');
    expect({ verdict: result?.verdict.value, objections }).toEqual({ verdict: 'true', objections: [] });
    expect(result?.replay).toBe(`orrery run ${name} --env controlplane`);
  });

  test('what needs virtual time is not here', () => {
    const result = results.find(({ name }) => name === 'tasks-scheduled');
    expect(result?.verdict).toEqual({ value: 'not here', because: 'controlplane has no virtual time' });
  });
});

describe.runIf(why === undefined)('the real control plane', () => {
  let plane: ControlPlane;
  let client: KubernetesClient;
  const taken: string[] = [];
  beforeAll(async () => {
    const node = joinNode({ name: 'node-1', programs: { 'orrery/actor': actor } });
    plane = await startControlPlane({ steps: [...controlPlaneSteps, node], onStep: ({ name }) => taken.push(name) });
    client = plane.clientOf(plane.world);
    await createNamespace(client, plane.world.clock, 'agents');
  });
  afterAll(() => plane?.stop());

  test('comes up step by step, the storage before the server', () => {
    expect(taken).toEqual([
      'start etcd',
      'start kube-apiserver',
      'start kube-controller-manager',
      'start kube-scheduler',
      'join the node node-1',
    ]);
  });

  test('has our agent as a ready node without taints', async () => {
    const node = await client.get<Node>(nodes, undefined, 'node-1');
    expect(node.spec?.taints ?? []).toEqual([]);
    expect(node.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  });

  test('runs a pod on it and passes its log on, over TLS that it verifies', async () => {
    await client.create<Pod>(pods, 'agents', podThat('hello', 'print hello; exit 3'));
    await reached('hello', 'Failed');
    const text: Buffer[] = [];
    for await (const bytes of await client.log('agents', 'hello', { timestamps: false })) text.push(bytes);
    expect(Buffer.concat(text).toString()).toBe('hello\n');
  });

  test.runIf(findProgram('kubectl'))('lets kubectl follow a log', async () => {
    await client.create<Pod>(pods, 'agents', podThat('talker', 'print one; sleep 2s; print two'));
    await reached('talker', 'Running');
    const program = spawn(
      findProgram('kubectl') as string,
      ['--kubeconfig', plane.kubeconfig, '-n', 'agents', 'logs', '-f', 'talker'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    program.stdout.on('data', (bytes) => {
      output += bytes;
    });
    await once(program, 'close');
    expect(output).toBe('one\ntwo\n');
  });

  function podThat(name: string, script: string): Pod {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'agents' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'actor', image: 'orrery/actor', args: [script] }] },
    };
  }

  async function reached(name: string, phase: string): Promise<void> {
    for (const end = Date.now() + 60_000; ; await sleep(100)) {
      const { status } = await client.get<Pod>(pods, 'agents', name);
      if (status?.phase === phase) return;
      if (Date.now() > end) throw new Error(`${name} is ${JSON.stringify(status)}`);
    }
  }
});

test.runIf(why === undefined).each([500, 4_000])(
  'an abort after %d ms ends what is coming up',
  async (abortAfterMs) => {
    const kind = controlPlaneKind({ atFullMinute: false });
    const entries = choose(catalogue(scenariosFolder), ['tasks-once']);
    const signal = AbortSignal.timeout(abortAfterMs);
    await expect(runSideBySide({ entries, kind, seed: 1, signal })).rejects.toThrow('aborted due to timeout');
  },
);

test.runIf(why === undefined)('leaves neither programs nor files when its parent is killed', async () => {
  const main = fileURLToPath(new URL('./start-and-wait.fixture.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--no-warnings', main], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const folder = line.toString().trim();
  expect(programsOf(folder)).not.toEqual([]);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  for (const end = Date.now() + 60_000; existsSync(folder) && Date.now() < end; ) await sleep(200);
  expect(existsSync(folder)).toBe(false);
  expect(programsOf(folder)).toEqual([]);
});

/** Command lines that name the folder: each program is told its files there. */
function programsOf(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(`${folder}/`));
}
