/** The report as JUnit XML: a suite for each scenario, a case for each sentence that was judged. */
import type { Judgement, RunReport, ScenarioResult } from './model.ts';

export function junitReport(report: RunReport): string {
  const suites = report.scenarios.map(suite).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="orrery" time="${seconds(report.realMs)}">\n${suites}\n</testsuites>\n`;
}

function suite(result: ScenarioResult): string {
  const cases =
    result.judgements.length > 0
      ? result.judgements.map((judgement) => testCase(result, judgement))
      : [wholeCase(result)];
  const count = (tag: string) => cases.filter((text) => text.includes(`<${tag} `)).length;
  const attributes = [
    `name="${xmlText(result.name)}"`,
    `tests="${cases.length}"`,
    `failures="${count('failure')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds(result.realMs)}"`,
  ].join(' ');
  const properties = [
    ['environment', result.environment],
    ['seed', String(result.seed)],
    ['traceHash', result.traceHash],
    ['replay', result.replay],
    ...(result.services ? [['services', result.services.at]] : []),
  ]
    .map(([name, value]) => `      <property name="${name}" value="${xmlText(value ?? '')}"/>`)
    .join('\n');
  return `  <testsuite ${attributes}>\n    <properties>\n${properties}\n    </properties>\n${cases.join('\n')}\n  </testsuite>`;
}

function testCase(result: ScenarioResult, { sentence, verdict, at, why = [] }: Judgement): string {
  const place = at === undefined ? [] : [`at ${at}`];
  return element(result, sentence, verdict.value, verdict.because, [...place, ...why]);
}

/** A scenario that was not played to any judgement. */
function wholeCase(result: ScenarioResult): string {
  return element(result, result.title, result.verdict.value, result.verdict.because);
}

function element(
  result: ScenarioResult,
  name: string,
  value: string,
  because: string,
  why: readonly string[] = [],
): string {
  const body = xmlText([result.replay, because, ...why].join('\n'));
  const open = `    <testcase classname="${xmlText(result.name)}" name="${xmlText(name)}"`;
  const text = xmlText(because);
  switch (value) {
    case 'true':
      return `${open}/>`;
    case 'false':
      return `${open}><failure message="${text}">${body}</failure></testcase>`;
    case 'not here':
      return `${open}><skipped message="${text}"/></testcase>`;
    default:
      return `${open}><error message="unknown: ${text}">${body}</error></testcase>`;
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML has no way to write most control characters: they become the replacement character. */
function xmlText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
