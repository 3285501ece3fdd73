/** Reports are functions of a run's model: each case is a model and what must stand in the text. */
import { describe, expect, test } from 'vitest';
import { fails, holds, unknown } from '../invariants/verdict.ts';
import { emptyRecording } from '../recording/recording.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import type { RunReport, ScenarioResult } from './model.ts';
import { passed, resultLine, terminalReport } from './terminal.ts';

const result = (changes: Partial<ScenarioResult>): ScenarioResult => ({
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

const report = (...scenarios: ScenarioResult[]): RunReport => ({
  startedAt: '2026-01-01T00:00:00Z',
  version: '0.1.0',
  environment: 'sim',
  seed: 7,
  realMs: 1000,
  scenarios,
});

const failed = result({
  name: 'broken',
  verdict: fails('two at once'),
  judgements: [{ sentence: 'never two', verdict: fails('a & b overlapped\u0001') }],
});

describe('a run passes', () => {
  test('when all that was judged is true', () => expect(passed(report(result({})))).toBe(true));
  test('never when something is unknown', () => expect(passed(report(result({ verdict: unknown('?') })))).toBe(false));
  test('never when nothing was judged', () => {
    expect(passed(report())).toBe(false);
    expect(passed(report(result({ verdict: { value: 'not here', because: 'no network' } })))).toBe(false);
  });
});

test('the terminal shows the replay line of what failed, and the speed-up', () => {
  const text = terminalReport(report(result({}), failed), { color: false });
  expect(text).toContain('replay: orrery run overlap-forbid --seed 7');
  expect(text).toContain('false: never two (a & b overlapped');
  expect(text).toContain('1 passed, 1 failed');
  expect(text).toContain('20m of virtual time in 1.0 s: 1,200 times faster');
  expect(resultLine(result({}), { color: false })).toMatch(/^passed +overlap-forbid +10m in +0\.50 s/);
});

test('JUnit has a case for each sentence, escaped, and tells failure from unknown from not here', () => {
  const xml = junitReport(
    report(
      result({}),
      failed,
      result({ judgements: [{ sentence: 's', verdict: unknown('no one saw') }] }),
      result({ verdict: { value: 'not here', because: 'no network' }, judgements: [] }),
    ),
  );
  expect(xml).toContain('name="never &lt;two&gt;"/>');
  expect(xml).toContain('<failure message="a &amp; b overlapped\uFFFD">');
  expect(xml).toContain('<error message="unknown: no one saw">');
  expect(xml).toContain('<skipped message="no network"/>');
  expect(xml.match(/<testsuite /g)).toHaveLength(4);
});

test('JSON carries verdicts and trace hashes', () => {
  const parsed = JSON.parse(jsonReport(report(result({}), failed)));
  expect(
    parsed.scenarios.map((scenario: ScenarioResult) => [scenario.name, scenario.verdict.value, scenario.traceHash]),
  ).toEqual([
    ['overlap-forbid', 'true', 'abc'],
    ['broken', 'false', 'abc'],
  ]);
});
