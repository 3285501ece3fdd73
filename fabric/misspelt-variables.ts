/**
 * Variables of the environment that look like a service's own and are none: a service with `FABRIC_GATWAY_URL` would
 * start, and report nothing. Kubernetes gives pods variables of every Service around them, so that others are no
 * mistake.
 */
import { nearestName } from './task/nearest-name.ts';

const prefix = 'FABRIC_';

export interface MisspeltVariable {
  readonly name: string;
  readonly meant: string;
}

export function misspeltVariables(given: readonly string[], known: readonly string[]): MisspeltVariable[] {
  const words = known.map((name) => name.slice(prefix.length));
  return given
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .flatMap((name) => {
      const meant = nearestName(name.slice(prefix.length), words);
      return meant === undefined ? [] : [{ name, meant: `${prefix}${meant}` }];
    });
}
