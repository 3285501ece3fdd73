/** The CronJob controller on the simulated API server. */
import { describe, expect, test } from 'vitest';
import type { CronJob, Job, KubernetesObject } from '../../../kubernetes/objects.ts';
import { cronJobs, events as eventType, jobs } from '../../../kubernetes/resources.ts';
import { podTemplate, TestCluster } from '../test-cluster.ts';

const start = Date.UTC(2026, 0, 1, 10, 0, 30);
const minuteOf = (time: string): number => Date.parse(time) / 60_000;

const cronJob = (spec: Partial<NonNullable<CronJob['spec']>>): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'tick', namespace: 'default' },
  spec: { schedule: '* * * * *', jobTemplate: { spec: { template: podTemplate } }, ...spec },
});

async function begin(spec: Partial<NonNullable<CronJob['spec']>> = {}): Promise<TestCluster> {
  const cluster = await TestCluster.start(['cronjob-controller'], start);
  await cluster.create(cronJobs, cronJob(spec));
  return cluster;
}

const statusOf = async (cluster: TestCluster) => (await cluster.find<CronJob>(cronJobs, 'tick'))?.status;

describe('a CronJob', () => {
  test('starts a Job at each slot, named by its minute, within the first half second', async () => {
    const cluster = await begin();
    await cluster.advanceTo('2026-01-01T10:01:00.050Z');
    expect(await cluster.names(jobs)).toEqual([]);
    await cluster.advanceTo('2026-01-01T10:01:00.500Z');
    const first = `tick-${minuteOf('2026-01-01T10:01:00Z')}`;
    expect(await cluster.names(jobs)).toEqual([first]);
    const status = await statusOf(cluster);
    expect(status?.lastScheduleTime).toBe('2026-01-01T10:01:00Z');
    expect(status?.active?.map(({ name }) => name)).toEqual([first]);
    await cluster.advanceTo('2026-01-01T10:03:30Z');
    expect(await cluster.names(jobs)).toHaveLength(3);
  });

  test('tells of each finished and each deleted Job once: its cache shows what it wrote before it looks again', async () => {
    const cluster = await begin({ successfulJobsHistoryLimit: 0 });
    for (const minute of ['10:01', '10:02', '10:03']) {
      await cluster.advanceTo(`2026-01-01T${minute}:30Z`);
      await cluster.finish((await cluster.names(jobs)).at(-1) ?? '');
      await cluster.advanceTo(`2026-01-01T${minute}:40Z`);
    }
    const told = await cluster.list<KubernetesObject & { reason?: string; count?: number }>(eventType, 'default');
    const counts = told.map(({ reason, count }) => `${reason} ${count}`);
    expect(counts.filter((text) => text === 'SuccessfulDelete 1')).toHaveLength(3);
    expect(counts.filter((text) => !/^(?:SuccessfulCreate|SuccessfulDelete|SawCompletedJob) 1$/.test(text))).toEqual(
      [],
    );
  });

  test('takes finished Jobs off its list, notes the success, and keeps no more than its history limit', async () => {
    const cluster = await begin({ successfulJobsHistoryLimit: 1 });
    await cluster.advanceTo('2026-01-01T10:01:30Z');
    for (const time of ['2026-01-01T10:02:30Z', '2026-01-01T10:03:30Z', '2026-01-01T10:04:30Z']) {
      await cluster.finish((await cluster.names(jobs)).at(-1) ?? '');
      await cluster.advanceTo(time);
    }
    expect(await cluster.names(jobs)).toEqual([
      `tick-${minuteOf('2026-01-01T10:03:00Z')}`,
      `tick-${minuteOf('2026-01-01T10:04:00Z')}`,
    ]);
    const status = await statusOf(cluster);
    expect(status?.active).toHaveLength(1);
    expect(status?.lastSuccessfulTime).toMatch(/^2026-01-01T10:03:3/);
    const events = await cluster.events();
    expect(events).toContain(
      `SawCompletedJob: Saw completed job: tick-${minuteOf('2026-01-01T10:01:00Z')}, condition: Complete`,
    );
    expect(events).toContain(`SuccessfulDelete: Deleted job tick-${minuteOf('2026-01-01T10:01:00Z')}`);
  });

  test('under Forbid starts the latest missed slot as soon as the old run has ended', async () => {
    const cluster = await begin({ concurrencyPolicy: 'Forbid' });
    await cluster.advanceTo('2026-01-01T10:03:20Z');
    const first = `tick-${minuteOf('2026-01-01T10:01:00Z')}`;
    expect(await cluster.names(jobs)).toEqual([first]);
    await cluster.finish(first);
    await cluster.advanceTo('2026-01-01T10:03:21Z');
    expect(await cluster.names(jobs)).toEqual([first, `tick-${minuteOf('2026-01-01T10:03:00Z')}`]);
  });

  test('under Replace deletes the old run in the sync that starts the new one', async () => {
    const cluster = await begin({ concurrencyPolicy: 'Replace' });
    await cluster.advanceTo('2026-01-01T10:02:30Z');
    expect(await cluster.names(jobs)).toEqual([`tick-${minuteOf('2026-01-01T10:02:00Z')}`]);
    expect((await statusOf(cluster))?.active).toHaveLength(1);
  });

  test('every 10 seconds starts no more than one Job a minute, since their names collide', async () => {
    const cluster = await begin({ schedule: '@every 10s' });
    await cluster.advanceTo('2026-01-01T10:03:05Z');
    expect(await cluster.names(jobs)).toEqual(
      ['10:00', '10:01', '10:02', '10:03'].map((time) => `tick-${minuteOf(`2026-01-01T${time}:00Z`)}`),
    );
  });

  test('that is suspended starts nothing, and when resumed the latest missed slot at once', async () => {
    const cluster = await begin({ suspend: true });
    await cluster.advanceTo('2026-01-01T10:05:30Z');
    expect(await cluster.names(jobs)).toEqual([]);
    await cluster.run(cluster.client.patch(cronJobs, 'default', 'tick', 'merge', { spec: { suspend: false } }));
    await cluster.simulation.advance(500);
    expect(await cluster.names(jobs)).toEqual([`tick-${minuteOf('2026-01-01T10:05:00Z')}`]);
  });

  test('with a changed schedule waits for the next slot, though the new schedule has a missed one', async () => {
    const cluster = await begin({ schedule: '0 0 1 1 *' });
    await cluster.advanceTo('2026-01-01T10:05:30Z');
    await cluster.run(cluster.client.patch(cronJobs, 'default', 'tick', 'merge', { spec: { schedule: '* * * * *' } }));
    await cluster.advanceTo('2026-01-01T10:05:59Z');
    expect(await cluster.names(jobs)).toEqual([]);
    await cluster.advanceTo('2026-01-01T10:06:01Z');
    expect(await cluster.names(jobs)).toEqual([`tick-${minuteOf('2026-01-01T10:06:00Z')}`]);
  });

  test('every month starts in its minute, though no timer lasts a month', async () => {
    const cluster = await begin({ schedule: '@monthly', startingDeadlineSeconds: 60 });
    await cluster.advanceTo('2026-03-01T00:00:30Z');
    expect(await cluster.names(jobs)).toEqual(
      ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'].map((time) => `tick-${minuteOf(time)}`),
    );
  });

  test('deletes finished Jobs of another kind that has its name: only the name is compared', async () => {
    const cluster = await begin({ failedJobsHistoryLimit: 0 });
    const owner = { apiVersion: 'fabric.orrery.dev/v1', kind: 'Task', name: 'tick', uid: 'a-task', controller: true };
    const foreign: Job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'foreign', namespace: 'default', ownerReferences: [owner] },
      spec: { template: podTemplate },
    };
    await cluster.create(jobs, foreign);
    await cluster.finish('foreign', 'Failed');
    await cluster.advanceTo('2026-01-01T10:01:01Z');
    expect(await cluster.names(jobs)).toEqual([`tick-${minuteOf('2026-01-01T10:01:00Z')}`]);
  });
});
