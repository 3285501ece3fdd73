/** JUnit XML is well-formed whatever stands in the run, and its counts are those of its cases. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fails, holds, unknown } from '../invariants/verdict.ts';
import { junitReport } from './junit.ts';
import { reportModel, scenarioResult } from './model.fixture.ts';
import { malformation } from './well-formed.fixture.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const verdict = fc.tuple(fc.constantFrom(holds, fails, unknown), anyText).map(([make, because]) => make(because));
const result = fc
  .record({
    name: anyText,
    title: anyText,
    replay: anyText,
    judgements: fc.array(fc.record({ sentence: anyText, verdict }), { maxLength: 5 }),
    verdict: fc.oneof(verdict, fc.record({ value: fc.constant('not here' as const), because: anyText })),
  })
  .map((changes) => scenarioResult(changes));

test('JUnit is well-formed XML with any text in it', () => {
  fc.assert(
    fc.property(fc.array(result, { maxLength: 4 }), (scenarios) => {
      expect(malformation(junitReport(reportModel(...scenarios)))).toBeUndefined();
    }),
  );
});

test('its counts are those of its cases', () => {
  fc.assert(
    fc.property(result, (scenario) => {
      const xml = junitReport(reportModel(scenario));
      const attribute = (name: string) => Number(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`).exec(xml)?.[1]);
      const count = (tag: string) => xml.split(`<${tag} `).length - 1;
      expect([attribute('tests'), attribute('failures'), attribute('errors'), attribute('skipped')]).toEqual(
        ['testcase', 'failure', 'error', 'skipped'].map(count),
      );
      const judged = scenario.judgements.map((judgement) => judgement.verdict.value);
      const values = judged.length > 0 ? judged : [scenario.verdict.value];
      expect(attribute('tests')).toBe(values.length);
      expect(attribute('failures')).toBe(values.filter((value) => value === 'false').length);
      expect(attribute('errors')).toBe(values.filter((value) => value === 'unknown').length);
    }),
  );
});

describe('the check itself finds', () => {
  test.each([
    ['<a><b></a></b>', /closes what is not open/],
    ['<a>', /not closed/],
    ['<a x="1" x="2"/>', /twice/],
    ['<a>&nbsp;</a>', /bad text/],
    ['<a>1 < 2</a>', /no markup/],
    ['<a b=c/>', /no markup/],
    ['<a/><b/>', /2 root/],
    ['<a>\u0001</a>', /bad text/],
    ['<a b="&"/>', /b has/],
    ['', /0 root/],
  ])('%s', (markup, fault) => expect(malformation(markup)).toMatch(fault));

  test('nothing in what is right', () => {
    expect(malformation('<?xml version="1.0"?>\n<a b="&lt;"><c/> &#60; d</a>\n')).toBeUndefined();
  });
});
