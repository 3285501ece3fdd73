/**
 * The mapping's promises, as properties over any Task: the right kind, every field carried, names within limits, the
 * payload byte for byte, the same manifest for the same Task, a typed error for a bad one.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job, PodTemplate } from '../../kubernetes/objects.ts';
import { TaskError } from './errors.ts';
import { reportFinalizer, taskLabel } from './labels.ts';
import { manifestFor, manifestHash } from './manifest.ts';
import { runName } from './names.ts';
import { argumentBytesMax, emptyPayload } from './payload.ts';
import { taskSpecOf } from './read-back.ts';
import { isScheduled, type Task, type TaskSpec } from './task.ts';
import { exampleTask, onceTasks, payloadAtTheLimit, scheduledTasks, validTasks } from './testing.ts';

/**
 * What Kubernetes makes of an argument: `$$` is `$`, `$(NAME)` the variable, other `$` themselves (kubelet's
 * expansion).
 */
function expandedByKubernetes(argument: string, environment: Record<string, string>): string {
  return argument.replace(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) =>
    match === '$$' ? '$' : (environment[name ?? ''] ?? match),
  );
}

function templateOf(task: Task): PodTemplate {
  const mapped = manifestFor(task);
  const spec = mapped.kind === 'Job' ? mapped.manifest.spec : mapped.manifest.spec?.jobTemplate.spec;
  if (!spec) throw new Error('a manifest without a Job spec');
  return spec.template;
}

/** The Job that a one-time Task becomes, or that the CronJob controller makes for a schedule (semantics 2.7). */
function jobOf(task: Task): Job {
  const mapped = manifestFor(task);
  if (mapped.kind === 'Job') return mapped.manifest;
  const template = mapped.manifest.spec?.jobTemplate;
  return {
    metadata: { ...template?.metadata, name: runName(mapped.manifest.metadata?.name ?? '', 0) },
    spec: template?.spec,
  };
}

function refusal(task: Task): TaskError {
  try {
    manifestFor(task);
  } catch (error) {
    if (error instanceof TaskError) return error;
    throw error;
  }
  throw new Error('the Task was mapped');
}

const labelPattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

describe('a Task that can run', () => {
  test('becomes a Job without a schedule and a CronJob with one', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const scheduled = (task.spec?.schedule ?? '') !== '';
        expect(manifestFor(task).kind).toBe(scheduled ? 'CronJob' : 'Job');
        expect(manifestFor(task).manifest.kind).toBe(scheduled ? 'CronJob' : 'Job');
      }),
    );
  });

  test('has every field carried: the spec can be read back from its Job', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const { suspend, ...rest } = task.spec as TaskSpec;
        const expected = {
          ...rest,
          payload: rest.payload ?? emptyPayload,
          backoffLimit: rest.backoffLimit ?? 0,
          command: rest.command?.length ? rest.command : undefined,
          args: rest.args?.length ? rest.args : undefined,
          environment: Object.keys(rest.environment ?? {}).length > 0 ? rest.environment : undefined,
          resources:
            JSON.parse(
              JSON.stringify(rest.resources ?? null, (_key, value) => (typeof value === 'number' ? `${value}` : value)),
            ) ?? undefined,
        };
        expect({
          command: undefined,
          args: undefined,
          environment: undefined,
          resources: undefined,
          ...taskSpecOf(jobOf(task)),
        }).toEqual(expected);
        const mapped = manifestFor(task);
        if (mapped.kind === 'CronJob') expect(mapped.manifest.spec?.suspend).toBe(suspend ?? false);
      }),
    );
  });

  test('gives a CronJob its schedule, zone, deadline and policy as they are', () => {
    fc.assert(
      fc.property(scheduledTasks, (task) => {
        const mapped = manifestFor(task);
        expect(mapped.kind === 'CronJob' && mapped.manifest.spec).toMatchObject({
          schedule: task.spec?.schedule,
          concurrencyPolicy: task.spec?.concurrencyPolicy ?? 'Allow',
          ...(task.spec?.timeZone === undefined ? {} : { timeZone: task.spec.timeZone }),
          ...(task.spec?.startingDeadlineSeconds === undefined
            ? {}
            : { startingDeadlineSeconds: task.spec.startingDeadlineSeconds }),
        });
      }),
    );
  });

  test('owns what it becomes, in its own namespace and under its own name', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const { metadata } = manifestFor(task).manifest;
        expect(metadata?.name).toBe(task.metadata?.name);
        expect(metadata?.namespace).toBe(task.metadata?.namespace);
        expect(metadata?.ownerReferences).toEqual([
          {
            apiVersion: 'fabric.orrery.dev/v1',
            kind: 'Task',
            name: task.metadata?.name,
            uid: task.metadata?.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ]);
      }),
    );
  });

  test('has legal labels, and names that leave room for the minute of a run', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const { metadata } = manifestFor(task).manifest;
        const lengthMax = task.spec && isScheduled(task.spec) ? 52 : 63;
        expect(metadata?.name?.length).toBeLessThanOrEqual(lengthMax);
        const labels = [metadata?.labels, jobOf(task).metadata?.labels, templateOf(task).metadata?.labels];
        for (const [name, value] of labels.flatMap((each) => Object.entries(each ?? {}))) {
          expect(value, name).toMatch(labelPattern);
          expect(value.length, name).toBeLessThanOrEqual(63);
        }
        expect(jobOf(task).metadata?.labels?.[taskLabel]).toBe(task.metadata?.name);
      }),
    );
  });

  test('is given its payload as the last argument, byte for byte', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const environment = { HOME: '/home', X: 'x', ...task.spec?.environment };
        const last = templateOf(task).spec?.containers[0]?.args?.at(-1) ?? '';
        const given = expandedByKubernetes(last, environment);
        expect(Buffer.from(given).equals(Buffer.from(task.spec?.payload ?? emptyPayload))).toBe(true);
      }),
    );
  });

  test('gives the same manifest each time, and another one when anything in it changes', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        expect(manifestFor(structuredClone(task))).toEqual(manifestFor(task));
        const hash = manifestHash(manifestFor(task).manifest);
        const changed = { ...task, spec: { ...(task.spec as TaskSpec), image: 'another' } };
        expect(manifestHash(manifestFor(structuredClone(task)).manifest)).toBe(hash);
        expect(manifestHash(manifestFor(changed).manifest)).not.toBe(hash);
      }),
    );
  });

  test('leaves the Task as it was', () => {
    fc.assert(
      fc.property(validTasks, (task) => {
        const before = structuredClone(task);
        manifestFor(task);
        expect(task).toEqual(before);
      }),
    );
  });

  test('keeps its Job until its record is safe', () => {
    const mapped = manifestFor(exampleTask());
    expect(mapped.manifest.metadata?.finalizers).toEqual([reportFinalizer]);
  });
});

