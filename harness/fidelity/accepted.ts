/** Differences from a real control plane that are right or accepted, each with the reason. Whatever is not here is a bug. */
import type { Difference } from './compare.ts';

export interface Accepted {
  /** One sentence: why the difference may stand. */
  readonly why: string;
  /** Matched against `topic: case`; any case when absent. */
  readonly cases?: RegExp;
  /** Matched against the place of the difference: `2 GET /api: body.versions.0`. */
  readonly at: RegExp;
  /** Matched against the JSON of the value; `(not there)` when there is none. Any value when absent. */
  readonly real?: RegExp;
  readonly simulated?: RegExp;
}

export const accepted: readonly Accepted[] = [
  {
    why: 'The prose of column descriptions is our own: the text of Kubernetes’ documentation is not copied.',
    at: /columnDefinitions\.\d+\.description$/,
  },
  {
    why: 'The message names a source file of the machine that built the server.',
    at: /body\.message$/,
    real: /in scheme \\"/,
    simulated: /in scheme \\"/,
  },
];

/** The first entry that explains the difference. */
export function reasonFor(list: readonly Accepted[], title: string, difference: Difference): Accepted | undefined {
  return list.find(
    (each) =>
      (each.cases?.test(title) ?? true) &&
      each.at.test(difference.at) &&
      (each.real?.test(textOf(difference.real)) ?? true) &&
      (each.simulated?.test(textOf(difference.simulated)) ?? true),
  );
}

function textOf(value: unknown): string {
  return value === undefined ? '(not there)' : JSON.stringify(value);
}
