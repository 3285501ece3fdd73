/** `orrery run`: plays scenarios, prints a table of verdicts, writes reports. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { type EnvironmentWish, environmentKind } from '../../environments/kinds.ts';
import { version } from '../../package.ts';
import { htmlReport } from '../../reports/html/page.ts';
import { jsonReport } from '../../reports/json.ts';
import { junitReport } from '../../reports/junit.ts';
import type { RunReport, ScenarioResult } from '../../reports/model.ts';
import { passed, resultLine, terminalReport } from '../../reports/terminal.ts';
import { type CatalogueEntry, catalogue, choose } from '../../runner/catalogue.ts';
import { run } from '../../runner/run.ts';
import { runSideBySide } from '../../runner/side-by-side.ts';
import { confirm } from '../confirm.ts';
import { wholeNumber } from '../numbers.ts';
import { scenariosFolder } from '../scenarios-folder.ts';

/** A fixed seed, so that two runs without one are the same run. */
const DEFAULT_SEED = 1;

interface RunFlags extends Omit<EnvironmentWish, 'confirm'> {
  readonly yes?: true;
  readonly env: string;
  readonly seed: number;
  readonly threads?: number;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly trace?: string;
}

export function runCommand(): Command {
  return new Command('run')
    .description('play scenarios (all of them without names), in virtual time unless --env says otherwise')
    .argument('[names...]', 'scenarios, or folders of scenarios')
    .option('--env <name>', 'sim; in real time: controlplane, kind (after npm run kind:up), kubeconfig', 'sim')
    .option('--cluster <name>', 'of --env kind: the name that kind:up was given')
    .option('--context <name>', 'of --env kubeconfig: which cluster')
    .option('--namespace <name>', 'of --env kubeconfig: only this one is touched, scenarios come one after the other')
    .option('--kubeconfig <file>', 'of --env kubeconfig: another file than kubectl takes')
    .option('--images <prefix>', 'of --env kubeconfig: deploy the services from PREFIX/operator:TAG and so on')
    .option('--tag <tag>', 'of --images; this version when absent')
    .option('--actor-image <image>', 'of --env kubeconfig: the actor’s image, where it is another than --images has')
    .option('--host', 'of --env kind and kubeconfig: operator, gateway and content run in this process')
    .option('--yes', 'of --env kubeconfig: do not ask before writing to a cluster that is not on this machine')
    .option('--seed <n>', 'everything random in the run follows from it', wholeNumber, DEFAULT_SEED)
    .option('--threads <n>', 'how many scenarios are played at once', wholeNumber)
    .option('--json <file>', 'write verdicts and trace hashes as JSON')
    .option('--junit <file>', 'write JUnit XML')
    .option('--html <file>', 'write a page with a timeline of each scenario')
    .option('--trace <folder>', 'write everything that happened, an event a line, a file for each scenario')
    .action(async (names: string[], flags: RunFlags) => {
      process.exitCode = await runScenarios(names, flags);
    });
}

async function runScenarios(names: readonly string[], flags: RunFlags): Promise<number> {
  const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by SIGINT')));
  const entries = choose(catalogue(scenariosFolder), names);
  const startedAt = new Date();
  process.stdout.write(
    `orrery ${version}: ${entries.length} scenarios, environment ${flags.env}, seed ${flags.seed}\n\n`,
  );
  const results = await playAll(entries, names, flags, stopping.signal, (result) =>
    process.stdout.write(`${resultLine(result, { color })}\n`),
  );
  const report: RunReport = {
    startedAt: startedAt.toISOString(),
    version,
    environment: flags.env,
    seed: flags.seed,
    realMs: Date.now() - startedAt.getTime(),
    scenarios: results,
  };
  process.stdout.write(`${terminalReport(report, { color })}\n`);
  writeReports(report, flags);
  return passed(report) ? 0 : 1;
}

function playAll(
  entries: readonly CatalogueEntry[],
  names: readonly string[],
  flags: RunFlags,
  signal: AbortSignal,
  onResult: (result: ScenarioResult) => void,
): Promise<ScenarioResult[]> {
  const { env, seed, trace, threads } = flags;
  const kind = environmentKind(env, { ...flags, confirm: flags.yes ? async () => true : confirm });
  if (kind.sideBySide) {
    const absence = kind.absence?.();
    const together = kind.oneAtATime ? 'one namespace for all, one after the other' : 'one cluster for all';
    const word = absence === undefined ? `${together}, from the next full minute on` : `not here: ${absence}`;
    process.stdout.write(`${kind.name}: ${word}\n\n`);
    return runSideBySide({ entries, kind, seed, onResult, signal });
  }
  return run({
    entries,
    environment: (entry) => (env === 'sim' ? environmentFor(entry, names) : env),
    seed,
    ...(trace === undefined ? {} : { traceFolder: trace }),
    ...(threads === undefined ? {} : { threads }),
    signal,
    onResult,
  });
}

/**
 * Scenarios of real programs take real time: they are played, along the wall clock, when they are asked for by name, and are "not here"
 * in a run of all.
 */
function environmentFor(entry: CatalogueEntry, names: readonly string[]): string {
  return names.length > 0 && entry.name.startsWith('skills-') ? 'live' : 'sim';
}

function writeReports(report: RunReport, flags: RunFlags): void {
  const writers: [string | undefined, (report: RunReport) => string][] = [
    [flags.json, jsonReport],
    [flags.junit, junitReport],
    [flags.html, htmlReport],
  ];
  for (const [file, format] of writers) {
    if (file === undefined) continue;
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, format(report));
    process.stdout.write(`written: ${file}\n`);
  }
}
