/** docs/environments.md: every scenario beside every environment, from the reports that `orrery run --json` wrote. */

/** What of a report is needed. */
export interface EnvironmentReport {
  readonly startedAt: string;
  readonly version: string;
  readonly environment: string;
  readonly realMs: number;
  readonly scenarios: readonly PlayedScenario[];
}

interface PlayedScenario {
  readonly name: string;
  readonly verdict: { readonly value: 'true' | 'false' | 'unknown' | 'not here'; readonly because: string };
  readonly realMs: number;
  readonly virtualMs: number;
}

export interface Versions {
  readonly node: string;
  readonly kubernetes: string;
}

export function page(reports: readonly EnvironmentReport[], versions: Versions): string {
  const names = [...new Set(reports.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))].sort();
  const reasons = reasonsOf(reports);
  return [
    '# The same scenarios in every environment',
    '',
    `Written by \`npm run environments\`; do not edit. Orrery ${reports[0]?.version ?? ''}, Node.js ${versions.node}, Kubernetes ${versions.kubernetes} (control plane and kind). ` +
      'A cell has the verdict and the real time that the scenario took; those of `sim` are in virtual time, those of real clusters run side by side.',
    '',
    ...table(
      ['scenario', ...reports.map(({ environment }) => `\`${environment}\``)],
      [
        ['date', ...reports.map(({ startedAt }) => startedAt.slice(0, 10))],
        ['**passed**', ...reports.map(passedText)],
        ['all together', ...reports.map(({ realMs }) => seconds(realMs))],
        ...names.map((name) => [name, ...reports.map((report) => cell(report, name, reasons))]),
      ],
    ),
    '',
    '## Not here',
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    '',
  ].join('\n');
}

function passedText({ scenarios }: EnvironmentReport): string {
  const applicable = scenarios.filter(({ verdict }) => verdict.value !== 'not here');
  return `${applicable.filter(({ verdict }) => verdict.value === 'true').length} of ${applicable.length}`;
}

/** Each reason why a scenario is not here, once. */
function reasonsOf(reports: readonly EnvironmentReport[]): string[] {
  const all = reports.flatMap(({ scenarios }) => scenarios);
  return [...new Set(all.flatMap(({ verdict }) => (verdict.value === 'not here' ? [verdict.because] : [])))];
}

function cell({ scenarios }: EnvironmentReport, name: string, reasons: readonly string[]): string {
  const played = scenarios.find((each) => each.name === name);
  if (!played) return '';
  const { verdict, realMs } = played;
  if (verdict.value === 'not here') return `not here (${reasons.indexOf(verdict.because) + 1})`;
  return `${verdict.value === 'true' ? 'true' : `**${verdict.value}**`}, ${seconds(realMs)}`;
}

function seconds(durationMs: number): string {
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : `${Math.round(durationMs / 1000)} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
