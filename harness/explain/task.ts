/**
 * One Task as it was seen, in a few lines: what it asks for, its conditions, what became of its planned starts, its
 * runs, its events.
 */
import type { Event } from '../../kubernetes/objects.ts';
import { plannedStartsOf } from '../invariants/planned-starts.ts';
import { endOf, type JobHistory, jobsOf, type Recording, type TaskHistory } from '../recording/recording.ts';
import type { PlannedStart } from '../reports/model.ts';
import { instantIn } from './instants.ts';
import { runLine } from './run.ts';

const startsMax = 10;
const runsMax = 6;
const eventsMax = 6;

/** @param named names that the failing sentence speaks of: they come first. */
export function taskLines(recording: Recording, task: TaskHistory, named: ReadonlySet<string> = new Set()): string[] {
  const jobs = jobsOf(recording, task.name);
  return [
    headLine(recording, task),
    ...conditionLines(task),
    ...startLines(recording, task, named),
    ...runLines(recording, jobs, named),
    ...eventLines(recording, task, jobs),
  ];
}

function headLine(recording: Recording, task: TaskHistory): string {
  const instant = instantIn(recording);
  const plan = task.plans.at(-1);
  const words = plan?.schedule
    ? `runs at "${plan.schedule}"${plan.timeZone ? ` in ${plan.timeZone}` : ''} under ${plan.concurrencyPolicy}`
    : 'runs once';
  const deadline = plan?.startingDeadlineSeconds;
  const parts = [`Task ${task.name} ${words}`];
  if (deadline !== undefined) parts.push(`startingDeadlineSeconds ${deadline}`);
  if (plan?.suspend) parts.push(`suspended since ${instant(plan.from)}`);
  const state = task.states.at(-1)?.state;
  if (state !== undefined) parts.push(`state ${state}`);
  if (task.deletedAt !== undefined) parts.push(`deleted ${instant(task.deletedAt)}`);
  return parts.join(', ');
}

function conditionLines({ conditions }: TaskHistory): string[] {
  return conditions.map(
    ({ type, status, reason, message }) =>
      `  condition ${type} ${status}${reason ? ` ${reason}` : ''}${message ? `: ${message}` : ''}`,
  );
}

/** Those that were not simply on time, and those around what is named; the others are counted. */
function startLines(recording: Recording, task: TaskHistory, named: ReadonlySet<string>): string[] {
  const instant = instantIn(recording);
  const starts = plannedStartsOf(recording, task);
  const shown = new Set(chosen(starts, (start) => isOfInterest(start, named), startsMax));
  const left = starts.length - shown.size;
  const lines = starts
    .filter((start) => shown.has(start))
    .map(({ at, outcome, rule, job, delayMs = 0 }) => {
      const late = outcome === 'delayed' ? ` ${Math.round(delayMs / 1000)} s` : '';
      return `  planned ${instant(at)}: ${outcome}${late}, ${rule}${job === undefined ? '' : ` (${job})`}`;
    });
  return left === 0 ? lines : [...lines, `  and ${left} more planned starts`];
}

function isOfInterest({ at, outcome, job }: PlannedStart, named: ReadonlySet<string>): boolean {
  return outcome === 'unexplained' || named.has(new Date(at).toISOString()) || (job !== undefined && named.has(job));
}

function runLines(recording: Recording, jobs: readonly JobHistory[], named: ReadonlySet<string>): string[] {
  if (jobs.length === 0) return ['  no run was made of it'];
  const isOpen = (job: JobHistory) => named.has(job.name) || (endOf(job) === undefined && job.deletedAt === undefined);
  const shown = new Set(chosen(jobs, isOpen, runsMax));
  const lines = jobs.filter((job) => shown.has(job)).map((job) => `  run ${runLine(recording, job)}`);
  const left = jobs.length - shown.size;
  return left === 0 ? lines : [...lines, `  and ${left} more runs`];
}

/** The last events about the Task, its CronJob, its runs and their pods. */
function eventLines(recording: Recording, task: TaskHistory, jobs: readonly JobHistory[]): string[] {
  const instant = instantIn(recording);
  const uids = new Set(jobs.map(({ uid }) => uid));
  const pods = recording.pods.filter(({ job }) => job !== undefined && uids.has(job));
  const names = new Set([task.name, ...jobs.map(({ name }) => name), ...pods.map(({ name }) => name)]);
  const own = recording.events.filter(({ involvedObject }) => names.has(involvedObject.name ?? ''));
  return own.slice(-eventsMax).map((event) => {
    const { type, reason, message, involvedObject, count = 1 } = event;
    const at = lastSeenOf(event);
    const when = at === undefined ? '' : ` ${instant(at)}`;
    const times = count > 1 ? ` (${count} times)` : '';
    return `  event${when} ${type} ${reason} of ${involvedObject.kind} ${involvedObject.name}: ${message}${times}`;
  });
}

function lastSeenOf({ lastTimestamp, eventTime, metadata }: Event): number | undefined {
  const text = lastTimestamp ?? eventTime ?? metadata?.creationTimestamp;
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** First those of interest with their neighbours, then the last ones, at most so many. */
function chosen<T>(items: readonly T[], isOfInterest: (item: T) => boolean, most: number): T[] {
  const places = new Set<number>();
  items.forEach((item, place) => {
    if (isOfInterest(item)) for (const near of [place, place - 1, place + 1]) places.add(near);
  });
  for (let place = items.length - 1; place >= 0; place--) places.add(place);
  return [...places].flatMap((place) => items[place] ?? []).slice(0, most);
}
