/**
 * What holds of every Job whatever its pods do: random ends and deletions of pods, random restarts of the controller,
 * refused writes, watches that lag by up to seconds. Method: play a script of chance, then let all pods succeed, and
 * read back all versions that the server has had.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinished } from '../../../kubernetes/conditions.ts';
import { isBeingDeleted, uidOf } from '../../../kubernetes/meta.ts';
import type { JobSpec, Pod } from '../../../kubernetes/objects.ts';
import { isActive, isTerminal, isTerminating } from './facts.ts';
import { JobCluster } from './job-cluster.fixture.ts';

type Action = 'run' | 'succeed' | 'fail' | 'delete' | 'restart' | 'refuse' | 'wait';

interface Step {
  readonly action: Action;
  /** Which of the pods there are. */
  readonly pick: number;
  readonly delayMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom<Action>('run', 'succeed', 'fail', 'delete', 'restart', 'refuse', 'wait'),
  pick: fc.nat({ max: 20 }),
  delayMs: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 1_500 }), fc.nat({ max: 30_000 })),
});

const spec: fc.Arbitrary<Partial<JobSpec>> = fc.record({
  parallelism: fc.integer({ min: 1, max: 4 }),
  completions: fc.integer({ min: 1, max: 6 }),
  backoffLimit: fc.constantFrom(0, 2, 100),
  completionMode: fc.constantFrom('NonIndexed', 'Indexed'),
  podReplacementPolicy: fc.constantFrom('TerminatingOrFailed', 'Failed'),
});

const scenario = fc.record({
  spec,
  seed: fc.nat({ max: 1_000_000 }),
  lagMs: fc.constantFrom(5, 300, 3_000),
  steps: fc.array(step, { maxLength: 25 }),
});

test('each pod counts once, counters never go back, never more pods run than parallelism allows', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ spec, seed, lagMs, steps }) => {
      const cluster = await JobCluster.start({ seed, watchLagMs: { minimum: 1, maximum: lagMs } });
      await cluster.createJob(spec);
      for (const { action, pick, delayMs } of steps) {
        await act(cluster, action, pick);
        await cluster.simulation.advance(delayMs);
      }
      await finish(cluster);

      expectCountersToGrow(cluster);
      expectPodsWithin(cluster, spec.parallelism ?? 1, spec.podReplacementPolicy === 'Failed');
      expectEachPodCounted(cluster);
    }),
    { numRuns: 60 },
  );
});

async function act(cluster: JobCluster, action: Action, pick: number): Promise<void> {
  if (action === 'restart') return cluster.restartController();
  if (action === 'refuse') return cluster.failNextWrites(1 + (pick % 4));
  const living = (await cluster.pods()).filter((pod) => !isTerminal(pod));
  const pod = living[pick % living.length];
  if (pod === undefined || action === 'wait') return;
  if (action === 'run') return cluster.run(pod);
  if (action === 'delete') return cluster.deletePod(pod);
  return end(cluster, pod, action === 'succeed' ? 0 : 1);
}

/**
 * A pod that is being deleted ends badly here. If one succeeds that has been counted as failed, a real controller, and
 * this one, counts its index as well.
 */
async function end(cluster: JobCluster, pod: Pod, exitCode: number): Promise<void> {
  await cluster.end(pod, isBeingDeleted(pod) ? 143 : exitCode);
}

/** Lets every pod end well until the Job has ended. */
async function finish(cluster: JobCluster): Promise<void> {
  for (let round = 0; !isFinished(await cluster.job()); round += 1) {
    if (round > 40) throw new Error(`the Job does not end: ${JSON.stringify((await cluster.job()).status)}`);
    for (const pod of await cluster.pods()) if (!isTerminal(pod)) await end(cluster, pod, 0);
    await cluster.simulation.advance(60_000);
  }
  await cluster.simulation.advance(10_000);
}

function expectCountersToGrow(cluster: JobCluster): void {
  let [succeeded, failed] = [0, 0];
  for (const { status } of cluster.jobVersions) {
    expect(status?.succeeded ?? 0).toBeGreaterThanOrEqual(succeeded);
    expect(status?.failed ?? 0).toBeGreaterThanOrEqual(failed);
    [succeeded, failed] = [status?.succeeded ?? 0, status?.failed ?? 0];
  }
}

function expectPodsWithin(cluster: JobCluster, parallelism: number, replacesOnlyFailed: boolean): void {
  const occupying = new Set<string>();
  for (const { type, pod } of cluster.podChanges) {
    const occupies = isActive(pod) || (replacesOnlyFailed && isTerminating(pod));
    if (type === 'DELETED' || !occupies) occupying.delete(uidOf(pod));
    else occupying.add(uidOf(pod));
    expect(occupying.size).toBeLessThanOrEqual(parallelism);
  }
}

/** Without suspension and a change of parallelism each pod ever made ends as counted: succeeded, or failed. */
function expectEachPodCounted(cluster: JobCluster): void {
  const last = new Map<string, Pod>();
  for (const { pod } of cluster.podChanges) last.set(uidOf(pod), pod);
  const { status } = cluster.jobVersions.at(-1) ?? {};
  expect(status?.uncountedTerminatedPods).toEqual({});
  expect((status?.succeeded ?? 0) + (status?.failed ?? 0)).toBe(last.size);
}
