/** What a cluster with real nodes can do. Its network is real, so are its minutes; our images have no Python. */
import type { Ability } from '../environment.ts';

/** With services that are deployed in the cluster. */
export const deployedAbilities: ReadonlySet<Ability> = new Set<Ability>([
  'operator restarts',
  'real processes',
  'real containers',
  'agents',
]);

/**
 * Of services in this process as well: they keep their disk when they are killed, and each of their requests is seen.
 */
export const hostAbilities: ReadonlySet<Ability> = new Set<Ability>(['service restarts', 'kills at a request']);

export const containerAbilities: ReadonlySet<Ability> = new Set<Ability>([...deployedAbilities, ...hostAbilities]);
