/** docs/environments.md as a function of what the runs came to. */
import type { EnvironmentRecord, ScenarioOutcome } from './record.ts';

/** Verdicts and times, a row a scenario. */
export function page(records: readonly EnvironmentRecord[]): string {
  const names = [...new Set(records.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))].sort();
  const head = ['scenario', ...records.map(({ environment }) => `\`${environment}\``)];
  const rows = names.map((name) => [
    name,
    ...records.map((record) => cell(outcomeIn(record, name), deployedIn(record).length > 0)),
  ]);
  return [
    '# The same scenarios in each environment',
    '',
    'Written by `npm run environments`: do not edit. A time is how long a scenario lasts, virtual in `sim` and real elsewhere, where all are played at once and wait for',
    'the next full minute first. – is "not here": the environment cannot do what the scenario needs, and it does not count as passed. An empty cell was not played.',
    'Where a cluster runs containers, operator, gateway and content are deployed there for each scenario, as `deploy/base` has them; where a scenario needs what only',
    'a process of ours can show, they run on the host, and the cell says why.',
    '',
    table(
      [
        'environment',
        'date',
        'orrery',
        'Node.js',
        'Kubernetes',
        'passed',
        'not passed',
        'not here',
        'services',
        'whole run',
      ],
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
    servicesOf(record),
    duration(realSeconds),
  ];
}

function deployedIn({ scenarios }: EnvironmentRecord): ScenarioOutcome[] {
  return scenarios.filter(({ services }) => services === 'deployed');
}

/** How many scenarios had them deployed, and when the last of these was up. */
function servicesOf(record: EnvironmentRecord): string {
  const deployed = deployedIn(record);
  if (deployed.length === 0) return record.environment === 'sim' ? 'simulated' : 'on the host';
  const others = record.scenarios.filter(({ services }) => services !== undefined && services !== 'deployed').length;
  const last = Math.max(...deployed.map(({ upSeconds = 0 }) => upSeconds));
  return `deployed for ${deployed.length}, all up after ${duration(last)}; on the host for ${others}`;
}

function outcomeIn({ scenarios }: EnvironmentRecord, name: string): ScenarioOutcome | undefined {
  return scenarios.find((outcome) => outcome.name === name);
}

/** Where the services ran is told where not all of them ran on the host. */
function cell(outcome: ScenarioOutcome | undefined, isDeploying: boolean): string {
  if (!outcome) return '';
  if (outcome.verdict === 'not here') return '–';
  const word = outcome.verdict === 'true' ? 'true' : `**${outcome.verdict}**`;
  const place = isDeploying && outcome.services !== undefined ? [outcome.services] : [];
  return [word, duration(outcome.seconds), ...place].join(', ');
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
