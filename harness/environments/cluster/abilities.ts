/** What a cluster with real nodes can do. Its network is real, so are its minutes; our images have no Python. */
import type { Ability } from '../environment.ts';

export const containerAbilities: ReadonlySet<Ability> = new Set<Ability>([
  'service restarts',
  'real processes',
  'real containers',
]);