describe('names never merge', () => {
  test('two Tasks of one namespace give two Jobs or CronJobs', () => {
    fc.assert(
      fc.property(validTasks, validTasks, (one, other) => {
        fc.pre(one.metadata?.name !== other.metadata?.name);
        expect(manifestFor(one).manifest.metadata?.name).not.toBe(manifestFor(other).manifest.metadata?.name);
      }),
    );
  });

  test('a one-time Task cannot have the name of any run of any schedule', () => {
    const minutes = fc.date({ min: new Date('2018-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(scheduledTasks, onceTasks, minutes, (scheduled, once, at) => {
        const name = runName(scheduled.metadata?.name ?? '', at.getTime());
        const error = refusal({ ...once, metadata: { ...once.metadata, name } });
        expect(error.issues.map((issue) => issue.path)).toEqual(['metadata.name']);
      }),
    );
  });

  test('a name that is too long is refused, not cut', () => {
    expect(refusal(exampleTask({}, 'a'.repeat(64))).issues[0]?.path).toBe('metadata.name');
    expect(refusal(exampleTask({ schedule: '@hourly' }, 'a'.repeat(53))).issues[0]?.path).toBe('metadata.name');
    expect(manifestFor(exampleTask({}, 'a'.repeat(63))).manifest.metadata?.name).toHaveLength(63);
    expect(manifestFor(exampleTask({ schedule: '@hourly' }, 'a'.repeat(52))).manifest.metadata?.name).toHaveLength(52);
  });
});

describe('the payload', () => {
  test.each(['$', 'é', '🦉', 'x'])('of %s is carried up to its limit in bytes, and no further', (fill) => {
    const payload = payloadAtTheLimit(fill);
    expect(Buffer.byteLength(payload)).toBe(argumentBytesMax);
    expect(() => manifestFor(exampleTask({ payload }))).not.toThrow();
    expect(refusal(exampleTask({ payload: `${payload} ` })).issues).toEqual([
      { path: 'spec.payload', message: expect.stringContaining('131072') },
    ]);
  });

  test('is given even if the variable of that name exists', () => {
    const task = exampleTask({ payload: '"$(PATH) $$(PATH) $"', environment: { PATH: '/bin' } });
    const last = templateOf(task).spec?.containers[0]?.args?.at(-1) ?? '';
    expect(expandedByKubernetes(last, { PATH: '/bin' })).toBe('"$(PATH) $$(PATH) $"');
  });
});

