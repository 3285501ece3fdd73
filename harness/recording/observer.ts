/**
 * Watches Jobs, Pods, Tasks and Events and writes their histories into a recording. It is a client like any other: what
 * it sees, and when, is what a client could see.
 */
import { taskLabel } from '../../fabric/task/labels.ts';
import { type Task, tasks } from '../../fabric/task/task.ts';
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { Informer } from '../../kubernetes/informer.ts';
import type { Event, Job, KubernetesObject, Pod } from '../../kubernetes/objects.ts';
import { events, jobs, pods, type ResourceType } from '../../kubernetes/resources.ts';
import type { World } from '../../world/world.ts';
import type { JobHistory, JobState, PodHistory, Recording, TaskHistory, TaskPlan } from './recording.ts';
import { seeJob, seePod, seeTask } from './seen.ts';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export interface ObserverOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly recording: Recording;
  /** Which pods are looked at, by their labels; all when absent. */
  readonly podSelector?: string;
  /** Ends the watches, also those that do not come to be. */
  readonly signal?: AbortSignal;
}

export interface Observer {
  /** The recording stays as it is: what is seen from now on is kept for later. */
  hold(): void;
  /** Writes what was kept, with the instants at which it was seen. */
  goOn(): void;
  /** Ends the watches. */
  stop(): void;
}

