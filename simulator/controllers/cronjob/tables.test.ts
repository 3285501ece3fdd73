/** The CronJob tables: what the real controller does, case by case (format: semantics 6). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiStatusError, hasReason } from '../../../kubernetes/client.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { jobs as jobsType } from '../../../kubernetes/resources.ts';
import { type ApiError, alreadyExists, conflict, notFound } from '../../apiserver/errors.ts';
import type { CronJobCluster } from './cluster.ts';
import { controllerNameOf } from './jobs-by-controller.ts';
import { latestStart, requeueDelayMs, scheduleOf } from './starts.ts';
import { syncCronJob } from './sync.ts';
import { reactionToUpdate } from './update.ts';

type Nullable<T> = { [Key in keyof T]?: T[Key] | null };

interface ActiveCase {
  name: string;
  uid: string;
}
type CronJobCase = Nullable<{
  name: string;
  namespace: string;
  uid: string;
  creationTimestamp: string;
  deletionTimestamp: string;
  schedule: string;
  timeZone: string;
  concurrencyPolicy: string;
  suspend: boolean;
  startingDeadlineSeconds: number;
  successfulJobsHistoryLimit: number;
  failedJobsHistoryLimit: number;
  lastScheduleTime: string;
  lastSuccessfulTime: string;
  active: ActiveCase[];
}>;
interface JobCase {
  name: string;
  uid: string;
  finished?: '' | 'Complete' | 'Failed';
  startTime?: string | null;
  completionTime?: string | null;
  inCache?: boolean;
  inServer?: boolean;
  owner?: string;
  ownerKind?: string;
}
interface EventCase {
  type: string;
  reason: string;
  message: string;
}
interface SyncCase {
  id: string;
  name: string;
  input: {
    now: string;
    cronJob: CronJobCase;
    jobs: JobCase[];
    liveActive?: ActiveCase[];
    createError?: ErrorCase;
    getError?: ErrorCase;
    deleteError?: ErrorCase;
    statusConflict?: boolean;
  };
  expect: { status: unknown; error: boolean; requeueAfterMs: number | null; [member: string]: unknown };
}
type ErrorCase = 'AlreadyExists' | 'NamespaceTerminating' | 'QuotaExceeded' | 'InternalError' | null;
interface LatestCase {
  earliestTime: string;
  mostRecentTime: string | null;
  missed: string;
  error: boolean;
}
interface RecentCase {
  id: string;
  name: string;
  input: CronJobCase & { now: string };
  expect: {
    error: boolean;
    requeueAfterMs: number | null;
    scheduledTime: string | null;
    tooManyMissedEvent: boolean;
    withDeadline: LatestCase;
    withoutDeadline: LatestCase;
  };
}
interface UpdateCase {
  id: string;
  name: string;
  input: { now: string; old: CronJobCase; new: CronJobCase };
  expect: { immediately: boolean; afterMs: number | null; events: EventCase[] };
}

const path = new URL('../../../fixtures/kubernetes/tables.json', import.meta.url);
const tables = JSON.parse(readFileSync(path, 'utf8')) as {
  cronjobSync: SyncCase[];
  cronjobRecent: RecentCase[];
  cronjobUpdate: UpdateCase[];
};

const unlessNull = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

const activeReferences = (namespace: string, active: readonly ActiveCase[]) =>
  active.map(({ name, uid }) => ({ apiVersion: 'batch/v1', kind: 'Job', namespace, name, uid }));

function cronJobOf(from: CronJobCase): CronJob {
  const namespace = from.namespace ?? 'ns1';
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: from.name ?? 'mycronjob',
      namespace,
      uid: from.uid ?? 'cj-uid',
      creationTimestamp: unlessNull(from.creationTimestamp),
      deletionTimestamp: unlessNull(from.deletionTimestamp),
    },
    spec: {
      schedule: from.schedule ?? '',
      timeZone: unlessNull(from.timeZone),
      concurrencyPolicy: unlessNull(from.concurrencyPolicy),
      suspend: unlessNull(from.suspend),
      startingDeadlineSeconds: unlessNull(from.startingDeadlineSeconds),
      successfulJobsHistoryLimit: unlessNull(from.successfulJobsHistoryLimit),
      failedJobsHistoryLimit: unlessNull(from.failedJobsHistoryLimit),
      jobTemplate: { metadata: { labels: { a: 'b' }, annotations: { x: 'y' } } },
    },
    status: {
      active: activeReferences(namespace, from.active ?? []),
      lastScheduleTime: unlessNull(from.lastScheduleTime),
      lastSuccessfulTime: unlessNull(from.lastSuccessfulTime),
    },
  };
}

function jobOf(from: JobCase, cronJob: CronJob): Job {
  const owner = {
    apiVersion: 'batch/v1',
    kind: from.ownerKind ?? 'CronJob',
    name: cronJob.metadata?.name ?? '',
    uid: from.owner ?? cronJob.metadata?.uid ?? '',
    controller: true,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: from.name,
      namespace: cronJob.metadata?.namespace,
      uid: from.uid,
      ...(from.owner === 'none' ? {} : { ownerReferences: [owner] }),
    },
    status: {
      startTime: unlessNull(from.startTime),
      completionTime: unlessNull(from.completionTime),
      ...(from.finished ? { conditions: [{ type: from.finished, status: 'True' }] } : {}),
    },
  };
}

const refusal = (error: ApiError): ApiStatusError => new ApiStatusError(error.code, error.status);

function errorOf(kind: ErrorCase | undefined, name: string): ApiStatusError | undefined {
  const forbidden = `jobs.batch "${name}" is forbidden:`;
  switch (kind) {
    case 'AlreadyExists':
      return refusal(alreadyExists(jobsType, name));
    case 'NamespaceTerminating': {
      const causes = [{ reason: 'NamespaceTerminating', message: 'being terminated', field: 'metadata.namespace' }];
      return new ApiStatusError(403, { reason: 'Forbidden', message: `${forbidden} ending`, details: { causes } });
    }
    case 'QuotaExceeded': {
      const quota =
        'exceeded quota: q, requested: count/jobs.batch=1, used: count/jobs.batch=5, limited: count/jobs.batch=5';
      return new ApiStatusError(403, { reason: 'Forbidden', message: `${forbidden} ${quota}` });
    }
    case 'InternalError':
      return new ApiStatusError(500, { reason: 'InternalError', message: 'Internal error occurred: boom' });
    default:
      return undefined;
  }
}

/** A server that holds the case's Jobs, refuses as the case says, and writes down what was done. */
class RecordingCluster implements CronJobCluster {
  readonly creates: unknown[] = [];
  readonly deletes: string[] = [];
  readonly events: EventCase[] = [];
  written: CronJob | undefined;
  readonly #input: SyncCase['input'];
  readonly #cronJob: CronJob;
  readonly #jobs: Map<string, Job>;

