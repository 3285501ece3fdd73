/**
 * What a report is made of: plain data, the same for terminal, JSON, JUnit and HTML. Each report is a function of it.
 */
import type { Verdict } from '../invariants/verdict.ts';
import type { Recording } from '../recording/recording.ts';

/** One sentence of a scenario that was judged. */
export interface Judgement {
  readonly sentence: string;
  readonly verdict: Verdict;
  /** Where the scenario says it: `scenarios/overlap/forbid.ts:24`; absent for what holds everywhere. */
  readonly at?: string;
  /** What was seen of the objects concerned, a line each, where it does not hold. */
  readonly why?: readonly string[];
}

export const startOutcomes = ['started', 'delayed', 'skipped', 'replaced', 'unexplained'] as const;

/** What became of one planned start of a schedule. */
export interface PlannedStart {
  readonly task: string;
  /** The scheduled instant, epoch ms. */
  readonly at: number;
  readonly outcome: (typeof startOutcomes)[number];
  /** By which rule. */
  readonly rule: string;
  readonly job?: string;
  readonly delayMs?: number;
}

/** Where operator, gateway and content of a scenario ran. */
export interface ServicesReport {
  /** `deployed`, or `on the host: ` and why. */
  readonly at: string;
  /** From the moment when they were asked for, their turn included. */
  readonly upMs: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  /** The scenario's own first lines: what it shows and why. */
  readonly about: string;
  readonly environment: string;
  readonly seed: number;
  /** `not here`: the environment cannot do what it needs; never counted as passed. */
  readonly verdict: Verdict | { readonly value: 'not here'; readonly because: string };
  readonly steps: readonly { readonly at: number; readonly phase: 'given' | 'when' | 'then'; readonly text: string }[];
  readonly judgements: readonly Judgement[];
  readonly plannedStarts: readonly PlannedStart[];
  /** Absent where there is no choice. */
  readonly services?: ServicesReport;
  readonly recording: Recording;
  /** Empty where runs cannot be replayed. */
  readonly traceHash: string;
  readonly traceEvents: number;
  readonly requests: number;
  readonly virtualMs: number;
  readonly realMs: number;
  /** The line that runs it again. */
  readonly replay: string;
}

export interface RunReport {
  readonly startedAt: string;
  readonly version: string;
  readonly environment: string;
  readonly seed: number;
  readonly realMs: number;
  /** Sorted by name. */
  readonly scenarios: readonly ScenarioResult[];
}
