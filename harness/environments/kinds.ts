/** The environments by name. */
import type { EnvironmentKind } from '../runner/play.ts';
import { controlPlaneKind } from './controlplane/kind.ts';
import { live, sim } from './sim/kinds.ts';

const kinds: readonly EnvironmentKind[] = [sim, live, controlPlaneKind({ atFullMinute: true })];

export class UnknownEnvironmentError extends Error {
  override readonly name = 'UnknownEnvironmentError';
  readonly wanted: string;

  constructor(wanted: string) {
    super(`there is no environment "${wanted}": known are ${kinds.map((kind) => kind.name).join(', ')}`);
    this.wanted = wanted;
  }
}

export function environmentKind(name: string): EnvironmentKind {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (!kind) throw new UnknownEnvironmentError(name);
  return kind;
}
