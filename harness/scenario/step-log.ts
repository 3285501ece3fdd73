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
  readonly #onStep: (text: string) => void;

  constructor(now: () => number, onStep: (text: string) => void = () => undefined) {
    this.#now = now;
    this.#onStep = onStep;
  }

  add(phase: Phase, text: string): void {
    this.steps.push({ at: this.#now(), phase, text });
    this.#onStep(`${phase} ${text}`);
  }
}