/** Resolves when the first lists are in. */
export async function startObserver(options: ObserverOptions): Promise<Observer> {
  const { recording, world } = options;
  let kept: (() => void)[] | undefined;
  const seen = (note: (at: number) => void) => {
    const at = world.clock.now();
    if (kept) kept.push(() => note(at));
    else note(at);
  };
  const { podSelector } = options;
  const informers = [
    observe<Job>(options, jobs, (job, gone) => seen((at) => noteJob(recording, job, at, gone))),
    observe<Pod>(options, pods, (pod, gone) => seen((at) => notePod(recording, pod, at, gone)), podSelector),
    observe<Task>(options, tasks, (task, gone) => seen((at) => noteTask(recording, task, at, gone))),
    observe<Event>(options, events, (event, gone) => {
      if (!gone) seen(() => noteEvent(recording, event));
    }),
  ];
  const stop = () => {
    for (const informer of informers) informer.stop();
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  await Promise.all(informers.map((informer) => informer.start()));
  return {
    hold() {
      kept ??= [];
    },
    goOn() {
      const notes = kept ?? [];
      kept = undefined;
      for (const note of notes) note();
    },
    stop,
  };
}

function observe<T extends KubernetesObject>(
  options: ObserverOptions,
  type: ResourceType,
  note: (object: T, gone: boolean) => void,
  labelSelector?: string,
): Informer<T> {
  const { world, client, namespace } = options;
  const informer = new Informer<T>({
    world,
    client,
    type,
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector,
  });
  informer.on({
    added: (object) => note(object, false),
    updated: (_before, after) => note(after, false),
    deleted: (last) => note(last, true),
  });
  return informer;
}

/** Histories by uid: an observation of weeks has many. */
const byUid = new WeakMap<object, Map<string, { readonly uid: string }>>();

/** The history with that uid; made, and put last, when there is none. */
function historyOf<T extends { readonly uid: string }>(
  histories: T[],
  object: KubernetesObject,
  make: (uid: string) => T,
): T {
  const uid = object.metadata?.uid ?? '';
  let index = byUid.get(histories) as Map<string, T> | undefined;
  if (!index) {
    index = new Map(histories.map((history) => [history.uid, history]));
    byUid.set(histories, index);
  }
  const known = index.get(uid);
  if (known) return known;
  const history = make(uid);
  histories.push(history);
  index.set(uid, history);
  return history;
}

/** A new object that is seen later than this was hidden: the API server, or the way to it, was away. */
const seenLateMs = 2000;

/** When the object was made: as it was seen, or when that was late as it says itself, in whole seconds. */
function madeAt(object: KubernetesObject, at: number): number {
  const said = Date.parse(object.metadata?.creationTimestamp ?? '');
  return at - said > seenLateMs ? said : at;
}

function noteJob(recording: Recording, job: Job, at: number, gone: boolean): void {
  const { metadata } = job;
  seeJob(recording, job);
  const annotations = metadata?.annotations ?? {};
  const scheduled = annotations[scheduledAnnotation];
  const history = historyOf<JobHistory>(recording.jobs, job, (uid) => ({
    uid,
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    task: metadata?.labels?.[taskLabel] ?? '',
    ...(scheduled === undefined ? {} : { scheduledFor: Date.parse(scheduled) }),
    createdAt: madeAt(job, at),
    states: [],
    annotations,
    finalizers: [],
  }));
  history.annotations = annotations;
  history.finalizers = metadata?.finalizers ?? [];
  if (metadata?.deletionTimestamp !== undefined) history.deletionRequestedAt ??= at;
  if (gone) noteRemoval(history, job, at);
  const state = jobState(job, at);
  const before = history.states.at(-1);
  if (!before || !sameState(before, state)) history.states.push(state);
}

/** Of removals that two watches tell, which may lag apart, the versions say which came first. */
function noteRemoval(history: JobHistory | PodHistory, { metadata }: KubernetesObject, at: number): void {
  history.deletedAt = at;
  history.removedAs = Number(metadata?.resourceVersion ?? 0);
}

function jobState(job: Job, at: number): JobState {
  const { status, spec } = job;
  const end = status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
  return {
    at,
    active: status?.active ?? 0,
    succeeded: status?.succeeded ?? 0,
    failed: status?.failed ?? 0,
    suspended: spec?.suspend ?? false,
    ...(end ? { outcome: end.type as 'Complete' | 'Failed' } : {}),
    ...(end?.reason === undefined ? {} : { reason: end.reason }),
    ...(end?.message ? { message: end.message } : {}),
  };
}

function sameState(left: JobState, right: JobState): boolean {
  return JSON.stringify({ ...left, at: 0 }) === JSON.stringify({ ...right, at: 0 });
}

function notePod(recording: Recording, pod: Pod, at: number, gone: boolean): void {
  const { metadata, status } = pod;
  seePod(recording, pod);
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid;
  const history = historyOf<PodHistory>(recording.pods, pod, (uid) => ({
    uid,
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    ...(owner === undefined ? {} : { job: owner }),
    createdAt: madeAt(pod, at),
    phase: 'Pending',
    restarts: 0,
  }));
  const container = status?.containerStatuses?.[0];
  history.phase = status?.phase ?? history.phase;
  history.restarts = container?.restartCount ?? history.restarts;
  const waiting = waitingOf(pod);
  if (waiting) history.waiting = waiting;
  else delete history.waiting;
  const terminated = container?.state?.terminated;
  if (container?.state?.running || terminated) history.runningAt ??= at;
  if (terminated) history.exitCode = terminated.exitCode;
  if (terminated?.finishedAt) history.exitedAt = Date.parse(terminated.finishedAt);
  if (history.phase === 'Succeeded' || history.phase === 'Failed') history.finishedAt ??= at;
  if (gone) noteRemoval(history, pod, at);
}

/** Not placed by the scheduler, or held up on its node. */
function waitingOf({ status }: Pod): PodHistory['waiting'] {
  const placed = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const held = status?.containerStatuses?.[0]?.state?.waiting;
  const reason = held?.reason ?? (placed?.status === 'False' ? placed.reason : undefined);
  if (!reason) return undefined;
  const message = held?.reason ? held.message : placed?.message;
  return { reason, ...(message ? { message } : {}) };
}

function noteTask(recording: Recording, task: Task, at: number, gone: boolean): void {
  seeTask(recording, task);
  const history = historyOf<TaskHistory>(recording.tasks, task, (uid) => ({
    uid,
    name: task.metadata?.name ?? '',
    namespace: task.metadata?.namespace ?? '',
    createdAt: at,
    plans: [],
    states: [],
    conditions: [],
  }));
  const plan = planOf(task, at);
  const before = history.plans.at(-1);
  if (!before || JSON.stringify({ ...before, from: 0 }) !== JSON.stringify({ ...plan, from: 0 }))
    history.plans.push(plan);
  const state = task.status?.state;
  if (state !== undefined && history.states.at(-1)?.state !== state) history.states.push({ at, state });
  history.conditions = task.status?.conditions ?? [];
  if (task.metadata?.deletionTimestamp !== undefined) history.deletionRequestedAt ??= at;
  if (gone) history.deletedAt = at;
}

/** Places of events by uid. */
const places = new WeakMap<object, Map<string, number>>();

/** One entry for each event, the newest version of it: repeats only count up. */
function noteEvent({ events: noted }: Recording, event: Event): void {
  let known = places.get(noted);
  if (!known) {
    known = new Map(noted.map(({ metadata }, place) => [metadata?.uid ?? '', place]));
    places.set(noted, known);
  }
  const uid = event.metadata?.uid ?? '';
  const place = known.get(uid);
  if (place === undefined) known.set(uid, noted.push(event) - 1);
  else noted[place] = event;
}

function planOf(task: Task, from: number): TaskPlan {
  const { spec } = task;
  return {
    from,
    ...(spec?.schedule ? { schedule: spec.schedule } : {}),
    ...(spec?.timeZone === undefined ? {} : { timeZone: spec.timeZone }),
    concurrencyPolicy: spec?.concurrencyPolicy ?? 'Allow',
    ...(spec?.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: spec.startingDeadlineSeconds }),
    suspend: spec?.suspend ?? false,
  };
}
