/** What is read of a JUnit report. */
import { expect, test } from 'vitest';
import { failedSetUp, readTests } from './junit.ts';

const set = '<testcase name="[SynchronizedBeforeSuite]" classname="k" status="passed" time="0"></testcase>';
const passed =
  '<testcase name="[It] [sig-apps] Job should &#34;end&#34; [Conformance]" classname="k" status="passed" time="1"></testcase>';
const skipped =
  '<testcase name="[It] other" classname="k" status="skipped" time="0"><skipped message="skipped"></skipped></testcase>';
const failed =
  '<testcase name="[It] third" classname="k" status="failed" time="2"><failure message="Expected&#xA;    &lt;int&gt;: 1" type="failed">more</failure><system-err>…</system-err></testcase>';

test('tests are read with their names and outcomes, set-up and skipped ones are not', () => {
  expect(readTests([set, skipped, passed, skipped, failed].join('\n'))).toEqual([
    { name: '[sig-apps] Job should "end" [Conformance]', passed: true },
    { name: 'third', passed: false, failure: 'Expected\n    <int>: 1' },
  ]);
});

test('one that says nothing fails by its status', () => {
  const silent = '<testcase name="[It] x" classname="k" status="timedout" time="2"></testcase>';
  expect(readTests(silent)).toEqual([{ name: 'x', passed: false, failure: 'ended as timedout' }]);
});

test('the message may stand in the text', () => {
  const inText =
    '<testcase name="[It] x" classname="k" status="failed" time="2"><failure message="" type="failed">[FAILED] no such pod&#xA;In [It] at: x.go:1</failure></testcase>';
  expect(readTests(inText)[0]?.failure).toBe('no such pod\nIn [It] at: x.go:1');
});

test('a failed set-up is told', () => {
  const broken =
    '<testcase name="[SynchronizedBeforeSuite]" classname="k" status="failed" time="0"><failure message="no Service" type="failed">x</failure></testcase>';
  expect(failedSetUp(broken)).toBe('[SynchronizedBeforeSuite]: no Service');
  expect(failedSetUp(set + failed)).toBeUndefined();
});