  constructor(input: SyncCase['input'], cronJob: CronJob) {
    this.#input = input;
    this.#cronJob = cronJob;
    const onServer = input.jobs.filter(({ inServer }) => inServer !== false);
    this.#jobs = new Map(onServer.map((job) => [job.name, jobOf(job, cronJob)]));
  }

  async getCronJob(): Promise<CronJob> {
    const live = structuredClone(this.#cronJob);
    if (this.#input.liveActive)
      live.status = { ...live.status, active: activeReferences('ns1', this.#input.liveActive) };
    return live;
  }

  async getJob(_namespace: string, name: string): Promise<Job> {
    const error = errorOf(this.#input.getError, name);
    if (error) throw error;
    const job = this.#jobs.get(name);
    if (!job) throw refusal(notFound(jobsType, name));
    return job;
  }

  async createJob(job: Job): Promise<Job> {
    const { name = '', labels, annotations, ownerReferences } = job.metadata ?? {};
    const error = errorOf(this.#input.createError, name);
    if (error) throw error;
    if (this.#jobs.has(name)) throw refusal(alreadyExists(jobsType, name));
    this.creates.push({ name, labels, annotations, owner: ownerReferences?.[0] });
    return { ...job, metadata: { ...job.metadata, uid: `uid of ${name}`, resourceVersion: '7' } };
  }

  async deleteJob(_namespace: string, name: string): Promise<void> {
    const error = errorOf(this.#input.deleteError, name);
    if (error) throw error;
    this.deletes.push(name);
  }

  async updateStatus(cronJob: CronJob): Promise<void> {
    if (this.#input.statusConflict) throw refusal(conflict(jobsType, 'mycronjob', 'stale'));
    this.written = cronJob;
  }

  event(_cronJob: CronJob, type: string, reason: string, message: string): void {
    this.events.push({ type, reason, message });
  }
}

async function runSync({ input }: SyncCase): Promise<Record<string, unknown>> {
  const cronJob = cronJobOf(input.cronJob);
  const before = structuredClone(cronJob);
  const cluster = new RecordingCluster(input, cronJob);
  const cached = input.jobs.filter(({ inCache }) => inCache !== false).map((job) => jobOf(job, cronJob));
  const jobs = cached.filter((job) => controllerNameOf(job) === cronJob.metadata?.name);
  const outcome = await syncCronJob(cluster, { cronJob, jobs, nowMs: Date.parse(input.now) }).then(
    (delayMs) => ({ requeueAfterMs: delayMs ?? null, error: false }),
    () => ({ requeueAfterMs: null, error: true }),
  );
  expect(cronJob, 'the cached object is not changed').toEqual(before);
  const { active = [], lastScheduleTime = null, lastSuccessfulTime = null } = (cluster.written ?? cronJob).status ?? {};
  return {
    creates: cluster.creates,
    deletes: cluster.deletes,
    events: cluster.events,
    ...outcome,
    statusUpdated: cluster.written !== undefined,
    status: { active: active.map(({ name }) => name), lastScheduleTime, lastSuccessfulTime },
  };
}

describe('one sync', () => {
  it.each(tables.cronjobSync)('$id: $name', async (test) => {
    expect(await runSync(test)).toEqual(test.expect);
  });
});

const timeOf = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : new Date(epochMs).toISOString().replace(/\.?0*Z$/, 'Z');

describe('the latest unmet start', () => {
  it.each(tables.cronjobRecent)('$id: $name', async (test) => {
    const cronJob = cronJobOf(test.input);
    const nowMs = Date.parse(test.input.now);
    const schedule = scheduleOf(cronJob);
    const latest = (withDeadline: boolean): LatestCase => {
      const start = latestStart(cronJob, schedule, nowMs, { withDeadline });
      return {
        earliestTime: timeOf(start.earliestAt) ?? '',
        mostRecentTime: start.found ? timeOf(start.latestAt) : null,
        missed: start.found ? start.missed : 'none',
        error: !start.found,
      };
    };
    const { expect: expected } = test;
    expect(latest(true)).toEqual(expected.withDeadline);
    expect(latest(false)).toEqual(expected.withoutDeadline);
    if (!expected.error) expect(requeueDelayMs(cronJob, schedule, nowMs)).toBe(expected.requeueAfterMs);
    const cluster = new RecordingCluster({ now: test.input.now, cronJob: test.input, jobs: [] }, cronJob);
    const delayMs = await syncCronJob(cluster, { cronJob, jobs: [], nowMs });
    expect(delayMs ?? null).toBe(expected.requeueAfterMs);
    expect(cluster.written?.status?.lastScheduleTime ?? null).toBe(expected.scheduledTime);
    expect(cluster.events.some(({ reason }) => reason === 'TooManyMissedTimes')).toBe(expected.tooManyMissedEvent);
  });
});

describe('a change of the CronJob', () => {
  it.each(tables.cronjobUpdate)('$id: $name', ({ input, expect: expected }) => {
    const reaction = reactionToUpdate(cronJobOf(input.old), cronJobOf(input.new), Date.parse(input.now));
    const events =
      reaction.kind === 'unparseable' ? [{ type: 'Warning', reason: reaction.reason, message: reaction.message }] : [];
    expect({
      immediately: reaction.kind === 'sync now',
      afterMs: reaction.kind === 'sync later' ? reaction.afterMs : null,
      events,
    }).toEqual(expected);
  });
});

describe('what the server refuses', () => {
  it('makes the sync fail with the refusal itself', async () => {
    const input = tables.cronjobSync.find(({ input }) => input.createError === 'QuotaExceeded')?.input;
    if (!input) throw new Error('the tables have no case with a quota');
    const cronJob = cronJobOf(input.cronJob);
    const sync = syncCronJob(new RecordingCluster(input, cronJob), { cronJob, jobs: [], nowMs: Date.parse(input.now) });
    await expect(sync).rejects.toSatisfy((error) => hasReason(error, 'Forbidden'));
  });
});
