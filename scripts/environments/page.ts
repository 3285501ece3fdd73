/** docs/environments.md as a function of what the runs came to. */
import type { EnvironmentRecord, ScenarioOutcome } from './record.ts';

/** Verdicts and times, a row a scenario. */
export function page(records: readonly EnvironmentRecord[]): string {
  const names = [...new Set(records.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))].sort();
  const head = ['scenario', ...records.map(({ environment }) => `\`${environment}\``)];
  const rows = names.map((name) => [name, ...records.map((record) => cell(outcomeIn(record, name)))]);
  return [
    '# The same scenarios in each environment',
    '',
    'Written by `npm run environments`: do not edit. A time is how long a scenario lasts, virtual in `sim` and real elsewhere, where all are played at once and wait for',
    'the next full minute first. – is "not here": the environment cannot do what the scenario needs, and it does not count as passed. An empty cell was not played.',
    '',
    table(
      ['environment', 'date', 'orrery', 'Node.js', 'Kubernetes', 'passed', 'not passed', 'not here', 'whole run'],
      records.map(summary),
    ),
    '',
    table(head, rows),
    '',
    ...reasons(records),
    '',
  ].join('\n');
}

function summary(record: EnvironmentRecord): string[] {
  const { environment, at, versions, realSeconds, scenarios } = record;
  const count = (wanted: (outcome: ScenarioOutcome) => boolean) => String(scenarios.filter(wanted).length);
  return [
    `\`${environment}\``,
    at.slice(0, 10),
    versions.orrery,
    versions.node,
    versions.kubernetes,
    count(({ verdict }) => verdict === 'true'),
    count(({ verdict }) => verdict === 'false' || verdict === 'unknown'),
    count(({ verdict }) => verdict === 'not here'),
    duration(realSeconds),
  ];
}

function outcomeIn({ scenarios }: EnvironmentRecord, name: string): ScenarioOutcome | undefined {
  return scenarios.find((outcome) => outcome.name === name);
}

function cell(outcome: ScenarioOutcome | undefined): string {
  if (!outcome) return '';
  if (outcome.verdict === 'not here') return '–';
  const word = outcome.verdict === 'true' ? 'true' : `**${outcome.verdict}**`;
  return `${word}, ${duration(outcome.seconds)}`;
}

/** Why scenarios are not here or not true, each reason once. */
function reasons(records: readonly EnvironmentRecord[]): string[] {
  return records.flatMap(({ environment, scenarios }) => {
    const byReason = Map.groupBy(
      scenarios.filter(({ verdict }) => verdict !== 'true'),
      ({ verdict, because = '' }) => `${verdict}: ${because}`,
    );
    return [...byReason].map(([reason, held]) => {
      const which = held.length > 4 ? `${held.length} scenarios` : held.map(({ name }) => name).join(', ');
      return `- \`${environment}\`, ${reason} (${which})`;
    });
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
