/**
 * The go.mod files from which a real control plane is built. `go install k8s.io/kubernetes/...` is refused, since
 * Kubernetes takes its staging modules from its own tree: a module of our own replaces each by the version that is
 * published for it.
 */

/** What `go mod edit -json` tells of a go.mod, as far as it is needed. */
export interface GoModule {
  readonly Go: string;
  readonly Replace: readonly Replacement[] | null;
}

interface Replacement {
  readonly Old: { readonly Path: string };
  readonly New: { readonly Path: string; readonly Version?: string };
}

export interface Versions {
  /** `1.36.3`. */
  readonly kubernetes: string;
  /** `3.6.16`. */
  readonly etcd: string;
}

export class UnknownModuleShapeError extends Error {
  override readonly name = 'UnknownModuleShapeError';

  constructor(what: string) {
    super(`k8s.io/kubernetes is not laid out as this script expects: ${what}; try the version that it was written for`);
  }
}

/** 1.36.3 -> v0.36.3: Kubernetes 1.x publishes its staging modules as 0.x. */
export function stagingVersion(kubernetes: string): string {
  const [, rest] = /^1\.(\d+\.\d+(?:-[\w.]+)?)$/.exec(kubernetes) ?? [];
  if (rest === undefined) throw new UnknownModuleShapeError(`${kubernetes} is no version 1.x.y`);
  return `v0.${rest}`;
}

/** go.mod of a module that can build Kubernetes' commands; `upstream` is what Kubernetes' own go.mod says. */
export function kubernetesModule(upstream: GoModule, { kubernetes }: Versions): string {
  const staging = (upstream.Replace ?? [])
    .filter(({ New }) => New.Path.startsWith('./staging/'))
    .map(({ Old }) => Old.Path);
  if (staging.length === 0) throw new UnknownModuleShapeError('its go.mod replaces no staging module');
  const version = stagingVersion(kubernetes);
  return [
    'module orrery/control-plane',
    '',
    `go ${upstream.Go}`,
    '',
    `require k8s.io/kubernetes v${kubernetes}`,
    '',
    'replace (',
    ...staging.map((path) => `\t${path} => ${path} ${version}`),
    ')',
    '',
  ].join('\n');
}

const ETCD_MODULES = ['server/v3', 'api/v3', 'pkg/v3', 'client/v3', 'client/pkg/v3'];

/** go.mod of a module that can build etcd: its parts are modules that must be of one version. */
export function etcdModule({ etcd }: Versions, go: string): string {
  const requirements = ETCD_MODULES.map((path) => `\tgo.etcd.io/etcd/${path} v${etcd}`);
  return ['module orrery/etcd', '', `go ${go}`, '', 'require (', ...requirements, ')', ''].join('\n');
}

/** Linker flags: no debug information, and the version that `/version` tells. */
export function linkerFlags({ kubernetes }: Versions): string {
  const [major, minor] = kubernetes.split('.');
  const stamps = { gitVersion: `v${kubernetes}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const written = Object.entries(stamps).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s', '-w', ...written].join(' ');
}
