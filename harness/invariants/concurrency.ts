/** Safety of concurrency policies: never two at once under Forbid and Replace. */
import { type JobHistory, jobsOf, podsOf, type Recording } from '../recording/recording.ts';
import { activeUntil } from './job-lookup.ts';
import { fails, holds, unknown, type Verdict } from './verdict.ts';

/** Watches bring the end of one Job and the start of the next apart by their lag. */
const WATCH_LAG_MS = 100;

/** No Job of the Task begins while another is active. */
export function neverTwoAtOnce(recording: Recording, task: string): Verdict {
  const jobs = [...jobsOf(recording, task)].sort((left, right) => left.createdAt - right.createdAt);
  if (jobs.length < 2) return unknown(`${jobs.length} runs of ${task} seen: two are needed to overlap`);
  for (let index = 1; index < jobs.length; index++) {
    const before = jobs[index - 1] as JobHistory;
    const job = jobs[index] as JobHistory;
    if (activeUntil(before) > job.createdAt + WATCH_LAG_MS) {
      return fails(`${job.name} began while ${before.name} was active`);
    }
  }
  return holds(`${jobs.length} runs, one after the other`);
}

/** The greatest number of Jobs of the Task that were active at one instant. */
export function mostAtOnce(recording: Recording, task: string): number {
  const changes = jobsOf(recording, task).flatMap((job) => [
    { at: job.createdAt, step: 1 },
    { at: activeUntil(job), step: -1 },
  ]);
  changes.sort((left, right) => left.at - right.at || left.step - right.step);
  let active = 0;
  let most = 0;
  for (const { step } of changes) {
    active += step;
    most = Math.max(most, active);
  }
  return most;
}

/** At least two runs of the Task were active together. */
export function overlaps(recording: Recording, task: string): Verdict {
  const most = mostAtOnce(recording, task);
  return most >= 2 ? holds(`up to ${most} runs at once`) : fails(`never more than ${most} at once`);
}

/** No Job has two pods that run at once (parallelism is 1 for Tasks). */
export function onePodAtATime(recording: Recording): Verdict {
  const ran = recording.pods.filter((pod) => pod.job !== undefined && pod.runningAt !== undefined);
  for (const job of recording.jobs) {
    const pods = podsOf(recording, job).filter((pod) => pod.runningAt !== undefined);
    for (const pod of pods) {
      const other = pods.find(
        (candidate) =>
          candidate !== pod &&
          (candidate.runningAt ?? 0) >= (pod.runningAt ?? 0) &&
          (candidate.runningAt ?? 0) < (pod.finishedAt ?? pod.deletedAt ?? Number.POSITIVE_INFINITY),
      );
      if (other) return fails(`${pod.name} and ${other.name} of ${job.name} ran at once`);
    }
  }
  return ran.length === 0 ? unknown('no pod of a Job was seen to run') : holds(`${ran.length} pods`);
}
