/**
 * One case of the list jobSync of fixtures/kubernetes/tables.json, run against an API server that records what is asked
 * of it. Format and conventions: semantics 6.
 */
import { ApiStatusError, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { ContainerStatus, Job, JobSpec, JobStatus, KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import type { Clock } from '../../../world/clock.ts';
import { type BackoffRecord, noFailures } from './backoff.ts';
import { Expectations, ReleaseExpectations } from './expectations.ts';
import {
  completionIndexKey,
  completionIndexOf,
  failureCountKey,
  ignoredFailureCountKey,
  needsSync,
  timeText,
  trackingFinalizer,
} from './facts.ts';
import { PodControl } from './pod-control.ts';
import { controllerReference } from './pod-template.ts';
import { syncJob } from './sync.ts';

interface PodCase {
  readonly name: string;
  readonly phase: string;
  readonly ready?: boolean;
  readonly index?: number;
  readonly deleting?: boolean;
  readonly finalizer?: boolean;
  readonly exitCode?: number;
  readonly container?: string;
  readonly finishedAt?: string;
  readonly restartCount?: number;
  readonly initRestartCount?: number;
  readonly initExitCode?: number;
  readonly conditions?: { type: string; status: string }[];
  readonly failureCount?: number;
  readonly ignoredCount?: number;
  readonly creationTimestamp?: string;
  readonly scheduled?: boolean;
}

export interface SyncCase {
  readonly id: string;
  readonly name: string;
  readonly input: {
    readonly now: string;
    readonly spec: Partial<JobSpec>;
    readonly restartPolicy?: string;
    readonly status?: JobStatus;
    readonly deleting?: boolean;
    readonly pods: PodCase[];
    readonly backoff?: { failures: number; lastFailureTime: string };
    readonly pendingCreations?: number;
    readonly pendingDeletions?: number;
    readonly createLimit?: number;
    readonly podError?: string;
    readonly statusConflict?: boolean;
  };
  readonly expect: { readonly status: JobStatus; readonly statusWrites: JobStatus[]; readonly createAttempts?: number };
}

const jobLabels = { 'batch.kubernetes.io/controller-uid': 'job-uid' };
const quietReasons = new Set(['SuccessfulCreate', 'SuccessfulDelete', 'FailedCreate', 'FailedDelete']);

/** Runs the sync of a case; the facts have the form of the case's `expect`. */
export async function runSync(
  input: SyncCase['input'],
): Promise<{ facts: Record<string, unknown>; createAttempts: number }> {
  const now = Date.parse(input.now);
  const job = jobOf(input);
  const server = new RecordingServer(input, job);
  const clock = { now: () => now } as Clock;
  const expectations = new Expectations(clock);
  expectations.expect('ns/job', input.pendingCreations ?? 0, input.pendingDeletions ?? 0);
  const expectationsMet = expectations.met('ns/job');
  const releases = new ReleaseExpectations();
  const pods = new PodControl({ client: server.client(), events: server, expectations, releases });
  let backoff: BackoffRecord | undefined = input.backoff && {
    failures: input.backoff.failures,
    lastFailureAt: Date.parse(input.backoff.lastFailureTime),
  };
  const requeueAfterMs: number[] = [];
  let error = false;
  if (needsSync(job)) {
    const sighting = {
      now,
      job,
      pods: input.pods.map((pod) => podOf(pod, job, now)),
      releasedPods: new Set<string>(),
      backoff: backoff ?? noFailures,
      expectationsMet,
    };
    await syncJob(sighting, {
      pods,
      events: server,
      writeStatus: (written) => server.writeStatus(written),
      requeueAfter: (delayMs) => requeueAfterMs.push(delayMs),
      keepBackoff: (record) => {
        backoff = record;
      },
      markFinished: () => {},
    }).catch(() => {
      error = true;
    });
  }
  const facts = {
    ...server.facts(),
    error,
    requeueAfterMs,
    ...(backoff ? { backoffAfter: backoffFacts(backoff) } : {}),
  };
  return { facts, createAttempts: server.createAttempts };
}

/** The same with lists whose order is free, sorted. */
export function sortedLists(facts: Record<string, unknown>): unknown {
  return sortLists(facts, '');
}

const freeLists = new Set(['deletedPods', 'finalizersRemoved', 'succeeded', 'failed']);

function sortLists(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sortLists(item, ''));
    return freeLists.has(key) ? [...new Set(items)].sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sortLists(member, name)]));
}

class RecordingServer {
  readonly #input: SyncCase['input'];
  readonly #created: Pod[] = [];
  readonly #deleted: string[] = [];
  readonly #released: string[] = [];
  readonly #statusWrites: JobStatus[] = [];
  readonly #events: { type: string; reason: string; message: string }[] = [];
  #status: JobStatus;
  createAttempts = 0;

  constructor(input: SyncCase['input'], job: Job) {
    this.#input = input;
    this.#status = job.status ?? {};
  }

