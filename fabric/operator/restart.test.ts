/** An operator that is killed at any call, and the one that takes over. The test plays Kubernetes. */
import { beforeEach, describe, expect, test } from 'vitest';
import { jobs } from '../../kubernetes/resources.ts';
import type { SimulatedProcess } from '../../world/simulated/simulation.ts';
import { endPod, finishJob, makePod, runPod } from './testing/play.ts';
import { minute, Rig } from './testing/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.up();
});

describe('an operator killed and started again', () => {
  type Place = { readonly when: 'before' | 'after' | 'kept'; readonly at: number };

  /** Plays one run with an operator that dies at the given place; false if the run was over before that. */
  async function playWithKillAt({ when, at }: Place): Promise<boolean> {
    rig = await Rig.up(7 + at);
    let left = at;
    const killAt = (place: Place['when'], isAlive: () => boolean) => {
      if (place !== when || !isAlive()) return;
      left -= 1;
      if (left === 0) first.kill();
    };
    let isFirst = true;
    const first: SimulatedProcess = rig.simulation.process('operator');
    const hooks = {
      before: (call: string) => (call.startsWith('list') ? undefined : killAt('before', () => isFirst)),
      after: () => killAt('after', () => isFirst),
    };
    rig.gateway.onKept = () => killAt('kept', () => isFirst);
    await rig.operator({ world: first, ...hooks });
    const revive = async () => {
      if (!first.killed || !isFirst) return;
      isFirst = false;
      await rig.operator();
      await rig.simulation.advance(2_000);
    };
    rig.applyTask();
    await rig.simulation.advance(2_000);
    await revive();
    const pod = makePod(rig.cluster, 'proj1-report');
    runPod(rig.cluster, rig.clusterWorld, pod);
    await rig.simulation.advance(2_000);
    await revive();
    endPod(rig.cluster, rig.clusterWorld, pod, 0);
    await rig.simulation.advance(1_000);
    await revive();
    finishJob(rig.cluster, rig.clusterWorld, 'proj1-report', 'Complete', { succeeded: 1 });
    await rig.simulation.advance(10_000);
    await revive();
    await rig.simulation.advance(minute);
    return first.killed;
  }

  test.each(['before', 'after', 'kept'] as const)('goes on where it was, wherever it was killed (%s)', async (when) => {
    let at = 1;
    for (; await playWithKillAt({ when, at }); at += 1) {
      const place = `killed ${when} call ${at}`;
      expect(new Set(rig.gateway.posts.map(({ record }) => record.uid)).size, place).toBe(1);
      expect(rig.gateway.last('proj1-report'), place).toMatchObject({ state: 'COMPLETE', logs: { complete: true } });
      expect(rig.cluster.all(jobs), place).toHaveLength(1);
      expect(rig.job()?.metadata?.finalizers, place).toEqual([]);
      expect(rig.task()?.status?.state, place).toBe('COMPLETE');
      const sequences = rig.gateway.posts.map(({ record }) => record.sequence);
      expect(sequences, place).toEqual([...sequences].sort((one, other) => one - other));
    }
    // Two reads, the Job, three states and letting go; three posts.
    expect(at - 1).toBeGreaterThanOrEqual(when === 'kept' ? 3 : 7);
  });

  test('posts a finished run that is noted as reported no second time', async () => {
    const first = await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    first.kill();
    const before = rig.gateway.posts.length;
    await rig.operator();
    await rig.simulation.advance(minute);
    expect(rig.gateway.posts.length).toBe(before);
  });
});
