/**
 * What became of each planned start of a schedule, and by which rule. The rules are those of the CronJob controller
 * (semantics 2.5 and 2.6) as seen from outside: a start that nothing explains is a fault of somebody. A rule explains
 * only what it could have caused: a start that Forbid held up and that was not made up for when it could be is a
 * riddle.
 */
import {
  type JobHistory,
  plannedJobsOf,
  type Recording,
  type TaskHistory,
  type TaskPlan,
} from '../recording/recording.ts';
import type { PlannedStart } from '../reports/model.ts';
import { JobLookup } from './job-lookup.ts';
import { replacementOf } from './replacement.ts';
import { type Slot, slotsOf } from './slots.ts';
import { jumpsPast } from './uneven.ts';
import { fails, forEach, holds, unknown, type Verdict } from './verdict.ts';
import { type Release, released } from './waiting.ts';

/** A start within this counts as on time: the controller wakes 100 ms after the slot, and its caches lag. */
export const ON_TIME_MS = 3000;
/** Clocks of a cluster's machines differ a little. */
const CLOCK_SKEW_MS = 1000;

/** All planned starts of all schedules, by Task and time. */
export function plannedStarts(recording: Recording): PlannedStart[] {
  return recording.tasks.flatMap((task) => plannedStartsOf(recording, task));
}

/** Those of one Task. Slots so near the end that they may still be on their way are left out. */
export function plannedStartsOf(recording: Recording, task: TaskHistory): PlannedStart[] {
  const jobs = plannedJobsOf(recording, task.name);
  const goneAt = task.deletionRequestedAt ?? task.deletedAt ?? Number.POSITIVE_INFINITY;
  const end = Math.min(goneAt, recording.endedAt) - ON_TIME_MS;
  const slots = slotsOf(task, jobs, end);
  const story: Story = { task, slots, end, lookup: new JobLookup(jobs), outages: operatorOutages(recording) };
  return slots.map((slot, index) => ({ task: task.name, at: slot.at, ...explain(slot, slots[index + 1], story) }));
}

/** Safety and liveness of schedules at once: false when a planned start has no explanation. */
export function everyStartExplained(recording: Recording): Verdict {
  return forEach(plannedStarts(recording), 'planned starts', ({ outcome, task, at, rule }) =>
    outcome === 'unexplained' ? `${task} at ${new Date(at).toISOString()}: ${rule}` : undefined,
  );
}

/** Safety: no run of a schedule without a slot, and no slot with two runs. */
export function everyRunWasPlanned(recording: Recording): Verdict {
  const scheduled = recording.tasks.filter((task) => task.plans.every((plan) => plan.schedule));
  let runs = 0;
  for (const name of new Set(scheduled.map((task) => task.name))) {
    const jobs = plannedJobsOf(recording, name);
    const slots = scheduled
      .filter((task) => task.name === name)
      .flatMap((task) => slotsOf(task, jobs, recording.endedAt));
    const free = new Set(slots.map((slot) => slot.at));
    for (const job of jobs) {
      if (job.scheduledFor === undefined) return fails(`${job.name} does not say for which slot it runs`);
      if (!free.delete(job.scheduledFor)) return fails(unplanned(job, job.scheduledFor, slots));
      runs++;
    }
  }
  return runs === 0 ? unknown('no runs of schedules seen') : holds(`${runs} runs of schedules`);
}

function unplanned(job: JobHistory, at: number, slots: readonly Slot[]): string {
  const instant = new Date(at).toISOString();
  const isSlot = slots.some((slot) => slot.at === at);
  return isSlot ? `${job.name} is a second run for ${instant}` : `${job.name} ran for ${instant}, which is no slot`;
}

interface Story {
  readonly task: TaskHistory;
  readonly slots: readonly Slot[];
  readonly end: number;
  readonly lookup: JobLookup;
  readonly outages: readonly { readonly from: number; readonly to: number }[];
}

/** While the operator is away a changed Task does not reach its CronJob. */
function operatorOutages(recording: Recording): Story['outages'] {
  return recording.faults
    .filter((fault) => fault.service === 'operator')
    .map(({ from, to }) => ({ from, to: (to ?? Number.POSITIVE_INFINITY) + ON_TIME_MS }));
}

type Outcome = Omit<PlannedStart, 'task' | 'at'>;

function explain(slot: Slot, next: Slot | undefined, story: Story): Outcome {
  const job = story.lookup.forSlot(slot.at);
  const release = released(slot, { plans: story.task.plans, lookup: story.lookup, except: job });
  return job ? ofRun(slot, next, job, release, story) : ofNoRun(slot, next, release, story);
}

