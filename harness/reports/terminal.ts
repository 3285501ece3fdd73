/** The report on a terminal: a table of verdicts, then what failed with the line that replays it. */
import { durationWords } from '../documents/duration.ts';
import type { RunReport, ScenarioResult, ServicesReport } from './model.ts';

export interface TerminalOptions {
  readonly color: boolean;
}

const SIGNS = { true: 'passed', false: 'FAILED', unknown: 'UNKNOWN', 'not here': 'not here' } as const;
const COLORS = { true: 32, false: 31, unknown: 33, 'not here': 90 } as const;

/** One line for a scenario that has just ended. */
export function resultLine(result: ScenarioResult, options: TerminalOptions): string {
  const sign = paint(SIGNS[result.verdict.value].padEnd(8), COLORS[result.verdict.value], options);
  const virtual = result.virtualMs > 0 ? durationWords(result.virtualMs) : '';
  const real = `${(result.realMs / 1000).toFixed(2)} s`;
  const services = result.services ? `, services ${servicesWords(result.services)}` : '';
  return `${sign}  ${result.name.padEnd(32)} ${virtual.padStart(10)} in ${real.padStart(8)}  ${result.judgements.length} judged${services}`;
}

export function terminalReport(report: RunReport, options: TerminalOptions): string {
  const bad = report.scenarios.filter(
    (result) => result.verdict.value === 'false' || result.verdict.value === 'unknown',
  );
  return [...bad.flatMap((result) => failureLines(result, options)), ...summaryLines(report)].join('\n');
}

/** What did not hold in one scenario, with the line that replays it. */
export function failureLines(result: ScenarioResult, options: TerminalOptions): string[] {
  const lines = ['', paint(`${result.name}: ${result.title}`, 1, options), `  replay: ${result.replay}`];
  if (result.judgements.length === 0) lines.push(`  ${result.verdict.value}: ${result.verdict.because}`);
  for (const { sentence, verdict, at, why = [] } of result.judgements) {
    if (verdict.value === 'true') continue;
    lines.push(`  ${verdict.value}: ${sentence} (${verdict.because})`);
    if (at !== undefined) lines.push(`    at ${at}`);
    lines.push(...why.map((line) => `    ${line}`));
  }
  return lines;
}

/** `deployed, up in 24 s`. */
export function servicesWords({ at, upMs }: ServicesReport): string {
  return `${at}, up in ${Math.round(upMs / 1000)} s`;
}

function summaryLines(report: RunReport): string[] {
  const count = (value: string) => report.scenarios.filter((result) => result.verdict.value === value).length;
  const parts = [`${count('true')} passed`, `${count('false')} failed`];
  if (count('unknown') > 0) parts.push(`${count('unknown')} unknown`);
  if (count('not here') > 0) parts.push(`${count('not here')} not here`);
  const virtualMs = report.scenarios.reduce((sum, result) => sum + result.virtualMs, 0);
  const seconds = report.realMs / 1000;
  const lines = ['', `${parts.join(', ')} (environment ${report.environment}, seed ${report.seed})`];
  if (virtualMs > 0 && report.realMs > 0) {
    const faster = Math.round(virtualMs / report.realMs).toLocaleString('en-US');
    lines.push(
      `${durationWords(virtualMs)} of virtual time in ${seconds.toFixed(1)} s: ${faster} times faster than the wall`,
    );
  }
  return lines;
}

function paint(text: string, color: number, options: TerminalOptions): string {
  return options.color ? `\u001b[${color}m${text}\u001b[0m` : text;
}

/** True when the run as a whole passed: at least one scenario, none false, none unknown. */
export function passed(report: RunReport): boolean {
  const judged = report.scenarios.filter((result) => result.verdict.value !== 'not here');
  return judged.length > 0 && judged.every((result) => result.verdict.value === 'true');
}
