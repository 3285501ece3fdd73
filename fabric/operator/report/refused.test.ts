/** A report that the gateway will never take holds up nothing, and is told where people look. */
import { expect, test } from 'vitest';
import type { Event } from '../../../kubernetes/objects.ts';
import { events, jobs } from '../../../kubernetes/resources.ts';
import { reportedAnnotation } from '../../task/labels.ts';
import { Rig, reportTask } from '../testing/rig.ts';

const refusals = async (rig: Rig) =>
  (await rig.cluster.client().list<Event>(events)).items.filter(({ reason }) => reason === 'ReportRefused');

test('the run is let go, an event of its job says why, and nothing is asked again', async () => {
  const rig = await Rig.up();
  rig.gateway.refusesWith = 400;
  await rig.operator();
  rig.applyTask();
  await rig.simulation.advance(1_000);
  await rig.playRun(reportTask);
  const asked = rig.gateway.requestsAt.length;
  await rig.simulation.advance(3_600_000 / 2);
  expect(rig.gateway.requestsAt.length).toBe(asked);
  expect(rig.job()?.metadata?.finalizers).toEqual([]);
  const note = rig.cluster.find(jobs, reportTask)?.metadata?.annotations?.[reportedAnnotation];
  expect(JSON.parse(note ?? '')).toEqual({ state: 'COMPLETE', arrived: false });
  const told = await refusals(rig);
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]).toMatchObject({ type: 'Warning', involvedObject: { kind: 'Job', name: reportTask } });
  expect(told[0]?.message).toContain('answered 400');
});

test('a task that never had a job is told by an event of the task, once', async () => {
  const rig = await Rig.up();
  rig.gateway.refusesWith = 422;
  await rig.operator();
  rig.applyTask({ image: '' });
  await rig.simulation.advance(600_000);
  expect(rig.task()?.status?.state).toBe('FAILED');
  expect(rig.gateway.requestsAt).toHaveLength(1);
  expect(await refusals(rig)).toMatchObject([{ involvedObject: { kind: 'Task', name: reportTask }, count: 1 }]);
});

test('a gateway that is being started, or whose credential is being changed, is asked again', async () => {
  const rig = await Rig.up();
  rig.gateway.refusesWith = 404;
  await rig.operator();
  rig.applyTask();
  await rig.simulation.advance(1_000);
  await rig.playRun(reportTask);
  expect(rig.job()?.metadata?.finalizers).not.toEqual([]);
  rig.gateway.refusesWith = undefined;
  await rig.simulation.advance(120_000);
  expect(rig.gateway.last(reportTask)).toMatchObject({ state: 'COMPLETE' });
  expect(rig.job()?.metadata?.finalizers).toEqual([]);
  expect(await refusals(rig)).toEqual([]);
});
