/** Reports are functions of a run's model: each case is a model and what must stand in the text. */
import { describe, expect, test } from 'vitest';
import { fails, unknown } from '../invariants/verdict.ts';
import { htmlReport } from './html/page.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { reportModel, scenarioResult } from './model.fixture.ts';
import type { ScenarioResult } from './model.ts';
import { passed, resultLine, terminalReport } from './terminal.ts';

const failed = scenarioResult({
  name: 'broken',
  verdict: fails('two at once'),
  judgements: [{ sentence: 'never two', verdict: fails('a & b overlapped\u0001') }],
});

describe('a run passes', () => {
  test('when all that was judged is true', () => expect(passed(reportModel(scenarioResult({})))).toBe(true));
  test('never when something is unknown', () =>
    expect(passed(reportModel(scenarioResult({ verdict: unknown('?') })))).toBe(false));
  test('never when nothing was judged', () => {
    expect(passed(reportModel())).toBe(false);
    expect(passed(reportModel(scenarioResult({ verdict: { value: 'not here', because: 'no network' } })))).toBe(false);
  });
});

test('the terminal shows the replay line of what failed, and the speed-up', () => {
  const text = terminalReport(reportModel(scenarioResult({}), failed), { color: false });
  expect(text).toContain('replay: orrery run overlap-forbid --seed 7');
  expect(text).toContain('false: never two (a & b overlapped');
  expect(text).toContain('1 passed, 1 failed');
  expect(text).toContain('20m of virtual time in 1.0 s: 1,200 times faster');
  expect(resultLine(scenarioResult({}), { color: false })).toMatch(/^passed +overlap-forbid +10m in +0\.50 s/);
});

test('JUnit has a case for each sentence, escaped, and tells failure from unknown from not here', () => {
  const xml = junitReport(
    reportModel(
      scenarioResult({}),
      failed,
      scenarioResult({ judgements: [{ sentence: 's', verdict: unknown('no one saw') }] }),
      scenarioResult({ verdict: { value: 'not here', because: 'no network' }, judgements: [] }),
    ),
  );
  expect(xml).toContain('name="never &lt;two&gt;"/>');
  expect(xml).toContain('<failure message="a &amp; b overlapped\uFFFD">');
  expect(xml).toContain('<error message="unknown: no one saw">');
  expect(xml).toContain('<skipped message="no network"/>');
  expect(xml.match(/<testsuite /g)).toHaveLength(4);
});

describe('why a sentence does not hold, and where the scenario says it, stand', () => {
  const why = ['Task forbid runs at "* * * * *" under Forbid', '  run forbid-1: made 00:01:00; <not> ended'];
  const verdict = fails('it ran 1 times: forbid-1');
  const sentence = { sentence: 'forbid ran 3 times', verdict, at: 'scenarios/overlap/forbid.ts:24', why };
  const report = reportModel(scenarioResult({ verdict, judgements: [sentence] }));

  test('on the terminal', () => {
    expect(terminalReport(report, { color: false })).toContain(
      `  false: forbid ran 3 times (it ran 1 times: forbid-1)
    at scenarios/overlap/forbid.ts:24
    Task forbid runs at "* * * * *" under Forbid
      run forbid-1: made 00:01:00; <not> ended`,
    );
  });

  test('in JUnit', () => {
    expect(junitReport(report)).toContain(
      `<failure message="it ran 1 times: forbid-1">orrery run overlap-forbid --seed 7
it ran 1 times: forbid-1
at scenarios/overlap/forbid.ts:24
Task forbid runs at &quot;* * * * *&quot; under Forbid
  run forbid-1: made 00:01:00; &lt;not&gt; ended</failure>`,
    );
  });

  test('in HTML', () => {
    const html = htmlReport(report);
    expect(html).toContain('<code>scenarios/overlap/forbid.ts:24</code>');
    expect(html).toMatch(
      /<pre class="why">Task forbid runs at .*\n {2}run forbid-1: made 00:01:00; &lt;not&gt; ended<\/pre>/,
    );
  });

  test('in JSON', () => {
    const [played] = JSON.parse(jsonReport(report)).scenarios;
    expect(played.judgements[0]).toMatchObject({ at: sentence.at, why });
  });
});

test('JSON carries verdicts and trace hashes', () => {
  const parsed = JSON.parse(jsonReport(reportModel(scenarioResult({}), failed)));
  expect(
    parsed.scenarios.map((scenario: ScenarioResult) => [scenario.name, scenario.verdict.value, scenario.traceHash]),
  ).toEqual([
    ['overlap-forbid', 'true', 'abc'],
    ['broken', 'false', 'abc'],
  ]);
});
