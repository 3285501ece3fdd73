/** The observer writes histories from what a client sees: transitions, deletions, changes of plan. */
import { beforeEach, describe, expect, test } from 'vitest';
import { taskLabel } from '../../fabric/task/labels.ts';
import { tasks } from '../../fabric/task/task.ts';
import type { KubernetesClient, WatchHandle } from '../../kubernetes/client.ts';
import type { KubernetesObject, WatchEvent } from '../../kubernetes/objects.ts';
import { events, jobs, pods, type ResourceType } from '../../kubernetes/resources.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { type Observer, startObserver } from './observer.ts';
import { emptyRecording, endOf, jobsOf, podsOf, type Recording } from './recording.ts';

const startAt = Date.UTC(2026, 0, 1);

/** Serves empty lists, then whatever the test tells to each kind's watch. */
class FakeClient {
  readonly #watches = new Map<string, (event: WatchEvent<KubernetesObject>) => void>();
  listed: Partial<Record<string, KubernetesObject[]>> = {};
  #version = 1;

  list(type: ResourceType) {
    return Promise.resolve({ metadata: { resourceVersion: '1' }, items: this.listed[type.plural] ?? [] });
  }

  watch(
    type: ResourceType,
    _options: object,
    onEvent: (event: WatchEvent<KubernetesObject>) => void,
  ): Promise<WatchHandle> {
    this.#watches.set(type.plural, onEvent);
    return Promise.resolve({ ended: new Promise(() => undefined), stop: () => undefined });
  }

  tell(type: ResourceType, kind: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.#watches.get(type.plural)?.({ type: kind, object: { ...object, metadata } });
  }
}

let simulation: Simulation;
let client: FakeClient;
let recording: Recording;

async function observe(): Promise<Observer> {
  const world = simulation.process('harness');
  const options = { world, client: client as unknown as KubernetesClient, namespace: 'fabric', recording };
  return simulation.run(startObserver(options));
}

/** Tells it, a second after what was told before. */
async function told(...[type, kind, object]: Parameters<FakeClient['tell']>): Promise<number> {
  await simulation.advance(1000);
  client.tell(type, kind, object);
  await simulation.settle();
  return simulation.now();
}

beforeEach(() => {
  simulation = new Simulation({ seed: 1, startAt });
  client = new FakeClient();
  recording = emptyRecording(startAt);
});

const named = (name: string, more: object = {}) => ({ name, namespace: 'fabric', uid: `uid-${name}`, ...more });

function job(status: object, metadata: object = {}): KubernetesObject {
  const own = {
    labels: { [taskLabel]: 'task' },
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:01:00Z' },
    ...metadata,
  };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: named('task-1', own), spec: {}, status } as KubernetesObject;
}

describe('a Job', () => {
  test('has a state for each change, and none for what did not change', async () => {
    await observe();
    const created = await told(jobs, 'ADDED', job({}));
    const active = await told(jobs, 'MODIFIED', job({ active: 1 }));
    await told(jobs, 'MODIFIED', job({ active: 1 }, { annotations: { seen: 'yes' } }));
    const condition = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' };
    const ended = await told(jobs, 'MODIFIED', job({ failed: 1, conditions: [condition] }));
    const [history] = jobsOf(recording, 'task');
    expect(history).toMatchObject({ createdAt: created, scheduledFor: startAt + 60_000, name: 'task-1' });
    expect(history?.states.map(({ at, active: pods, failed }) => [at, pods, failed])).toEqual([
      [created, 0, 0],
      [active, 1, 0],
      [ended, 0, 1],
    ]);
    expect(history && endOf(history)).toMatchObject({ outcome: 'Failed', reason: 'BackoffLimitExceeded' });
  });

  test('that is told to go, and goes', async () => {
    await observe();
    await told(jobs, 'ADDED', job({}));
    const leaving = job({}, { deletionTimestamp: '2026-01-01T00:00:02Z', finalizers: ['kept'] });
    const requested = await told(jobs, 'MODIFIED', leaving);
    await told(jobs, 'MODIFIED', leaving);
    const gone = await told(jobs, 'DELETED', leaving);
    expect(recording.jobs).toHaveLength(1);
    expect(recording.jobs[0]).toMatchObject({ deletionRequestedAt: requested, deletedAt: gone, finalizers: ['kept'] });
  });

  test('of the same name again is another one', async () => {
    await observe();
    await told(jobs, 'ADDED', job({}));
    await told(jobs, 'DELETED', job({}));
    await told(jobs, 'ADDED', job({}, { uid: 'uid-again' }));
    expect(recording.jobs.map(({ uid }) => uid)).toEqual(['uid-task-1', 'uid-again']);
    expect(recording.jobs[1]?.deletedAt).toBeUndefined();
  });

  test('that was there before is seen as the observer starts', async () => {
    client.listed = { jobs: [job({ active: 1 })] };
    await observe();
    expect(recording.jobs[0]).toMatchObject({ createdAt: simulation.now(), states: [{ active: 1 }] });
  });
});

