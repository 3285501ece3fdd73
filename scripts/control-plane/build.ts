/**
 * Builds a real control plane from Go modules, for machines with a Go toolchain and nothing else: no Docker, no
 * registry.
 *
 *   npm run control-plane:build [-- --into FOLDER] [--programs kube-apiserver,kubectl] [--kubernetes 1.36.3] [--etcd 3.6.16]
 *
 * FOLDER/bin gets the programs; the default is `.parts` in this checkout. All five take some 12 minutes on two cores at
 * first, and seconds from Go's build cache. Then: ORRERY_PARTS=FOLDER npm run fidelity.
 */
import '../../harness/unread-output.ts';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { $, which } from 'zx';
import { etcdModule, type GoModule, kubernetesModule, linkerFlags, type Versions } from './modules.ts';

const PACKAGES: Readonly<Record<string, string>> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
};
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: process.env.ORRERY_PARTS ?? join(CHECKOUT, '.parts') },
    programs: { type: 'string', default: Object.keys(PACKAGES).join(',') },
    kubernetes: { type: 'string', default: '1.36.3' },
    etcd: { type: 'string', default: '3.6.16' },
  },
});

class BuildError extends Error {
  override readonly name = 'BuildError';
}

const versions: Versions = { kubernetes: values.kubernetes, etcd: values.etcd };
const inModule = (folder: string) =>
  $({
    cwd: folder,
    env: { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** go.mod as Kubernetes publishes it: downloads the module, which the build needs anyway. */
async function upstreamModule(folder: string): Promise<GoModule> {
  const go = inModule(folder);
  const found = (await go`go mod download -json k8s.io/kubernetes@v${versions.kubernetes}`).json<{ GoMod: string }>();
  return (await go`go mod edit -json ${found.GoMod}`).json<GoModule>();
}

/** `1.26.8`: of the toolchain that is here. */
async function goVersion(): Promise<string> {
  return (await $`go env GOVERSION`).text().trim().replace(/^go/, '');
}

/** A folder with the go.mod that can build the program. */
async function moduleFor(program: string, folder: string): Promise<string> {
  const own = join(folder, program === 'etcd' ? 'etcd' : 'kubernetes');
  if (existsSync(join(own, 'go.mod'))) return own;
  mkdirSync(own);
  const text =
    program === 'etcd'
      ? etcdModule(versions, await goVersion())
      : kubernetesModule(await upstreamModule(own), versions);
  writeFileSync(join(own, 'go.mod'), text);
  return own;
}

async function build(program: string, folder: string, into: string): Promise<void> {
  const go = inModule(await moduleFor(program, folder));
  const target = join(into, 'bin', program);
  await go`go build -trimpath -ldflags ${linkerFlags(versions)} -o ${target} ${PACKAGES[program] ?? ''}`;
  console.log(`built ${target}`);
}

async function main(): Promise<void> {
  const programs = values.programs.split(',');
  const unknown = programs.filter((program) => PACKAGES[program] === undefined);
  if (unknown.length > 0)
    throw new BuildError(`unknown programs: ${unknown.join(', ')}; known are ${Object.keys(PACKAGES).join(', ')}`);
  if (!(await which('go', { nothrow: true })))
    throw new BuildError('no Go toolchain on the PATH: install Go 1.26 or later (go.dev/dl)');
  const into = resolve(values.into);
  mkdirSync(join(into, 'bin'), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'orrery-control-plane-'));
  try {
    for (const program of programs) await build(program, folder, into);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`next: ORRERY_PARTS=${into} npm run fidelity`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BuildError ? error.message : error);
  process.exit(1);
}
