/** The sentences of a scenario as it is played, for the report. */
import { calledFrom } from './source-position.ts';

export type Phase = 'given' | 'when' | 'then';

export interface Step {
  readonly at: number;
  readonly phase: Phase;
  readonly text: string;
}

export class StepLog {
  readonly steps: Step[] = [];
  /** Where the scenario took its last step. */
  lastAt: string | undefined;
  readonly #now: () => number;
  readonly #onStep: (text: string) => void;

  constructor(now: () => number, onStep: (text: string) => void = () => undefined) {
    this.#now = now;
    this.#onStep = onStep;
  }

  add(phase: Phase, text: string): void {
    this.lastAt = calledFrom() ?? this.lastAt;
    this.steps.push({ at: this.#now(), phase, text });
    this.#onStep(`${phase} ${text}`);
  }
}
