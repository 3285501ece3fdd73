/**
 * One sync of a CronJob: clean up its history, keep its books, start what is due. Decisions come from the pure
 * functions beside this file; here they are put in upstream's order, with the live reads and writes between them.
 * Source: Kubernetes' CronJob controller version 2 (semantics 2.5, whose step numbers are used below).
 */
import { quote } from '../../../cron/go-text.ts';
import { type Schedule, ScheduleError } from '../../../cron/schedule.ts';
import { loadZone, UnknownZoneError } from '../../../cron/zone.ts';
import { hasReason } from '../../../kubernetes/client.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { addActive, hasActive, removeActive, withOwnStatus } from './active.ts';
import { type CronJobCluster, type EventType, isNamespaceTerminating, messageOf } from './cluster.ts';
import { finishedCondition, jobsBeyondLimits } from './history.ts';
import { jobFor, jobName } from './job.ts';
import { latestStart, type Missed, requeueDelayMs, scheduleOf } from './starts.ts';

export interface SyncInput {
  /** As the cache has it; not changed. */
  readonly cronJob: CronJob;
  /** Those in the cache whose controller has the CronJob's name. */
  readonly jobs: readonly Job[];
  readonly nowMs: number;
}

/**
 * Runs one sync. Resolves with the delay after which to look again, undefined for none; rejects with what made the sync
 * fail, after the status was written all the same.
 */
export async function syncCronJob(cluster: CronJobCluster, input: SyncInput): Promise<number | undefined> {
  const copy = withOwnStatus(input.cronJob);
  const sync = new Sync(cluster, copy, input);
  let outcome: { readonly delayMs: number | undefined } | { readonly error: unknown };
  await sync.cleanUp();
  try {
    outcome = { delayMs: await sync.run() };
  } catch (error) {
    outcome = { error };
  }
  // The copy is written, whatever the decisions looked at: a stale one conflicts, after the Job was created.
  if (sync.statusChanged) await cluster.updateStatus(copy);
  if ('error' in outcome) throw outcome.error;
  return outcome.delayMs;
}

class Sync {
  readonly #cluster: CronJobCluster;
  readonly #jobs: readonly Job[];
  readonly #nowMs: number;
  /** What the decisions look at: the copy that will be written, or a fresher one (step 2). */
  #cronJob: CronJob;
  statusChanged = false;

  constructor(cluster: CronJobCluster, copy: CronJob, input: SyncInput) {
    this.#cluster = cluster;
    this.#cronJob = copy;
    this.#jobs = input.jobs;
    this.#nowMs = input.nowMs;
  }

