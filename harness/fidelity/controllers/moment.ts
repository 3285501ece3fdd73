/** What is told of a play: its moments, in order. */

/** One state of an object, or one event. */
export interface Moment {
  /** Milliseconds after the start, when it was first seen. */
  readonly atMs: number;
  readonly text: string;
  /** Milliseconds after the start. */
  readonly times: Readonly<Record<string, number>>;
  /** Whether and when it is seen is chance (`chance.ts`). */
  readonly isChance?: boolean;
}

/** Histories by what they are of: `job/work`, `events of job/work by job-controller`, `refusals`. */
export type Timeline = Readonly<Record<string, readonly Moment[]>>;
