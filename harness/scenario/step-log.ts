/** The sentences of a scenario as it is played, for the report. */
export type Phase = 'given' | 'when' | 'then';

export interface Step {
  readonly at: number;
  readonly phase: Phase;
  readonly text: string;
}

export class StepLog {
  readonly steps: Step[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(phase: Phase, text: string): void {
    this.steps.push({ at: this.#now(), phase, text });
  }
}