  /** Step 1. A Job that cannot be deleted stays for another time. */
  async cleanUp(): Promise<void> {
    for (const job of jobsBeyondLimits(this.#cronJob, this.#jobs)) {
      await this.#delete(job).catch(() => undefined);
    }
  }

  async run(): Promise<number | undefined> {
    for (const job of this.#jobs) await this.#account(job);
    await this.#findMissing();
    const { metadata, spec } = this.#cronJob;
    if (metadata?.deletionTimestamp !== undefined || !this.#hasKnownZone() || spec?.suspend) return undefined;
    const schedule = this.#schedule();
    if (!schedule) return undefined;
    const latest = latestStart(this.#cronJob, schedule, this.#nowMs, { withDeadline: true });
    if (!latest.found) {
      this.#warn('InvalidSchedule', `invalid schedule: ${spec?.schedule ?? ''} : ${latest.reason}`);
      return undefined;
    }
    if (latest.latestAt !== undefined) await this.#meet(latest.latestAt, latest.missed);
    return requeueDelayMs(this.#cronJob, schedule, this.#nowMs);
  }

  /** Steps 8 to 14, for the latest slot that was not met yet. */
  async #meet(scheduledAt: number, missed: Missed): Promise<void> {
    if (missed === 'many') {
      this.#warn(
        'TooManyMissedTimes',
        'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
      );
    }
    if (this.#mayStart(scheduledAt)) await this.#start(scheduledAt);
  }

  /** Step 2. */
  async #account(job: Job): Promise<void> {
    const uid = job.metadata?.uid;
    const active = hasActive(this.#cronJob, uid);
    const condition = finishedCondition(job);
    if (!active && !condition) {
      const { namespace = '', name = '' } = this.#cronJob.metadata ?? {};
      const live = await this.#cluster.getCronJob(namespace, name);
      if (hasActive(live, uid)) {
        this.#cronJob = withOwnStatus(live);
        return;
      }
      this.#warn(
        'UnexpectedJob',
        `Saw a job that the controller did not create or forgot: ${job.metadata?.name ?? ''}`,
      );
    } else if (active && condition) {
      removeActive(this.#cronJob, uid);
      this.#tell('SawCompletedJob', `Saw completed job: ${job.metadata?.name ?? ''}, condition: ${condition}`);
      this.statusChanged = true;
    }
    if (condition === 'Complete') this.#noteSuccess(job);
  }

  #noteSuccess(job: Job): void {
    const completedAt = job.status?.completionTime;
    const { lastSuccessfulTime } = this.#cronJob.status ?? {};
    const later =
      completedAt !== undefined &&
      lastSuccessfulTime !== undefined &&
      Date.parse(completedAt) > Date.parse(lastSuccessfulTime);
    if (lastSuccessfulTime !== undefined && !later) return;
    if (completedAt !== undefined) this.#cronJob.status = { ...this.#cronJob.status, lastSuccessfulTime: completedAt };
    this.statusChanged = true;
  }

  /** Step 3: Jobs in the list of running ones that the cache does not have. */
  async #findMissing(): Promise<void> {
    const cached = new Set(this.#jobs.map((job) => job.metadata?.uid));
    for (const { uid, name = '', namespace = '' } of [...(this.#cronJob.status?.active ?? [])]) {
      if (cached.has(uid)) continue;
      try {
        await this.#cluster.getJob(namespace, name);
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error;
        this.#tell('MissingJob', `Active job went missing: ${name}`);
        removeActive(this.#cronJob, uid);
        this.statusChanged = true;
      }
    }
  }

  /** Step 5. */
  #hasKnownZone(): boolean {
    const { timeZone } = this.#cronJob.spec ?? {};
    if (timeZone === undefined) return true;
    try {
      loadZone(timeZone);
      return true;
    } catch (error) {
      if (!(error instanceof UnknownZoneError)) throw error;
      this.#warn('UnknownTimeZone', `invalid timeZone: ${quote(timeZone)}: ${error.message}`);
      return false;
    }
  }

  /** Step 7. */
  #schedule(): Schedule | undefined {
    const text = this.#cronJob.spec?.schedule ?? '';
    if (text.includes('TZ')) {
      const seeAlso = 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';
      this.#warn(
        'UnsupportedSchedule',
        `CRON_TZ or TZ used in schedule ${quote(text)} is not officially supported, see ${seeAlso}`,
      );
    }
    try {
      return scheduleOf(this.#cronJob);
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      this.#warn('UnparseableSchedule', `unparseable schedule: ${quote(text)} : ${error.message}`);
      return undefined;
    }
  }

  /** Steps 10 and 11. Step 9, too late for the deadline, cannot happen: step 8 has left such times out. */
  #mayStart(scheduledAt: number): boolean {
    const { concurrencyPolicy } = this.#cronJob.spec ?? {};
    const { active = [], lastScheduleTime } = this.#cronJob.status ?? {};
    const name = jobName(this.#cronJob, scheduledAt);
    if (active.some((reference) => reference.name === name)) return false;
    if (lastScheduleTime !== undefined && Date.parse(lastScheduleTime) === scheduledAt) return false;
    if (concurrencyPolicy !== 'Forbid' || active.length === 0) return true;
    // The slot stays open: it starts late, as soon as the old run has ended.
    const why = 'prior execution is running and concurrency policy is Forbid';
    this.#tell('JobAlreadyActive', `Not starting job because ${why}`);
    return false;
  }

  /** Steps 12 to 14. */
  async #start(scheduledAt: number): Promise<void> {
    if (this.#cronJob.spec?.concurrencyPolicy === 'Replace') await this.#replaceActive();
    const job = await this.#create(jobFor(this.#cronJob, scheduledAt));
    this.#tell('SuccessfulCreate', `Created job ${job.metadata?.name ?? ''}`);
    addActive(this.#cronJob, job, scheduledAt);
    this.statusChanged = true;
  }

  async #replaceActive(): Promise<void> {
    for (const { name = '', namespace = '' } of [...(this.#cronJob.status?.active ?? [])]) {
      let job: Job;
      try {
        job = await this.#cluster.getJob(namespace, name);
      } catch (error) {
        this.#warn('FailedGet', `Get job: ${messageOf(error)}`);
        throw error;
      }
      await this.#delete(job);
    }
  }

  /**
   * When the name is taken, upstream means to read that Job and to adopt it; but 1.36 sends that read without a
   * namespace, gets 404, and the sync fails until the next slot has another name. So there is nothing to read here.
   */
  async #create(job: Job): Promise<Job> {
    try {
      return await this.#cluster.createJob(job);
    } catch (error) {
      const silent = isNamespaceTerminating(error) || hasReason(error, 'AlreadyExists');
      if (!silent) this.#warn('FailedCreate', `Error creating job: ${messageOf(error)}`);
      throw error;
    }
  }

  async #delete(job: Job): Promise<void> {
    const { namespace = '', name = '', uid } = job.metadata ?? {};
    try {
      await this.#cluster.deleteJob(namespace, name);
    } catch (error) {
      this.#warn('FailedDelete', `Deleted job: ${messageOf(error)}`);
      throw error;
    }
    removeActive(this.#cronJob, uid);
    this.#tell('SuccessfulDelete', `Deleted job ${name}`);
    this.statusChanged = true;
  }

  #tell(reason: string, message: string): void {
    this.#event('Normal', reason, message);
  }

  #warn(reason: string, message: string): void {
    this.#event('Warning', reason, message);
  }

  #event(type: EventType, reason: string, message: string): void {
    this.#cluster.event(this.#cronJob, type, reason, message);
  }
}
