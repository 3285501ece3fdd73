/** `orrery run`: plays scenarios, prints a table of verdicts, writes reports. */
import { Command } from 'commander';
import { type EnvironmentWish, environmentKind } from '../../environments/kinds.ts';
import { version } from '../../package.ts';
import { htmlReport } from '../../reports/html/page.ts';
import { jsonReport } from '../../reports/json.ts';
import { junitReport } from '../../reports/junit.ts';
import type { RunReport, ScenarioResult } from '../../reports/model.ts';
import type { SeedRange } from '../../reports/seeds.ts';
import { passed, resultLine, terminalReport } from '../../reports/terminal.ts';
import { type CatalogueEntry, catalogue, choose } from '../../runner/catalogue.ts';
import { run } from '../../runner/run.ts';
import { runSideBySide } from '../../runner/side-by-side.ts';
import { confirm } from '../confirm.ts';
import { ending } from '../ending/ending.ts';
import { countTo, positiveDuration, seedRange, wholeNumber } from '../numbers.ts';
import { OutputFile, openOutputFolder } from '../output-file.ts';
import { scenariosFolder } from '../scenarios-folder.ts';
import { playSeeds } from './run-seeds.ts';

/** A fixed seed, so that two runs without one are the same run. */
const DEFAULT_SEED = 1;
/** More than any machine has cores. */
const THREADS_MAXIMUM = 1024;

interface RunFlags extends Omit<EnvironmentWish, 'confirm'> {
  readonly yes?: true;
  readonly env: string;
  readonly seed: number;
  readonly seeds?: SeedRange;
  readonly threads?: number;
  readonly timeout?: number;
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
    .option('--seeds <range>', 'each scenario with many seeds, as 1..500: counts, and what did not pass', seedRange)
    .option(
      '--timeout <duration>',
      'a scenario that still plays after so long in real time is ended (15m; 30m where all time is real)',
      positiveDuration,
    )
    .option('--threads <n>', 'how many scenarios are played at once', countTo(THREADS_MAXIMUM))
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
  const ended = ending();
  const entries = choose(catalogue(scenariosFolder), names);
  if (flags.seeds) return playSeeds(entries, { ...flags, seeds: flags.seeds }, color, ended);
  const outputs = openOutputs(flags);
  const startedAt = new Date();
  process.stdout.write(
    `orrery ${version}: ${entries.length} scenarios, environment ${flags.env}, seed ${flags.seed}\n\n`,
  );
  const results = await playAll(entries, names, flags, ended, (result) =>
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
  for (const write of outputs) write(report);
  return passed(report) ? 0 : 1;
}

function playAll(
  entries: readonly CatalogueEntry[],
  names: readonly string[],
  flags: RunFlags,
  signal: AbortSignal,
  onResult: (result: ScenarioResult) => void,
): Promise<ScenarioResult[]> {
  const { env, seed, trace, threads, timeout: limitMs } = flags;
  const kind = environmentKind(env, { ...flags, confirm: flags.yes ? async () => true : confirm });
  if (kind.sideBySide) {
    const absence = kind.absence?.();
    const together = kind.atOnce === 1 ? 'one namespace for all, one after the other' : 'one cluster for all';
    const word = absence === undefined ? `${together}, from the next full minute on` : `not here: ${absence}`;
    process.stdout.write(`${kind.name}: ${word}\n\n`);
    return runSideBySide({ entries, kind, seed, onResult, signal, ...(limitMs === undefined ? {} : { limitMs }) });
  }
  return run({
    entries,
    environment: (entry) => (env === 'sim' ? environmentFor(entry, names) : env),
    seed,
    ...(trace === undefined ? {} : { traceFolder: trace }),
    ...(threads === undefined ? {} : { threads }),
    ...(limitMs === undefined ? {} : { limits: { limitMs } }),
    signal,
    onResult,
  });
}

/**
 * Scenarios of real programs take real time: they are played, along the wall clock, when they are asked for by name,
 * and are "not here" in a run of all.
 */
function environmentFor(entry: CatalogueEntry, names: readonly string[]): string {
  return names.length > 0 && entry.name.startsWith('skills-') ? 'live' : 'sim';
}

/** Opened before anything is played. */
function openOutputs(flags: RunFlags): ((report: RunReport) => void)[] {
  if (flags.trace !== undefined) openOutputFolder('--trace', flags.trace);
  const formats = { json: jsonReport, junit: junitReport, html: htmlReport } as const;
  return (Object.keys(formats) as (keyof typeof formats)[]).flatMap((name) => {
    const path = flags[name];
    if (path === undefined) return [];
    const output = OutputFile.open(`--${name}`, path);
    return (report: RunReport) => {
      output.write(formats[name](report));
      process.stdout.write(`written: ${path}\n`);
    };
  });
}