test('a Pod: from waiting through running to its exit code', async () => {
  const pod = (status: object): KubernetesObject => {
    const owner = { kind: 'Job', uid: 'uid-task-1', name: 'task-1', apiVersion: 'batch/v1' };
    return { metadata: named('task-1-x', { ownerReferences: [owner] }), status } as KubernetesObject;
  };
  await observe();
  const created = await told(pods, 'ADDED', pod({ phase: 'Pending' }));
  const running = await told(
    pods,
    'MODIFIED',
    pod({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] }),
  );
  const restarted = { restartCount: 2, state: { terminated: { exitCode: 3 } } };
  const ended = await told(pods, 'MODIFIED', pod({ phase: 'Failed', containerStatuses: [restarted] }));
  await told(pods, 'MODIFIED', pod({ phase: 'Failed', containerStatuses: [restarted] }));
  const gone = await told(pods, 'DELETED', pod({ phase: 'Failed', containerStatuses: [restarted] }));
  await told(jobs, 'ADDED', job({}));
  const [history] = recording.jobs.flatMap((owner) => podsOf(recording, owner));
  expect(history).toEqual({
    uid: 'uid-task-1-x',
    name: 'task-1-x',
    namespace: 'fabric',
    job: 'uid-task-1',
    createdAt: created,
    runningAt: running,
    finishedAt: ended,
    deletedAt: gone,
    removedAs: 6,
    phase: 'Failed',
    exitCode: 3,
    restarts: 2,
  });
});

describe('a Task', () => {
  const task = (spec: object, status: object = {}, metadata: object = {}): KubernetesObject =>
    ({ metadata: named('task', metadata), spec, status }) as KubernetesObject;

  test('has a plan for each change of what decides about starts, and for nothing else', async () => {
    await observe();
    const first = await told(tasks, 'ADDED', task({ schedule: '* * * * *', payload: 'a' }));
    await told(tasks, 'MODIFIED', task({ schedule: '* * * * *', payload: 'b' }));
    const second = await told(tasks, 'MODIFIED', task({ schedule: '* * * * *', suspend: true }));
    const third = await told(
      tasks,
      'MODIFIED',
      task({ schedule: '@daily', timeZone: 'Europe/Berlin', startingDeadlineSeconds: 5, concurrencyPolicy: 'Forbid' }),
    );
    expect(recording.tasks[0]?.plans).toEqual([
      { from: first, schedule: '* * * * *', concurrencyPolicy: 'Allow', suspend: false },
      { from: second, schedule: '* * * * *', concurrencyPolicy: 'Allow', suspend: true },
      {
        from: third,
        schedule: '@daily',
        timeZone: 'Europe/Berlin',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 5,
        suspend: false,
      },
    ]);
  });

  test('has its states, its latest conditions, and its end', async () => {
    await observe();
    await told(tasks, 'ADDED', task({}));
    const active = await told(tasks, 'MODIFIED', task({}, { state: 'ACTIVE' }));
    await told(tasks, 'MODIFIED', task({}, { state: 'ACTIVE', conditions: [{ type: 'Ready', status: 'True' }] }));
    const leaving = task({}, {}, { deletionTimestamp: '2026-01-01T00:00:04Z' });
    const requested = await told(tasks, 'MODIFIED', leaving);
    const gone = await told(tasks, 'DELETED', leaving);
    expect(recording.tasks[0]).toMatchObject({
      states: [{ at: active, state: 'ACTIVE' }],
      conditions: [],
      deletionRequestedAt: requested,
      deletedAt: gone,
    });
  });
});

test('while it is held nothing is written; then all is, with the instants at which it was seen', async () => {
  const observer = await observe();
  const job = (status: object) => ({ metadata: named('run'), status }) as KubernetesObject;
  const first = await told(jobs, 'ADDED', job({ active: 1 }));
  observer.hold();
  const second = await told(jobs, 'MODIFIED', job({ succeeded: 1 }));
  const third = await told(jobs, 'DELETED', job({ succeeded: 1 }));
  expect(recording.jobs[0]).toMatchObject({ states: [{ at: first, active: 1 }] });
  expect(recording.jobs[0]?.deletedAt).toBeUndefined();
  observer.goOn();
  expect(recording.jobs[0]).toMatchObject({ states: [{ at: first }, { at: second, succeeded: 1 }], deletedAt: third });
  const fourth = await told(jobs, 'ADDED', { ...job({}), metadata: named('other') });
  expect(recording.jobs[1]).toMatchObject({ createdAt: fourth });
});

test('an Event that repeats is one event, its newest version; one that expires stays', async () => {
  const event = (name: string, count: number) => ({ metadata: named(name), reason: name, count }) as KubernetesObject;
  await observe();
  await told(events, 'ADDED', event('Started', 1));
  await told(events, 'ADDED', event('Killed', 1));
  await told(events, 'MODIFIED', event('Started', 2));
  await told(events, 'DELETED', event('Started', 2));
  expect(recording.events.map(({ reason, count }) => [reason, count])).toEqual([
    ['Started', 2],
    ['Killed', 1],
  ]);
});
