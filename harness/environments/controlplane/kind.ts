/** The environment `controlplane`: scenarios in real time on a real control plane, its pods on a node of ours. */
import { clusterKind } from '../cluster/kind.ts';
import type { Ability } from '../environment.ts';
import type { EnvironmentProvider } from '../provider.ts';
import { live } from '../sim/kinds.ts';
import { absence } from './parts.ts';

export interface ControlPlaneKindOptions {
  /**
   * False: a scenario begins at once, and not with the next full minute. Counts of starts then depend on when it began.
   */
  readonly atFullMinute: boolean;
}

export function controlPlaneKind({ atFullMinute }: ControlPlaneKindOptions): EnvironmentProvider {
  let abilities: ReadonlySet<Ability> | undefined;
  return clusterKind({
    name: 'controlplane',
    // Looked for once, when somebody asks: it takes a process to find Python.
    get abilities() {
      const python = live.abilities.has('python') ? (['python'] as const) : [];
      abilities ??= new Set<Ability>([
        'operator restarts',
        'service restarts',
        'kills at a request',
        'real processes',
        ...python,
      ]);
      return abilities;
    },
    atFullMinute,
    hostBecause: 'its node runs programs',
    namespaceOf: (scenario) => `scenario-${scenario}`,
    absence,
    share: async () => (await import('./shared-cluster.ts')).startSharedCluster(),
  });
}
