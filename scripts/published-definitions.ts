/**
 * Installs the definitions that well-known projects publish on a real API server and on the simulated one, and compares
 * the answers: both take them, or both refuse them for the same causes. They are fetched as Go modules (`go mod
 * download`), and none is kept here.
 *
 *   node scripts/published-definitions.ts
 *
 * Needs `go`, and the programs of a control plane in $ORRERY_PARTS/bin or on the PATH.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Agent, request } from 'undici';
import { parseAllDocuments } from 'yaml';
import { findPrograms, type RunningServer, startRealServer } from '../harness/fidelity/exchanges/real-server.ts';
import { startSimulatedServer } from '../harness/fidelity/exchanges/simulated-server.ts';

/** Module with version, and the folders in it that hold definitions or policies. */
const published: readonly (readonly [module: string, folders: readonly string[]])[] = [
  ['sigs.k8s.io/kueue@v0.17.0', ['config/components/crd/bases']],
  ['sigs.k8s.io/jobset@v0.11.1', ['config/components/crd/bases']],
  ['sigs.k8s.io/gateway-api@v1.5.1', ['config/crd/standard', 'config/crd/experimental']],
  ['github.com/argoproj/argo-workflows/v3@v3.7.3', ['manifests/base/crds/minimal', 'manifests/base/crds/full']],
  ['github.com/prometheus-operator/prometheus-operator@v0.85.0', ['example/prometheus-operator-crd']],
  ['github.com/cert-manager/cert-manager@v1.21.2', ['deploy/crds']],
];

interface Manifest {
  readonly from: string;
  readonly kind: string;
  readonly name: string;
  readonly object: object;
}

interface Answer {
  readonly status: number;
  /** Field and message of each cause of a refusal, in order. */
  readonly causes: readonly string[];
  readonly warning: string;
}

/** The folder of a module in Go's cache. */
function moduleFolder(module: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-modules-'));
  try {
    writeFileSync(join(folder, 'go.mod'), 'module published\n');
    const told = execFileSync('go', ['mod', 'download', '-json', module], { cwd: folder, encoding: 'utf8' });
    return (JSON.parse(told) as { Dir: string }).Dir;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = new Set(['CustomResourceDefinition', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);

function manifestsOf(module: string, folders: readonly string[]): Manifest[] {
  const root = moduleFolder(module);
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => /\.ya?ml$/.test(file))
      .flatMap((file) => readManifests(`${module}/${folder}/${file}`, readFileSync(join(root, folder, file), 'utf8'))),
  );
}

function readManifests(from: string, text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as { kind?: string; metadata?: { name?: string } } | null;
    if (object === null || !wanted.has(object.kind ?? '')) return [];
    return [{ from, kind: object.kind ?? '', name: object.metadata?.name ?? '', object }];
  });
}

const paths: Readonly<Record<string, string>> = {
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ValidatingAdmissionPolicy: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
};

const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

async function install({ url, token }: RunningServer, { kind, object }: Manifest): Promise<Answer> {
  const { statusCode, headers, body } = await request(`${url}${paths[kind]}?dryRun=All&fieldValidation=Strict`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  const answer = (await body.json()) as {
    message?: string;
    details?: { causes?: { field?: string; message?: string }[] };
  };
  const causes = (answer.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
  const refusal = statusCode < 300 || causes.length > 0 ? causes : [answer.message ?? ''];
  return { status: statusCode, causes: refusal, warning: String(headers.warning ?? '') };
}

const programs = findPrograms(process.env);
if (typeof programs === 'string') throw new Error(programs);
const manifests = published.flatMap(([module, folders]) => manifestsOf(module, folders));
const [real, simulated] = await Promise.all([startRealServer(programs), startSimulatedServer()]);
let different = 0;
try {
  for (const manifest of manifests) {
    const [there, here] = [await install(real, manifest), await install(simulated, manifest)];
    if (isDeepStrictEqual(there, here)) continue;
    different += 1;
    console.log(`${manifest.from}: ${manifest.name}\n  real      ${JSON.stringify(there).slice(0, 1500)}`);
    console.log(`  simulated ${JSON.stringify(here).slice(0, 1500)}`);
  }
} finally {
  await Promise.all([real.stop(), simulated.stop()]);
}
console.log(
  `${manifests.length} definitions and policies: ${manifests.length - different} answered alike, ${different} not`,
);
process.exit(different === 0 ? 0 : 1);
