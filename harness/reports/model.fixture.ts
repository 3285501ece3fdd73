/** Models of runs, for the tests of reports. */
import { holds } from '../invariants/verdict.ts';
import { emptyRecording } from '../recording/recording.ts';
import type { RunReport, ScenarioResult } from './model.ts';

export const scenarioResult = (changes: Partial<ScenarioResult> = {}): ScenarioResult => ({
  name: 'overlap-forbid',
  title: 'Never two at once',
  about: '',
  environment: 'sim',
  seed: 7,
  verdict: holds('all'),
  steps: [],
  judgements: [{ sentence: 'never <two>', verdict: holds('5 runs') }],
  plannedStarts: [],
  recording: emptyRecording(0),
  traceHash: 'abc',
  traceEvents: 10,
  requests: 3,
  virtualMs: 600_000,
  realMs: 500,
  replay: 'orrery run overlap-forbid --seed 7',
  ...changes,
});

export const reportModel = (...scenarios: ScenarioResult[]): RunReport => ({
  startedAt: '2026-01-01T00:00:00Z',
  version: '0.1.0',
  environment: 'sim',
  seed: 7,
  realMs: 1000,
  scenarios,
});
