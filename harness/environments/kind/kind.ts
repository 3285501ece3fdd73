/**
 * The environment `kind`: scenarios on a cluster that `npm run kind:up` brought up, each with operator, gateway and
 * content as Deployments, their pods real containers of the actor's image.
 */
import { randomBytes } from 'node:crypto';
import { loadKubeConfig } from '../../../kubernetes/http-client.ts';
import { containerAbilities } from '../cluster/abilities.ts';
import { clusterKind, DEPLOYED_AT_ONCE } from '../cluster/kind.ts';
import type { EnvironmentProvider } from '../provider.ts';
import { readCluster } from './state.ts';

export interface KindKindOptions {
  /** The name that kind:up was given. */
  readonly cluster: string;
  /** False: a scenario begins at once, and not with the next full minute. */
  readonly atFullMinute: boolean;
  /** Operator, gateway and content run in this process, whatever the scenarios need. */
  readonly host: boolean;
}

export function kindKind({ cluster: name, atFullMinute, host }: KindKindOptions): EnvironmentProvider {
  const run = randomBytes(3).toString('hex');
  return clusterKind({
    name: 'kind',
    abilities: containerAbilities,
    atFullMinute,
    atOnce: DEPLOYED_AT_ONCE,
    hostBecause: host ? '--host' : undefined,
    namespaceOf: (scenario) => `orrery-${run}-${scenario}`,
    absence: () =>
      readCluster(name) === undefined
        ? `no kind cluster "${name}" is up: npm run kind:up -- --name ${name}`
        : undefined,
    async share() {
      const cluster = readCluster(name);
      if (!cluster) throw new TypeError(`the kind cluster ${name} has gone`);
      const access = await loadKubeConfig(cluster.kubeconfig);
      const { shareGivenCluster } = await import('../cluster/given-cluster.ts');
      return shareGivenCluster({ access, run, imageOf: (image) => `${image}:${cluster.tag}` });
    },
  });
}
