/**
 * A scenario: what must hold, told as given, when, then. It knows nothing of where it runs.
 *
 * ```ts
 * export default scenario({
 *   title: 'A Task without a schedule runs once',
 *   async play({ given, when, then }) {
 *     const task = await given.task('hello', { script: 'print hello' });
 *     await when.timePasses('1m');
 *     await then.runs(task, 1);
 *   },
 * });
 * ```
 */
import type { Ability, FabricSettings } from '../environments/environment.ts';
import { durationWords } from './duration.ts';
import type { Given } from './given.ts';
import type { Then } from './then.ts';
import type { When } from './when.ts';

export interface Stage {
  readonly given: Given;
  readonly when: When;
  readonly then: Then;
}

export interface Scenario {
  /** One sentence that is true when the scenario passes. */
  readonly title: string;
  readonly needs: readonly Ability[];
  readonly fabric: FabricSettings;
  play(stage: Stage): Promise<void>;
}

export function scenario(definition: {
  readonly title: string;
  readonly needs?: readonly Ability[];
  readonly fabric?: FabricSettings;
  play(stage: Stage): Promise<void>;
}): Scenario {
  return { needs: [], fabric: {}, ...definition };
}

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