function ofNoRun({ at, plan }: Slot, next: Slot | undefined, { hold, freeAt }: Release, story: Story): Outcome {
  if (hold) {
    // The next slot may lie behind the last one listed: then the end came first.
    if (freeAt > story.end) return skipped(hold.ofSkipped);
    if (next && next.at <= freeAt + ON_TIME_MS) return skipped(`${hold.ofSkipped}; a later start overtook this one`);
    if (jumpsPast(at, freeAt, story.slots)) {
      return skipped(
        `${hold.ofSkipped}; Kubernetes’ estimate of what was missed jumps past it, the schedule is uneven`,
      );
    }
  }
  const deadlineMs = (plan.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (freeAt - at >= deadlineMs - (hold ? CLOCK_SKEW_MS : 0)) {
    const passed = `startingDeadlineSeconds ${plan.startingDeadlineSeconds} passed`;
    return skipped(hold ? `${hold.ofSkipped}; ${passed}` : passed);
  }
  const namesake = story.lookup.namesakeOf(at);
  if (namesake) return skipped(`a CronJob names its Jobs by the minute, and ${namesake.name} has this one`);
  const change = changeAfter(story.task.plans, freeAt);
  if (change) return skipped(change.suspend ? 'suspended as it was due' : 'the schedule changed as it was due');
  if (isAway(story, at) || isAway(story, freeAt)) {
    return skipped('the operator was away, and the cluster did not know of the change');
  }
  return riddle('no run was made for it, and no rule of Kubernetes says why');
}

function ofRun(slot: Slot, next: Slot | undefined, job: JobHistory, release: Release, story: Story): Outcome {
  const { at, plan } = slot;
  const delayMs = Math.max(0, job.createdAt - at);
  const facts = { job: job.name, delayMs };
  const wasAway = isAway(story, at) || isAway(story, release.freeAt);
  const objection = wasAway ? undefined : objectionTo(slot, next, job, release, story);
  if (objection !== undefined) return { ...riddle(objection), ...facts };
  const replacedBy = plan.concurrencyPolicy === 'Replace' ? replacementOf(job, story.lookup, ON_TIME_MS) : undefined;
  if (replacedBy) return { outcome: 'replaced', rule: `Replace: ${replacedBy.name} took its place`, ...facts };
  if (delayMs <= ON_TIME_MS) return { outcome: 'started', rule: 'on time', ...facts };
  const rule = release.hold?.ofDelayed ?? (wasAway ? 'the operator was away' : collisionRule);
  return { outcome: 'delayed', rule, ...facts };
}

const collisionRule = 'the name that an earlier start of the minute needed was taken, and the controller backs off';

/** Why this run should not have begun when it did. */
function objectionTo(
  { at, plan }: Slot,
  next: Slot | undefined,
  job: JobHistory,
  { hold, freeAt }: Release,
  story: Story,
): string | undefined {
  const lateMs = job.createdAt - at;
  if (lateMs < -CLOCK_SKEW_MS) return `${job.name} began ${-lateMs} ms before its time`;
  if (hold && job.createdAt < freeAt - ON_TIME_MS && !isFreshlySuspended(story, at)) {
    return `${job.name} began although it had to wait (${hold.ofSkipped})`;
  }
  if (next && next.at <= job.createdAt - ON_TIME_MS) return `${job.name} began when a later start was due`;
  const deadlineSeconds = plan.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY;
  if (lateMs > deadlineSeconds * 1000 + ON_TIME_MS) return `${job.name} began ${lateMs} ms late, after its deadline`;
  if (job.createdAt > freeAt + ON_TIME_MS && !collided(at, story)) {
    return `${job.name} began ${lateMs} ms late, and nothing held it up`;
  }
  return undefined;
}

/** A suspension that came within a breath of the slot may have come too late for it. */
function isFreshlySuspended({ task }: Story, at: number): boolean {
  const plan = task.plans.findLast((candidate) => candidate.from <= at);
  return plan?.suspend === true && at - plan.from <= ON_TIME_MS;
}

/**
 * A slot shortly before needed a name that another run had; each failed create doubles the controller's pause
 * (semantics 2.4).
 */
function collided(at: number, { slots, lookup }: Story): boolean {
  const before = slots.findLast((slot) => slot.at < at);
  return before !== undefined && lookup.forSlot(before.at) === undefined && lookup.namesakeOf(before.at) !== undefined;
}

function changeAfter(plans: readonly TaskPlan[], at: number): TaskPlan | undefined {
  return plans.slice(1).find((plan) => plan.from > at && plan.from <= at + ON_TIME_MS);
}

function isAway({ outages, task }: Story, at: number): boolean {
  return outages.some(
    ({ from, to }) => at <= to && task.plans.some((plan) => plan.from >= from && plan.from <= to && plan.from <= at),
  );
}

function skipped(rule: string): Outcome {
  return { outcome: 'skipped', rule };
}

function riddle(rule: string): Outcome {
  return { outcome: 'unexplained', rule };
}
