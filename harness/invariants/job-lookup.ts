/** Finds among the Jobs of one Task those that matter to an instant, fast enough for a month of minutes. */
import { endOf, type JobHistory } from '../recording/recording.ts';

/** Until when a Job counts against another one: until it ended, or was told to go. */
export function activeUntil(job: JobHistory): number {
  return Math.min(
    endOf(job)?.at ?? Number.POSITIVE_INFINITY,
    job.deletionRequestedAt ?? job.deletedAt ?? Number.POSITIVE_INFINITY,
  );
}

/**
 * Until when Forbid waits for it: a Job that was told to go but is still there, unfinished, is active (semantics 2.5, 2
 * and 3).
 */
function heldUntil(job: JobHistory): number {
  return Math.min(endOf(job)?.at ?? Number.POSITIVE_INFINITY, job.deletedAt ?? Number.POSITIVE_INFINITY);
}

export class JobLookup {
  readonly #byCreation: readonly JobHistory[];
  readonly #bySlot = new Map<number, JobHistory>();
  readonly #byMinute = new Map<number, JobHistory>();
  /** At each place, which of the Jobs up to there is held longest. */
  readonly #longest: JobHistory[] = [];

  constructor(jobs: readonly JobHistory[]) {
    this.#byCreation = [...jobs].sort((left, right) => left.createdAt - right.createdAt);
    for (const job of this.#byCreation) {
      const before = this.#longest.at(-1);
      this.#longest.push(before && heldUntil(before) >= heldUntil(job) ? before : job);
      if (job.scheduledFor === undefined || this.#bySlot.has(job.scheduledFor)) continue;
      this.#bySlot.set(job.scheduledFor, job);
      this.#byMinute.set(minuteOf(job.scheduledFor), job);
    }
  }

  forSlot(at: number): JobHistory | undefined {
    return this.#bySlot.get(at);
  }

  /** The Job whose name, made of the scheduled minute, a run at that instant would need. */
  namesakeOf(at: number): JobHistory | undefined {
    return this.#byMinute.get(minuteOf(at));
  }

  /** The Job that Forbid waits for at that instant, and until when. */
  holding(
    at: number,
    except: JobHistory | undefined,
  ): { readonly job: JobHistory; readonly until: number } | undefined {
    let place = this.#countUpTo(at) - 1;
    // A Job never waits for itself: where it is the one held longest, those before it are asked one by one.
    while (place >= 0) {
      const longest = this.#longest[place];
      if (longest === undefined || heldUntil(longest) <= at) return undefined;
      if (longest !== except) return { job: longest, until: heldUntil(longest) };
      place = this.#byCreation.indexOf(longest) - 1;
    }
    return undefined;
  }

  /** Those created between two instants, both included, in order. */
  createdBetween(from: number, to: number): JobHistory[] {
    return this.#byCreation.slice(this.#countBefore(from), this.#countUpTo(to));
  }

  #countUpTo(at: number): number {
    return this.#count((job) => job.createdAt <= at);
  }

  #countBefore(at: number): number {
    return this.#count((job) => job.createdAt < at);
  }

  /** How many from the first on are early enough. */
  #count(isEarly: (job: JobHistory) => boolean): number {
    let low = 0;
    let high = this.#byCreation.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const job = this.#byCreation[middle];
      if (job && isEarly(job)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}
