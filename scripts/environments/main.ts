/**
 * Plays all scenarios in each environment that can be had here and writes docs/environments.md.
 *
 *   npm run environments [-- ENVIRONMENT...] [--from FILE] [--name CLUSTER]
 *
 * Environments: sim, controlplane, kind (the cluster of that name, brought up and taken down unless it is there); one
 * that is not named, or not to be had, keeps its last result. --from takes the report that `orrery run --json FILE`
 * wrote instead of playing the one environment that is named.
 */
import '../../harness/unread-output.ts';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { DEFAULT_CLUSTER, readCluster } from '../../harness/environments/kind/state.ts';
import { down, ensure } from '../kind/cluster.ts';
import { renewImages } from '../kind/run-images.ts';
import { failureText } from '../kind/step.ts';
import { page } from './page.ts';
import {
  type EnvironmentName,
  environmentNames,
  readRecord,
  recordOf,
  type WrittenReport,
  writeRecord,
} from './record.ts';

const { values, positionals } = parseArgs({
  options: { from: { type: 'string' }, name: { type: 'string', default: DEFAULT_CLUSTER } },
  allowPositionals: true,
});
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const node = process.versions.node;

function output(program: string | undefined, parameters: readonly string[]): string {
  return program === undefined ? '' : spawnSync(program, parameters, { encoding: 'utf8' }).stdout.trim();
}

/** As the parts themselves tell it. */
const kubernetesVersions: Readonly<Record<EnvironmentName, () => string>> = {
  sim: () => 'simulated',
  controlplane: () => output(findProgram('kube-apiserver'), ['--version']).replace('Kubernetes ', ''),
  kind: () => {
    const parameters = ['--kubeconfig', readCluster(values.name)?.kubeconfig ?? '', 'version', '--output', 'json'];
    const text = output(findProgram('kubectl'), parameters);
    const { serverVersion } = JSON.parse(text || '{}') as { serverVersion?: { gitVersion: string } };
    const own = process.env.ORRERY_KIND_IMAGE;
    return `${serverVersion?.gitVersion ?? 'unknown'}, kind${own === undefined ? '' : ` with the node image ${own}`}`;
  },
};

/** True when nothing is false or unknown. */
function keep(name: EnvironmentName, file: string): boolean {
  const report = JSON.parse(readFileSync(file, 'utf8')) as WrittenReport;
  writeRecord(recordOf(name, report, { node, kubernetes: kubernetesVersions[name]() }));
  return report.scenarios.every(({ verdict }) => verdict.value === 'true' || verdict.value === 'not here');
}

function play(name: EnvironmentName): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-environments-'));
  try {
    const file = join(folder, 'report.json');
    const command = [join(checkout, 'harness/cli/main.ts'), 'run', '--env', name, '--json', file];
    const where = name === 'kind' ? ['--cluster', values.name] : [];
    spawnSync(process.execPath, [...command, ...where], { stdio: 'inherit' });
    return keep(name, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playOnKind(): Promise<boolean> {
  const print = (line: string) => console.log(line);
  const { cluster, mine } = await ensure({ name: values.name, host: true, retain: false }, print);
  try {
    if (!mine) await renewImages(cluster, print);
    return play('kind');
  } finally {
    if (mine) await down(values.name, print);
  }
}

const chosen = environmentNames.filter((name) => positionals.length === 0 || positionals.includes(name));
let good = true;
for (const name of chosen) {
  try {
    if (values.from !== undefined) good = keep(name, values.from) && good;
    else good = (name === 'kind' ? await playOnKind() : play(name)) && good;
  } catch (error) {
    console.error(`${name}: ${failureText(error)}`);
    good = false;
  }
}
const records = environmentNames.flatMap((name) => readRecord(name) ?? []);
writeFileSync(join(checkout, 'docs/environments.md'), page(records));
process.exitCode = good ? 0 : 1;
