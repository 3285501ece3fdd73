/**
 * What becomes of a Task with a schedule: its CronJob, its runs, its history, and the starts that were not made. The
 * test plays Kubernetes.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CronJob, Job } from '../../kubernetes/objects.ts';
import { cronJobs, jobs } from '../../kubernetes/resources.ts';
import { reportFinalizer } from '../task/labels.ts';
import { tasks } from '../task/task.ts';
import { endPod, makePod, runPod, startRun } from './testing/play.ts';
import { minute, Rig, startAt } from './testing/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.up();
});

describe('a schedule', () => {
  test('becomes a CronJob, and its runs are held, reported and cleaned to its history limits', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '* * * * *', successfulJobsHistoryLimit: 2 });
    await rig.simulation.advance(1_000);
    expect(rig.task()?.status).toMatchObject({ state: 'Active', nextTime: '2026-01-01T00:01:00Z', activeCount: 0 });
    const names: string[] = [];
    for (let run = 0; run < 4; run += 1) {
      await rig.simulation.advance(minute);
      const name = startRun(rig.cluster, rig.clusterWorld, 'proj1-report');
      names.push(name);
      await rig.simulation.advance(1_000);
      expect(rig.job(name)?.metadata?.finalizers).toEqual([reportFinalizer]);
      await rig.playRun(name);
      rig.cluster.patch(cronJobs, 'default', 'proj1-report', { status: { active: [] } });
    }
    expect(rig.cluster.all<Job>(jobs).map((job) => job.metadata?.name)).toEqual(names.slice(2));
    for (const name of names) expect(rig.gateway.states(name)).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    const [first = ''] = names;
    expect(rig.gateway.last(first)).toMatchObject({
      name: first,
      scheduleName: 'proj1-report',
      correlationId: 'proj1-report',
      jobType: 'cron',
      scheduledTime: startAt + minute,
      logs: { key: `tasks/${first}/log.txt` },
    });
  });

  test('is paused and resumed by the Task, and follows its changes', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '* * * * *' });
    await rig.simulation.advance(1_000);
    rig.cluster.patch(tasks, 'default', 'proj1-report', { metadata: { generation: 2 }, spec: { suspend: true } });
    await rig.simulation.advance(1_000);
    expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.suspend).toBe(true);
    expect(rig.task()?.status).toMatchObject({ state: 'PAUSED', observedGeneration: 2 });
    expect(rig.task()?.status?.nextTime).toBeUndefined();
    rig.cluster.patch(tasks, 'default', 'proj1-report', { spec: { suspend: false, schedule: '@hourly' } });
    await rig.simulation.advance(1_000);
    expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec).toMatchObject({
      suspend: false,
      schedule: '@hourly',
    });
    expect(rig.task()?.status).toMatchObject({ state: 'Active', nextTime: '2026-01-01T01:00:00Z' });
  });

  test('that somebody changed on the CronJob itself is put right', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Forbid' });
    await rig.simulation.advance(1_000);
    rig.cluster.patch(cronJobs, 'default', 'proj1-report', { spec: { concurrencyPolicy: 'Allow' } });
    await rig.simulation.advance(1_000);
    expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.concurrencyPolicy).toBe('Forbid');
  });

  describe('of which the watch sees nothing more', () => {
    const suspend = () => rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.suspend;
    const change = async (spec: object) => {
      rig.cluster.patch(tasks, 'default', 'proj1-report', { spec });
      await rig.simulation.advance(1_000);
    };

    beforeEach(async () => {
      await rig.operator();
      rig.applyTask({ schedule: '* * * * *' });
      await rig.simulation.advance(1_000);
      rig.cluster.unseen.add('cronjobs');
    });

    test('is suspended at once all the same, whoever has written it meanwhile', async () => {
      rig.cluster.patch(cronJobs, 'default', 'proj1-report', { status: { lastScheduleTime: '2026-01-01T00:01:00Z' } });
      await change({ suspend: true });
      expect(suspend()).toBe(true);
    });

    test('is suspended and resumed, as often as it is asked', async () => {
      for (const wanted of [true, false, true, false]) {
        await change({ suspend: wanted });
        expect(suspend()).toBe(wanted);
      }
    });

    test('is made again when somebody has deleted it', async () => {
      rig.cluster.remove(cronJobs, 'proj1-report');
      await change({ schedule: '@hourly' });
      expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.schedule).toBe('@hourly');
    });

    test('hinders no Task of the same name that comes after it', async () => {
      rig.cluster.remove(tasks, 'proj1-report');
      rig.cluster.remove(cronJobs, 'proj1-report');
      rig.applyTask({ schedule: '@hourly' });
      await rig.simulation.advance(1_000);
      expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.schedule).toBe('@hourly');
      expect(rig.condition('Accepted')?.status).toBe('True');
    });
  });

  test('whose making no watch has seen is suspended at once', async () => {
    await rig.operator();
    rig.cluster.unseen.add('cronjobs');
    rig.applyTask({ schedule: '* * * * *' });
    await rig.simulation.advance(1_000);
    rig.cluster.patch(tasks, 'default', 'proj1-report', { spec: { suspend: true } });
    await rig.simulation.advance(1_000);
    expect(rig.cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.suspend).toBe(true);
  });

  test('says why a start was not made', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Forbid' });
    await rig.simulation.advance(minute);
    const name = startRun(rig.cluster, rig.clusterWorld, 'proj1-report');
    await rig.simulation.advance(minute + 10_000);
    expect(rig.condition('Started')).toMatchObject({
      status: 'False',
      reason: 'PreviousRunActive',
      message: expect.stringContaining(name),
    });
    rig.cluster.patch(cronJobs, 'default', 'proj1-report', {
      status: { active: [], lastScheduleTime: '2026-01-01T00:02:00Z' },
    });
    await rig.simulation.advance(1_000);
    expect(rig.condition('Started')).toMatchObject({ status: 'True', reason: 'Started' });
  });

  test('under Replace reports the run that made room as replaced', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Replace' });
    await rig.simulation.advance(minute);
    const name = startRun(rig.cluster, rig.clusterWorld, 'proj1-report');
    await rig.simulation.advance(1_000);
    const pod = makePod(rig.cluster, name);
    runPod(rig.cluster, rig.clusterWorld, pod);
    await rig.simulation.advance(1_000);
    rig.cluster.delete(jobs, 'default', name);
    await rig.simulation.advance(1_000);
    endPod(rig.cluster, rig.clusterWorld, pod, 143);
    await rig.simulation.advance(1_000);
    expect(rig.gateway.last(name)).toMatchObject({
      state: 'CANCELLED',
      statusReason: expect.stringMatching(/^Replaced/),
    });
    expect(rig.job(name)).toBeUndefined();
  });

  test('has a record for a run that was gone before it could be held, and its log is said to be lost', async () => {
    const world = rig.simulation.process('operator');
    await rig.operator({
      world,
      before: async (call) => {
        if (call.startsWith('patch jobs')) await world.clock.sleep(minute);
      },
    });
    rig.applyTask({ schedule: '* * * * *' });
    await rig.simulation.advance(minute);
    const name = startRun(rig.cluster, rig.clusterWorld, 'proj1-report');
    await rig.simulation.advance(1_000);
    rig.cluster.delete(jobs, 'default', name);
    await rig.simulation.advance(1_000);
    expect(rig.gateway.last(name)).toMatchObject({
      state: 'CANCELLED',
      logs: { complete: false, missing: [{ afterLine: 0, reason: expect.stringContaining('log lost') }] },
    });
  });
});
