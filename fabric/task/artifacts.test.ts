/** What a run is told of its folder, as its container sees it, and that the Task's own words are not changed by it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Container, CronJob, Job } from '../../kubernetes/objects.ts';
import { artifactsVariable, isOwnVariable, withArtifacts } from './artifacts.ts';
import { taskIssues } from './check.ts';
import { manifestFor } from './manifest.ts';
import { taskSpecOf } from './read-back.ts';
import { exampleTask, onceTasks, scheduledTasks } from './testing.ts';

function containerOf(job: Job | undefined): Container {
  const container = job?.spec?.template.spec?.containers[0];
  if (!container) throw new Error('a Job without a container');
  return container;
}

const onceJob = (task = exampleTask()) => withArtifacts(manifestFor(task).manifest as Job, 'report-29000000');
const runOf = (task: Parameters<typeof manifestFor>[0]): Job => {
  const { metadata, spec } = (manifestFor(task).manifest as CronJob).spec?.jobTemplate ?? {};
  return { metadata: { ...metadata, name: 'nightly-29000000' }, ...(spec ? { spec } : {}) };
};

describe('a one-time Task', () => {
  test('is told its folder before its own variables, which may refer to it', () => {
    const task = exampleTask({ environment: { OUT: '$(FABRIC_ARTIFACTS)report.csv' } });
    expect(containerOf(onceJob(task)).env).toEqual([
      { name: 'FABRIC_ARTIFACTS', value: 'tasks/report-29000000/' },
      { name: 'OUT', value: '$(FABRIC_ARTIFACTS)report.csv' },
    ]);
  });

  test('is told what a wish for the pod says instead', () => {
    const wish = { path: '/containers/0/env/-', value: { name: artifactsVariable, value: 'elsewhere/' } };
    const told = (containerOf(onceJob(exampleTask({ podSpec: [wish] }))).env ?? []).filter(
      ({ name }) => name === artifactsVariable,
    );
    expect(told).toEqual([{ name: artifactsVariable, value: 'elsewhere/' }]);
  });

  test('keeps its own words, whatever they are', () => {
    fc.assert(
      fc.property(onceTasks, (task) => {
        const plain = manifestFor(task).manifest as Job;
        expect(taskSpecOf(withArtifacts(plain, 'f'))).toEqual(taskSpecOf(plain));
      }),
    );
  });
});

describe("a schedule's run", () => {
  test('learns the name of its Job from its pod, and its folder from that', () => {
    expect(containerOf(runOf(exampleTask({ schedule: '@hourly' }))).env?.slice(0, 2)).toEqual([
      { name: 'FABRIC_RUN', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } } },
      { name: 'FABRIC_ARTIFACTS', value: 'tasks/$(FABRIC_RUN)/' },
    ]);
  });

  test('keeps the words of its schedule: no variable of Fabric is among them', () => {
    fc.assert(
      fc.property(scheduledTasks, (task) => {
        const { environment } = taskSpecOf(runOf(task));
        expect(Object.keys(environment ?? {}).sort()).toEqual(Object.keys(task.spec?.environment ?? {}).sort());
        expect(Object.keys(environment ?? {}).some(isOwnVariable)).toBe(false);
      }),
    );
  });
});

test.each(['FABRIC_ARTIFACTS', 'FABRIC_RUN'])('%s cannot be set by a Task', (name) => {
  const [issue, ...more] = taskIssues(exampleTask({ environment: { [name]: 'x', OWN: 'y' } }));
  expect(issue).toEqual({ path: `spec.environment.${name}`, message: `${name} is set by Fabric: choose another name` });
  expect(more).toEqual([]);
});
