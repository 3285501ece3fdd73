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
