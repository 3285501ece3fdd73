/** The report as one HTML page that needs nothing else: no script, no file beside it, no network. */
import { durationWords } from '../../documents/duration.ts';
import type { Judgement, RunReport, ScenarioResult } from '../model.ts';
import { servicesWords } from '../terminal.ts';
import { element, instantText, safe } from './markup.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';

export function htmlReport(report: RunReport): string {
  const body = header(report) + overview(report) + legend() + report.scenarios.map(section).join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Orrery: ${report.scenarios.length} scenarios, seed ${report.seed}</title>
<style>${style}</style></head>
<body>${body}</body>
</html>
`;
}

function header(report: RunReport): string {
  const count = (value: string) => report.scenarios.filter((result) => result.verdict.value === value).length;
  const virtualMs = report.scenarios.reduce((sum, result) => sum + result.virtualMs, 0);
  const facts = [
    `${count('true')} passed, ${count('false')} failed, ${count('unknown')} unknown, ${count('not here')} not here`,
    `environment ${report.environment}`,
    `seed ${report.seed}`,
    ...(virtualMs > 0 ? [`${durationWords(virtualMs)} of virtual time in ${(report.realMs / 1000).toFixed(1)} s`] : []),
    report.startedAt,
    `Orrery ${report.version}`,
  ];
  return element('header', {}, element('h1', {}, 'Orrery') + element('p', {}, facts.map(safe).join(' · ')));
}

function overview(report: RunReport): string {
  const rows = report.scenarios.map((result) => {
    const link = element('a', { href: `#${result.name}` }, safe(result.name));
    const cells = [
      element('td', {}, badge(result.verdict.value)),
      element('td', {}, link),
      element('td', {}, safe(result.title)),
      element('td', { class: 'number' }, result.virtualMs > 0 ? durationWords(result.virtualMs) : ''),
      element('td', { class: 'number' }, `${(result.realMs / 1000).toFixed(2)} s`),
    ];
    return element('tr', {}, cells.join(''));
  });
  const heads = ['verdict', 'scenario', 'what holds', 'virtual', 'real']
    .map((text) => element('th', {}, text))
    .join('');
  return element('table', { class: 'overview' }, element('tr', {}, heads) + rows.join(''));
}

/** What the timelines' colours mean. */
function legend(): string {
  const meanings = [
    ['complete', 'started on time, complete'],
    ['active', 'running; replaced'],
    ['late', 'started late; deleted'],
    ['waiting', 'skipped start; pod or report waiting'],
    ['failed', 'failed; a fault while it lasts'],
  ];
  const items = meanings.map(([name, text]) => element('i', { class: name ?? '' }) + safe(text ?? ''));
  return element('p', { class: 'legend' }, items.join(''));
}

function section(result: ScenarioResult): string {
  const title = element('h2', {}, `${badge(result.verdict.value)} ${safe(result.title)}`);
  const about = element('p', { class: 'about' }, safe(result.about));
  if (result.verdict.value === 'not here') {
    return element('section', { id: result.name }, title + about + element('p', {}, safe(result.verdict.because)));
  }
  const picture = result.recording.endedAt > result.recording.startedAt ? timeline(result) : '';
  const judgements = element('ul', { class: 'judgements' }, result.judgements.map(judgement).join(''));
  return element(
    'section',
    { id: result.name },
    title + about + picture + judgements + startsTable(result) + steps(result) + footer(result),
  );
}

function judgement({ sentence, verdict, at, why = [] }: Judgement): string {
  const because = element('span', { class: 'because' }, safe(verdict.because));
  const line = `${badge(verdict.value)} ${safe(sentence)} ${because}`;
  if (verdict.value === 'true') return element('li', { class: 'true' }, line);
  const place = at === undefined ? '' : ` ${element('code', {}, safe(at))}`;
  const seen = why.length === 0 ? '' : element('pre', { class: 'why' }, safe(why.join('\n')));
  return element('li', { class: verdict.value }, line + place + seen);
}

/** How many planned starts came out how; the skipped and delayed ones with their rule. */
function startsTable(result: ScenarioResult): string {
  if (result.plannedStarts.length === 0) return '';
  const groups = new Map<string, number>();
  for (const start of result.plannedStarts) {
    const key = `${start.outcome}: ${start.rule.replace(/[\w-]+-\d{8,}/g, 'a run')}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const items = [...groups].map(([key, count]) => element('li', {}, `${count} × ${safe(key)}`)).join('');
  return element(
    'details',
    {},
    element('summary', {}, `${result.plannedStarts.length} planned starts`) + element('ul', {}, items),
  );
}

function steps(result: ScenarioResult): string {
  const items = result.steps.map((step) => {
    const time = element('time', {}, instantText(step.at));
    return element('li', {}, `${time} ${element('b', {}, step.phase)} ${safe(step.text)}`);
  });
  return element('details', {}, element('summary', {}, 'given, when, then') + element('ol', {}, items.join('')));
}

function footer(result: ScenarioResult): string {
  const facts = [
    element('code', {}, safe(result.replay)),
    ...(result.traceHash ? [`trace ${element('code', {}, safe(result.traceHash.slice(0, 16)))}`] : []),
    ...(result.services?.at === 'deployed' ? [] : [`${result.requests.toLocaleString('en-US')} requests`]),
    `${result.recording.jobs.length} Jobs`,
    `${result.recording.pods.length} Pods`,
    ...(result.services ? [safe(`services ${servicesWords(result.services)}`)] : []),
  ];
  return element('p', { class: 'footer' }, facts.join(' · '));
}

function badge(value: string): string {
  const words: Readonly<Record<string, string>> = { true: 'passed', false: 'failed' };
  return element('span', { class: `badge ${value.replace(' ', '-')}` }, words[value] ?? value);
}
