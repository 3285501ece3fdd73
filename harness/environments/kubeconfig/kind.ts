/** The environment `kubeconfig`: scenarios on any cluster, by a context of a kubeconfig. */
import { randomBytes } from 'node:crypto';
import { loadKubeConfig } from '../../../kubernetes/http-client.ts';
import { version } from '../../package.ts';
import { containerAbilities } from '../cluster/abilities.ts';
import { clusterKind, DEPLOYED_AT_ONCE } from '../cluster/kind.ts';
import type { EnvironmentProvider } from '../provider.ts';

export interface KubeconfigKindOptions {
  /** A file; absent: what kubectl takes. */
  readonly kubeconfig?: string;
  readonly context: string;
  /**
   * The only one that is touched: scenarios are played in it one after the other. Absent: each has one of its own,
   * `orrery-RUN-1` ..., side by side.
   */
  readonly namespace?: string;
  /**
   * Where the cluster pulls our images, `PREFIX/operator:TAG`; absent: operator, gateway and content run in this
   * process.
   */
  readonly images?: string;
  /** Of those images; this package's version when absent. */
  readonly tag?: string;
  /** The actor's image as the cluster can pull it; one of `images`, or `orrery/actor:VERSION`, when absent. */
  readonly actorImage?: string;
  /** Operator, gateway and content run in this process, whatever there is. */
  readonly host: boolean;
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

export function kubeconfigKind(options: KubeconfigKindOptions): EnvironmentProvider {
  const run = randomBytes(3).toString('hex');
  const { namespace, images, host } = options;
  const withoutImages = images === undefined ? 'no --images' : undefined;
  return clusterKind({
    name: 'kubeconfig',
    abilities: containerAbilities,
    atFullMinute: options.atFullMinute,
    atOnce: DEPLOYED_AT_ONCE,
    hostBecause: host ? '--host' : withoutImages,
    oneNamespace: namespace !== undefined,
    namespaceOf: (scenario) => namespace ?? `orrery-${run}-${scenario}`,
    absence: () => undefined,
    async share() {
      const access = await accessTo(options, run);
      const { shareGivenCluster } = await import('../cluster/given-cluster.ts');
      return shareGivenCluster({ access, run, namespace, imageOf: (image) => imageIn(options, image) });
    },
  });
}

/** `orrery/operator` as the cluster pulls it; images of others are called as they are. */
export function imageIn(
  { images = 'orrery', tag = version, actorImage }: Pick<KubeconfigKindOptions, 'images' | 'tag' | 'actorImage'>,
  image: string,
): string {
  if (image === 'orrery/actor' && actorImage !== undefined) return actorImage;
  const [, name] = /^orrery\/([a-z]+)$/.exec(image) ?? [];
  return name === undefined ? image : `${images.replace(/\/+$/, '')}/${name}:${tag}`;
}

async function accessTo({ kubeconfig, context, confirm, namespace }: KubeconfigKindOptions, run: string) {
  const access = await loadKubeConfig(kubeconfig);
  const known = access.getContexts().map(({ name }) => name);
  if (!known.includes(context)) throw new UnknownContextError(context, known);
  access.setCurrentContext(context);
  const server = access.getCurrentCluster()?.server ?? '';
  if (isLocal(server)) return access;
  const where =
    namespace === undefined
      ? `namespaces orrery-${run}-1, orrery-${run}-2 …, which go again`
      : `what scenarios make in the namespace ${namespace}, which goes again`;
  const writes = `the definitions of Task and TaskPool, which stay, and ${where}`;
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
