/** What ends a scenario before it is judged. */
import { durationWords } from '../documents/duration.ts';

/** Raised by `when` and `given` when what was waited for did not come; ends the play as "unknown". */
export class ConditionNotMetError extends Error {
  override readonly name = 'ConditionNotMetError';
  readonly condition: string;
  readonly deadlineMs: number;

  constructor(condition: string, deadlineMs: number, lastSeen: string) {
    super(`timed out after ${durationWords(deadlineMs)} waiting until ${condition}; last seen: ${lastSeen}`);
    this.condition = condition;
    this.deadlineMs = deadlineMs;
  }
}

/** Raised by `when.timeReaches` for an instant that has passed, or is none; ends the play as "unknown". */
export class InstantPassedError extends Error {
  override readonly name = 'InstantPassedError';
  readonly instant: string;

  constructor(instant: string, now: number) {
    super(`time cannot reach ${instant}: it is ${new Date(now).toISOString()} already, let the scenario begin earlier`);
    this.instant = instant;
  }
}
