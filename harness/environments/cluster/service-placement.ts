/**
 * Where a scenario's operator, gateway and content run on a real cluster: deployed in it, unless something speaks for
 * this process.
 */
import type { Ability } from '../environment.ts';
import { deployedAbilities } from './abilities.ts';

export interface ServicePlacement {
  readonly where: 'deployed' | 'on the host';
  /** For reports: `deployed`, `on the host: kills at a request`. */
  readonly words: string;
}

/** `hostBecause` says why none is deployed there; what the scenario needs decides otherwise. */
export function placementOf(needs: readonly Ability[], hostBecause: string | undefined): ServicePlacement {
  const beyond = needs.filter((need) => !deployedAbilities.has(need));
  const because = hostBecause ?? beyond.join(', ');
  return because === ''
    ? { where: 'deployed', words: 'deployed' }
    : { where: 'on the host', words: `on the host: ${because}` };
}