const bad: [string, Task, string][] = [
  ['no spec', { ...exampleTask(), spec: undefined }, 'spec'],
  ['no name', { ...exampleTask(), metadata: { namespace: 'n', uid: 'u' } }, 'metadata.name'],
  ['no uid', { ...exampleTask(), metadata: { name: 'a', namespace: 'n' } }, 'metadata.uid'],
  ['no namespace', { ...exampleTask(), metadata: { name: 'a', uid: 'u' } }, 'metadata.namespace'],
  ['a dotted name', exampleTask({}, 'a.b'), 'metadata.name'],
  ['no image', exampleTask({ image: '' }), 'spec.image'],
  ['an image with white space', exampleTask({ image: 'a ' }), 'spec.image'],
  ['no project', exampleTask({ projectId: undefined as unknown as string }), 'spec.projectId'],
  ['a project with a slash', exampleTask({ projectId: 'a/b' }), 'spec.projectId'],
  ['a number as a name', exampleTask({ skillName: 7 as unknown as string }), 'spec.skillName'],
  ['a payload that is no JSON', exampleTask({ payload: '{a}' }), 'spec.payload'],
  ['an empty payload', exampleTask({ payload: '' }), 'spec.payload'],
  ['half a surrogate pair', exampleTask({ payload: '"\ud83e"' }), 'spec.payload'],
  ['half a surrogate pair in a text', exampleTask({ username: '\ud83e' }), 'spec.username'],
  ['a NUL', exampleTask({ args: ['ok', 'a\0b'] }), 'spec.args[1]'],
  ['a variable without a legal name', exampleTask({ environment: { 'A=B': '1' } }), 'spec.environment[A=B]'],
  ['a variable that is no text', exampleTask({ environment: { A: 1 as unknown as string } }), 'spec.environment.A'],
  ['a resource that is none', exampleTask({ resources: { limits: { disk: '1' } } }), 'spec.resources.limits.disk'],
  ['a quantity that is none', exampleTask({ resources: { limits: { cpu: '1 core' } } }), 'spec.resources.limits.cpu'],
  [
    'a request above its limit',
    exampleTask({ resources: { requests: { memory: '2Gi' }, limits: { memory: '2G' } } }),
    'spec.resources.requests.memory',
  ],
  [
    'an extended resource without a limit',
    exampleTask({ resources: { requests: { 'example.com/gpu': 1 } } }),
    'spec.resources.requests[example.com/gpu]',
  ],
  ['a negative limit', exampleTask({ backoffLimit: -1 }), 'spec.backoffLimit'],
  ['a broken number', exampleTask({ activeDeadlineSeconds: 1.5 }), 'spec.activeDeadlineSeconds'],
  ['a deadline of nothing', exampleTask({ activeDeadlineSeconds: 0 }), 'spec.activeDeadlineSeconds'],
  ['a schedule that is none', exampleTask({ schedule: 'hourly' }), 'spec.schedule'],
  ['weekday 7', exampleTask({ schedule: '0 0 * * 7' }), 'spec.schedule'],
  ['a schedule with its own zone', exampleTask({ schedule: 'TZ=UTC * * * * *' }), 'spec.schedule'],
  ['a day that never comes', exampleTask({ schedule: '0 0 30 2 *' }), 'spec.schedule'],
  ['a zone in lower case', exampleTask({ schedule: '@daily', timeZone: 'europe/berlin' }), 'spec.timeZone'],
  ['the local zone', exampleTask({ schedule: '@daily', timeZone: 'Local' }), 'spec.timeZone'],
  ['an empty zone', exampleTask({ schedule: '@daily', timeZone: '' }), 'spec.timeZone'],
  ['a zone without a schedule', exampleTask({ timeZone: 'UTC' }), 'spec.timeZone'],
  ['a suspended one-time Task', exampleTask({ suspend: true }), 'spec.suspend'],
  ['an unknown policy', exampleTask({ concurrencyPolicy: 'Queue' as 'Allow' }), 'spec.concurrencyPolicy'],
];

describe('a Task that cannot run is refused with the path of its field', () => {
  test.each(bad)('%s', (_what, task, path) => {
    expect(refusal(task).issues.map((issue) => issue.path)).toEqual([path]);
    expect(refusal(task).message).toContain(path);
  });

  test('all its faults are said at once', () => {
    const error = refusal(exampleTask({ image: '', backoffLimit: -1 }, 'A'));
    expect(error.issues.map((issue) => issue.path)).toEqual(['metadata.name', 'spec.image', 'spec.backoffLimit']);
  });

  test('whatever is given, the answer is a manifest or a TaskError', () => {
    const anySpec = fc.dictionary(
      fc.constantFrom(
        'projectId',
        'image',
        'payload',
        'environment',
        'resources',
        'schedule',
        'args',
        'suspend',
        'timeZone',
      ),
      fc.jsonValue(),
    );
    const anyTask = fc.record({
      metadata: fc.record({ name: fc.jsonValue(), namespace: fc.string(), uid: fc.string() }),
      spec: fc.oneof(anySpec, fc.jsonValue()),
    });
    fc.assert(
      fc.property(anyTask, validTasks, (broken, valid) => {
        const mixed = { ...valid, spec: { ...valid.spec, ...(broken.spec as object) } } as Task;
        for (const task of [broken as unknown as Task, mixed]) {
          try {
            manifestFor(task);
          } catch (error) {
            expect(error).toBeInstanceOf(TaskError);
            expect((error as TaskError).issues.length).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
