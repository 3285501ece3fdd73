/** Which run took the place of another one under Replace. */
import { endOf, type JobHistory } from '../recording/recording.ts';
import type { JobLookup } from './job-lookup.ts';

/** The Job that began within so many ms of the instant at which this one, unfinished, was told to go. */
export function replacementOf(job: JobHistory, lookup: JobLookup, withinMs: number): JobHistory | undefined {
  const toldAt = job.deletionRequestedAt ?? job.deletedAt;
  if (toldAt === undefined || (endOf(job)?.at ?? Number.POSITIVE_INFINITY) < toldAt) return undefined;
  return lookup
    .createdBetween(toldAt - withinMs, toldAt + withinMs)
    .find((other) => other !== job && other.createdAt > job.createdAt);
}
