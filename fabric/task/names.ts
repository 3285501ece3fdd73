/**
 * Names and their limits: the gateway's rule for Task names, the names of Jobs, CronJobs, runs and log folders.
 *
 * A one-time Task and its Job have one name, a schedule and its CronJob another one; the runs are named by Kubernetes,
 * `<cronjob>-<scheduled minute>` (semantics 2.7). The CronJob controller takes every Job whose controller is *called*
 * like the CronJob for its own (semantics 2.5), so a CronJob must never be called like a Task that owns Jobs: names of
 * Tasks are unique in a namespace, and a scheduled Task owns no Jobs. A one-time Task called like a run would take that
 * run's place: refused.
 */
import { createHash } from 'node:crypto';

/** A Job's name becomes a label value (semantics 3.2). */
const jobNameLengthMax = 63;
/** 11 characters are kept for `-` and the minute (semantics 2.2). */
const scheduleNameLengthMax = 52;
const labelValueLengthMax = 63;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * The gateway's name for a Task: project, `-`, given name; lower case, other characters than letters, digits and `-`
 * become `-`, runs of `-` collapse, ends are trimmed; past 52 characters it is cut and a hash of the whole is appended
 * (contract 3.5.1). Different names can give the same one: whoever creates a Task has to refuse that.
 */
export function taskNameFor(project: string, givenName: string): string {
  const raw = `${project}-${givenName}`;
  const name = raw
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
  if (name.length <= scheduleNameLengthMax) return name;
  return `${name.slice(0, scheduleNameLengthMax - 9).replace(/-$/, '')}-${digest(raw)}`;
}

/** Faults of a Task's own name, which the mapping takes as it is. */
export function nameFault(name: string, scheduled: boolean): string | undefined {
  const limit = scheduled ? scheduleNameLengthMax : jobNameLengthMax;
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    return `${JSON.stringify(name)} is not a DNS label: use lower case letters, digits and "-", with a letter or digit at both ends`;
  }
  if (name.length > limit) {
    return scheduled
      ? `${JSON.stringify(name)} has ${name.length} characters, and a schedule's name at most ${limit}: Kubernetes appends the minute of each run`
      : `${JSON.stringify(name)} has ${name.length} characters, and a Task's name at most ${limit}: it is the name of its Job`;
  }
  if (!scheduled && isRunName(name)) {
    return `${JSON.stringify(name)} is what the run of a schedule would be called, and would take its place: choose a name that does not end in a minute since 1970`;
  }
  return undefined;
}

/**
 * The first minute that a run can be named by here: nothing was scheduled before 2018. Dates such as 20260101 lie
 * below.
 */
const firstRunMinute = Date.UTC(2018, 0, 1) / 60_000;

/** True for `<name>-<minutes since 1970>` with a minute from 2018 on. */
export function isRunName(name: string): boolean {
  const minute = /-([1-9][0-9]{7,9})$/.exec(name)?.[1];
  return minute !== undefined && Number(minute) >= firstRunMinute;
}

/** What the CronJob controller calls the run of `scheduledAt` (epoch ms). */
export function runName(cronJobName: string, scheduledAt: number): string {
  return `${cronJobName}-${Math.floor(scheduledAt / 60_000)}`;
}

/** Folder of a one-time Task's log: its name and the minute in which its Job was made (epoch ms). */
export function onceLogFolder(jobName: string, createdAt: number): string {
  return `${jobName}-${Math.floor(createdAt / 60_000)}`;
}

/** Where the log of a run stands in managed content. */
export function logKey(folder: string): string {
  return `tasks/${folder}/log.txt`;
}

/**
 * A label value for any text: the text itself if it is one, else its legal characters and a hash of it, so that
 * different texts keep different values. Empty for an empty text.
 */
export function labelValue(text: string): string {
  if (/^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/.test(text) && text.length <= labelValueLengthMax) return text;
  const legal = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, labelValueLengthMax - 9)
    .replace(/^[._-]+|[._-]+$/g, '');
  return legal === '' ? digest(text) : `${legal}-${digest(text)}`;
}
