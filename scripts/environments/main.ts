/**
 * Plays the standard scenarios in every environment that can be had here, and writes docs/environments.md.
 *
 *   npm run environments [-- sim controlplane kind]
 *
 * `controlplane` needs its programs in $ORRERY_PARTS/bin or on the PATH, `kind` Docker and kind (README, "On kind"); an environment that is not here is
 * left out, with a line that says why. Ends with 1 when a scenario did not pass.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { absence, findProgram } from '../../harness/environments/controlplane/parts.ts';
import { type EnvironmentReport, page } from './page.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** What plays the scenarios there: a script of this checkout. */
const PLAYS: Readonly<Record<string, readonly string[]>> = {
  sim: ['harness/cli/main.ts', 'run'],
  controlplane: ['harness/cli/main.ts', 'run', '--env', 'controlplane'],
  kind: ['scripts/kind/run.ts'],
};

async function missing(environment: string): Promise<string | undefined> {
  if (environment === 'sim') return undefined;
  if (environment === 'controlplane') return absence();
  if (!findProgram('kind')) return 'no kind on the PATH or in $ORRERY_PARTS/bin';
  const { exitCode } = await $({ nothrow: true, quiet: true })`docker info`;
  return exitCode === 0 ? undefined : 'no Docker answers';
}

async function play(environment: string, folder: string): Promise<EnvironmentReport | undefined> {
  const why = await missing(environment);
  if (why !== undefined) {
    console.log(`${environment}: left out: ${why}`);
    return undefined;
  }
  const file = join(folder, `${environment}.json`);
  const command = [...(PLAYS[environment] ?? []), '--json', file];
  const child = spawn(process.execPath, command, { cwd: CHECKOUT, stdio: 'inherit' });
  await once(child, 'exit');
  if (!existsSync(file)) throw new Error(`${command.join(' ')} wrote no report`);
  return JSON.parse(readFileSync(file, 'utf8')) as EnvironmentReport;
}

async function kubernetesVersion(): Promise<string> {
  const program = findProgram('kube-apiserver');
  if (!program) return 'not here';
  const words = (await $({ quiet: true })`${program} --version`).text();
  return /v([\d.]+)/.exec(words)?.[1] ?? words.trim();
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PLAYS);
const unknown = wanted.filter((name) => !Object.hasOwn(PLAYS, name));
if (unknown.length > 0) {
  console.error(`no environment ${unknown.join(', ')}: there are ${Object.keys(PLAYS).join(', ')}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'orrery-environments-'));
try {
  const reports: EnvironmentReport[] = [];
  for (const environment of wanted) {
    const report = await play(environment, folder);
    if (report) reports.push(report);
  }
  const versions = { node: process.versions.node, kubernetes: await kubernetesVersion() };
  writeFileSync(join(CHECKOUT, 'docs/environments.md'), page(reports, versions));
  const isGood = ({ verdict }: EnvironmentReport['scenarios'][number]) =>
    verdict.value === 'true' || verdict.value === 'not here';
  process.exitCode = reports.every(({ scenarios }) => scenarios.every(isGood)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
