/**
 * A pause that has an end: the operator resumes the schedule on the environment's clock, whoever was away meanwhile.
 */
import { describe, expect, test } from 'vitest';
import type { CronJob } from '../../../kubernetes/objects.ts';
import { cronJobs } from '../../../kubernetes/resources.ts';
import { tasks } from '../../task/task.ts';
import { minute, Rig, reportTask, startAt } from '../testing/rig.ts';

const day = 24 * 60 * minute;
const at = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z');
const paused = (until: number) => ({
  ...{ schedule: '0 * * * *', suspend: true, suspendUntil: at(until), suspendReason: 'holidays' },
});
const isSuspended = (rig: Rig) => rig.cluster.find<CronJob>(cronJobs, reportTask)?.spec?.suspend;

describe('a schedule that is suspended until an instant', () => {
  test.each([
    ['in a minute', minute],
    ['in forty days', 40 * day],
  ])('%s is resumed then and not before, without a gateway', async (_, afterMs) => {
    const rig = await Rig.up();
    await rig.operator({ gatewayUrl: undefined });
    rig.applyTask(paused(startAt + afterMs));
    await rig.simulation.advance(afterMs - 1_000);
    expect(isSuspended(rig)).toBe(true);
    expect(rig.task()?.status?.state).toBe('PAUSED');
    await rig.simulation.advance(3_000);
    expect(isSuspended(rig)).toBe(false);
    expect(rig.task()?.status?.state).toBe('Active');
    const { suspend, suspendUntil, suspendReason } = rig.task()?.spec ?? {};
    expect(suspend).toBe(false);
    expect([suspendUntil ?? undefined, suspendReason ?? undefined]).toEqual([undefined, undefined]);
  });

  test('is resumed by the next operator when the instant passed while there was none', async () => {
    const rig = await Rig.up();
    const first = await rig.operator();
    rig.applyTask(paused(startAt + 10 * minute));
    await rig.simulation.advance(minute);
    first.kill();
    await rig.simulation.advance(60 * minute);
    expect(isSuspended(rig)).toBe(true);
    await rig.operator();
    await rig.simulation.advance(3_000);
    expect(isSuspended(rig)).toBe(false);
  });

  test('stays as it is when somebody has paused it anew, for longer or for ever', async () => {
    const rig = await Rig.up();
    await rig.operator();
    rig.applyTask(paused(startAt + 10 * minute));
    await rig.simulation.advance(9 * minute);
    rig.cluster.patch(tasks, 'default', reportTask, { spec: { suspendUntil: at(startAt + 30 * minute) } });
    await rig.simulation.advance(15 * minute);
    expect(isSuspended(rig)).toBe(true);
    rig.cluster.patch(tasks, 'default', reportTask, { spec: { suspendUntil: null } });
    await rig.simulation.advance(day);
    expect(isSuspended(rig)).toBe(true);
  });

  test('is resumed at once by a person before that, and paused no more', async () => {
    const rig = await Rig.up();
    await rig.operator();
    rig.applyTask(paused(startAt + 10 * minute));
    await rig.simulation.advance(minute);
    rig.cluster.patch(tasks, 'default', reportTask, {
      spec: { suspend: false, suspendUntil: null, suspendReason: null },
    });
    await rig.simulation.advance(3_000);
    expect(isSuspended(rig)).toBe(false);
    const written = rig.writes().length;
    await rig.simulation.advance(20 * minute);
    expect(isSuspended(rig)).toBe(false);
    expect(
      rig
        .writes()
        .slice(written)
        .filter((call) => call.startsWith('patch tasks')),
    ).toEqual([]);
  });
});
