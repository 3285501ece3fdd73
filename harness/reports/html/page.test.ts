/** The page needs nothing else, whatever stands in the run: hostile names stay text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fails, holds } from '../../invariants/verdict.ts';
import { jobOf, podOf, recordingOf, reportOfJob, second } from '../../recording/histories.fixture.ts';
import { reportModel, scenarioResult } from '../model.fixture.ts';
import type { ScenarioResult } from '../model.ts';
import { isWellFormed } from '../well-formed.fixture.ts';
import { htmlReport } from './page.ts';

/** A run in which every text is the given one. */
function hostile(text: string): ScenarioResult {
  const job = { ...jobOf({ name: text, created: 60, ended: 70, outcome: 'Failed', reason: text }), task: text };
  const pod = { ...podOf(text, text, 60, 70), job: job.uid, phase: text, exitCode: 1 };
  const faults = [{ description: text, from: second(10), to: second(20) }];
  const reports = [reportOfJob(text, 'FAILED', 71), reportOfJob(text, 'ACTIVE', 72, { accepted: false })];
  return scenarioResult({
    name: text,
    title: text,
    about: text,
    environment: text,
    verdict: fails(text),
    steps: [{ at: second(1), phase: 'given', text }],
    judgements: [{ sentence: text, verdict: fails(text) }],
    plannedStarts: [{ task: text, at: second(60), outcome: 'delayed', rule: text, job: text, delayMs: 100 }],
    recording: recordingOf({ jobs: [job], pods: [pod], faults, reports }),
    traceHash: text,
    replay: text,
  });
}

const page = (...scenarios: ScenarioResult[]) => htmlReport(reportModel(...scenarios));

describe('hostile text stays text:', () => {
  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style></title></svg>',
    '&amp;lt; &#60;',
    '<!-- ]]>',
  ])('%s', (text) => {
    const html = page(hostile(text));
    const innocent = page(hostile('innocent'));
    const tags = (markup: string) => (markup.match(/<\/?[a-z][a-z0-9]*/gi) ?? []).join(' ');
    expect(tags(html)).toBe(tags(innocent));
    expect(html).not.toMatch(/<script|<img|<!--/);
    // Attributes too: none that the innocent page has not.
    const names = (markup: string) => new Set(markup.match(/ [a-z-]+(?==")/gi) ?? []);
    expect(names(html)).toEqual(names(innocent));
  });

  test('of any kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const html = page(hostile(text));
        expect(isWellFormed(html.slice(html.indexOf('<body>'), html.indexOf('</html>')))).toBe(true);
      }),
    );
  });
});

describe('the page', () => {
  const picture = recordingOf({ jobs: [jobOf({ name: 'a', created: 60, ended: 70 })] });
  const first = scenarioResult({ name: 'first', recording: picture });
  const other = scenarioResult({ name: 'second', recording: picture, verdict: fails('no') });
  const absent = scenarioResult({ name: 'absent', verdict: { value: 'not here', because: 'no python' } });
  const html = page(first, other, absent);

  test('is self-contained: no script, no link out, nothing to load', () => {
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<(?:script|link|img|iframe|object|embed|use)\b/);
    expect(html).not.toMatch(/\b(?:src|srcset|xlink:href|on[a-z]+)=/);
    expect(html).not.toMatch(/url\(|@import/);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toEqual(['#first', '#second', '#absent']);
  });

  test('has a section for each scenario, with its picture where it was played', () => {
    const sections = html.split('<section ').slice(1);
    expect(sections.map((text) => /^id="([^"]*)"/.exec(text)?.[1])).toEqual(['first', 'second', 'absent']);
    expect(sections.map((text) => text.includes('<svg '))).toEqual([true, true, false]);
    expect(sections[2]).toContain('no python');
  });

  test('shows verdicts, reasons, the replay line and what became of the starts', () => {
    const told = page(
      scenarioResult({
        recording: picture,
        judgements: [{ sentence: 'never two', verdict: holds('5 runs') }],
        plannedStarts: [
          { task: 'a', at: second(60), outcome: 'skipped', rule: 'Forbid: a-29453761 was still running' },
          { task: 'a', at: second(120), outcome: 'skipped', rule: 'Forbid: a-29453762 was still running' },
        ],
      }),
    );
    expect(told).toContain('never two <span class="because">5 runs</span>');
    expect(told).toContain('<code>orrery run overlap-forbid --seed 7</code>');
    expect(told).toContain('2 × skipped: Forbid: a run was still running');
  });

  test('is well-formed', () => {
    expect(isWellFormed(html.slice(html.indexOf('<body>'), html.indexOf('</html>')))).toBe(true);
  });
});

describe('the timeline', () => {
  const svgOf = (parts: Parameters<typeof recordingOf>[0], changes: Partial<ScenarioResult> = {}) =>
    /<svg[\s\S]*<\/svg>/.exec(page(scenarioResult({ recording: recordingOf(parts), ...changes })))?.[0] ?? '';

  test('has a mark for each planned start, Job, Pod, report and fault, each with its facts', () => {
    const svg = svgOf(
      {
        jobs: [jobOf({ name: 'job-1', created: 60, ended: 70 })],
        pods: [podOf('pod-1', 'job-1', 61, 69)],
        reports: [reportOfJob('job-1', 'COMPLETE', 71)],
        faults: [{ description: 'gateway down', from: second(100) }],
      },
      {
        plannedStarts: [
          { task: 'task', at: second(60), outcome: 'started', rule: 'on time', job: 'job-1', delayMs: 100 },
        ],
      },
    );
    expect(svg).toContain(
      'class="planned started"><title>2026-01-01 00:01:00 started: on time (job-1, 100ms after its time)',
    );
    expect(svg).toContain('class="job complete"><title>2026-01-01 00:01:00 job-1: complete, 10s');
    expect(svg).toContain('class="pod succeeded"');
    expect(svg).toContain('class="report complete"><title>2026-01-01 00:01:11 job-1: COMPLETE');
    expect(svg).toContain('class="fault"><title>gateway down');
  });

  test('keeps all marks inside the picture', () => {
    const span = fc.record({ created: fc.integer({ min: -100, max: 4000 }), length: fc.nat(500) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), (spans) => {
        const jobs = spans.map(({ created, length }, index) =>
          jobOf({ name: `j${index}`, created, ended: created + length }),
        );
        const svg = svgOf({ jobs });
        const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
        for (const [, x, y, wide] of svg.matchAll(/<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x) + Number(wide)).toBeLessThanOrEqual(Number(width));
          expect(Number(y)).toBeLessThan(Number(height));
        }
      }),
    );
  });
});