  client(): KubernetesClient {
    const client: Partial<KubernetesClient> = {
      create: async (_type, _namespace, object) => {
        this.createAttempts += 1;
        if (this.#created.length >= (this.#input.createLimit ?? Number.POSITIVE_INFINITY))
          throw refusal('no more pods');
        this.#refusePodCalls();
        this.#created.push(object as Pod);
        return object;
      },
      delete: async (_type, _namespace, name) => {
        this.#refusePodCalls();
        this.#deleted.push(name);
      },
      patch: async <T>(_type: unknown, _namespace: unknown, name: string) => {
        this.#refusePodCalls();
        this.#released.push(name);
        return {} as T;
      },
    };
    return client as KubernetesClient;
  }

  async writeStatus(job: Job): Promise<Job> {
    if (this.#input.statusConflict) throw refusal('the object has been modified');
    this.#status = job.status ?? {};
    this.#statusWrites.push(structuredClone(this.#status));
    return job;
  }

  event(_object: KubernetesObject, type: string, reason: string, message: string): void {
    if (!quietReasons.has(reason)) this.#events.push({ message, reason, type });
  }

  facts(): Record<string, unknown> {
    return {
      creates: this.#created.length,
      createdPods: this.#created.map(createdFacts),
      deletedPods: this.#deleted,
      finalizersRemoved: this.#released,
      statusWrites: this.#statusWrites.map(statusFacts),
      status: statusFacts(this.#status),
      events: this.#events,
    };
  }

  #refusePodCalls(): void {
    if (this.#input.podError !== undefined) throw refusal(this.#input.podError);
  }
}

function refusal(message: string): ApiStatusError {
  return new ApiStatusError(500, { message, reason: 'InternalError' });
}

function jobOf(input: SyncCase['input']): Job {
  const { completions, parallelism, ...spec } = input.spec;
  const template = {
    metadata: { labels: jobLabels },
    spec: { restartPolicy: input.restartPolicy ?? 'Never', containers: [{ name: 'main', image: 'main' }] },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'job',
      namespace: 'ns',
      uid: 'job-uid',
      ...(input.deleting ? { deletionTimestamp: input.now } : {}),
    },
    spec: {
      ...spec,
      // Defaults of the API server, semantics 3.1.
      ...(completions === undefined && parallelism === undefined ? { completions: 1 } : { completions }),
      parallelism: parallelism ?? 1,
      selector: { matchLabels: jobLabels },
      template,
    },
    status: { ...input.status },
  };
}

function podOf(pod: PodCase, job: Job, now: number): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace: 'ns',
      uid: pod.name,
      labels: jobLabels,
      annotations: {
        ...annotation(completionIndexKey, pod.index),
        ...annotation(failureCountKey, pod.failureCount),
        ...annotation(ignoredFailureCountKey, pod.ignoredCount),
      },
      ownerReferences: [controllerReference(job)],
      creationTimestamp: pod.creationTimestamp ?? timeText(now - 3_600_000),
      ...(pod.finalizer === false ? {} : { finalizers: [trackingFinalizer] }),
      ...(pod.deleting ? { deletionTimestamp: timeText(now) } : {}),
    },
    spec: { containers: [{ name: 'main' }], ...(pod.scheduled ? { nodeName: 'node' } : {}) },
    status: {
      phase: pod.phase,
      conditions: [...(pod.ready ? [{ type: 'Ready', status: 'True' }] : []), ...(pod.conditions ?? [])],
      containerStatuses: containerStatuses(pod, now),
      initContainerStatuses: initContainerStatuses(pod, now),
    },
  };
}

function containerStatuses(pod: PodCase, now: number): ContainerStatus[] {
  const exitCode = pod.exitCode ?? (pod.phase === 'Failed' ? 1 : pod.phase === 'Succeeded' ? 0 : undefined);
  if (exitCode === undefined && pod.restartCount === undefined) return [];
  return [containerStatus(pod.container ?? 'main', exitCode, pod.restartCount, pod.finishedAt ?? timeText(now))];
}

function initContainerStatuses(pod: PodCase, now: number): ContainerStatus[] {
  if (pod.initExitCode === undefined && pod.initRestartCount === undefined) return [];
  return [containerStatus('init', pod.initExitCode, pod.initRestartCount, timeText(now))];
}

function containerStatus(
  name: string,
  exitCode: number | undefined,
  restartCount = 0,
  finishedAt = '',
): ContainerStatus {
  const state = exitCode === undefined ? { running: {} } : { terminated: { exitCode, finishedAt } };
  return { name, image: 'main', imageID: 'main', ready: false, restartCount, state };
}

function annotation(key: string, value: number | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: String(value) };
}

function createdFacts(pod: Pod): Record<string, unknown> {
  const { generateName, annotations } = pod.metadata ?? {};
  const index = completionIndexOf(pod);
  const counts = [failureCountKey, ignoredFailureCountKey].flatMap((key) => {
    const value = annotations?.[key];
    return value === undefined ? [] : [[key.slice('batch.kubernetes.io/'.length), value]];
  });
  return {
    generateName,
    ...(index === undefined ? {} : { index, hostname: pod.spec?.hostname }),
    ...Object.fromEntries(counts),
  };
}

function statusFacts(status: JobStatus): Record<string, unknown> {
  const conditions = status.conditions?.map(({ lastProbeTime: _, ...condition }) => condition);
  return { ...status, ...(conditions ? { conditions } : {}) };
}

function backoffFacts(record: BackoffRecord): Record<string, unknown> {
  const { failures, lastFailureAt } = record;
  return { failures, lastFailureTime: lastFailureAt === undefined ? null : timeText(lastFailureAt) };
}
