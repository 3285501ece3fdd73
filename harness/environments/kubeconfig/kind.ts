/** The environment `kubeconfig`: scenarios on any cluster, by a context of a kubeconfig. */
import { randomBytes } from 'node:crypto';
import { loadKubeConfig } from '../../../kubernetes/http-client.ts';
import { version } from '../../package.ts';
import type { EnvironmentKind } from '../../runner/play.ts';
import { containerAbilities } from '../cluster/abilities.ts';
import { clusterKind } from '../cluster/kind.ts';

export interface KubeconfigKindOptions {
  /** A file; absent: what kubectl takes. */
  readonly kubeconfig?: string;
  readonly context: string;
  /** Namespaces of the run are called so, with a number; absent: `orrery-` and the run's name. */
  readonly namespace?: string;
  /** The actor's image as the cluster can pull it; `orrery/actor:VERSION` when absent. */
  readonly actorImage?: string;
  /** False: a scenario begins at once, and not with the next full minute. */
  readonly atFullMinute: boolean;
  /** Asks whoever runs it, in words on the cluster; not asked of a local one. False: nothing is written there. */
  confirm(question: string): Promise<boolean>;
}

export class UnknownContextError extends Error {
  override readonly name = 'UnknownContextError';
  readonly context: string;

  constructor(context: string, known: readonly string[]) {
    super(`the kubeconfig has no context "${context}": there are ${known.join(', ') || 'none'}`);
    this.context = context;
  }
}

export class NotConfirmedError extends Error {
  override readonly name = 'NotConfirmedError';

  constructor(server: string) {
    super(`nothing was written to ${server}: answer yes, or give --yes`);
  }
}

export function kubeconfigKind(options: KubeconfigKindOptions): EnvironmentKind {
  const run = randomBytes(3).toString('hex');
  const prefix = options.namespace ?? `orrery-${run}`;
  return clusterKind({
    name: 'kubeconfig',
    abilities: containerAbilities,
    atFullMinute: options.atFullMinute,
    prefix,
    absence: () => undefined,
    async share() {
      const access = await accessTo(options, prefix);
      const actor = options.actorImage ?? `orrery/actor:${version}`;
      const { shareGivenCluster } = await import('../cluster/given-cluster.ts');
      return shareGivenCluster({ access, run, imageOf: (image) => (image === 'orrery/actor' ? actor : image) });
    },
  });
}

async function accessTo({ kubeconfig, context, confirm }: KubeconfigKindOptions, prefix: string) {
  const access = await loadKubeConfig(kubeconfig);
  const known = access.getContexts().map(({ name }) => name);
  if (!known.includes(context)) throw new UnknownContextError(context, known);
  access.setCurrentContext(context);
  const server = access.getCurrentCluster()?.server ?? '';
  if (isLocal(server)) return access;
  const writes = `the definitions of Task and TaskPool, which stay, and namespaces ${prefix}-1, ${prefix}-2 …, which go again`;
  if (!(await confirm(`${context} (${server}) is not on this machine. May scenarios write to it: ${writes}?`))) {
    throw new NotConfirmedError(server);
  }
  return access;
}

/** A cluster of this machine: kind, minikube, Docker Desktop. */
export function isLocal(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { hostname } = new URL(server);
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === 'kubernetes.docker.internal' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
