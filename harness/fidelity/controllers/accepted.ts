/**
 * Differences from the real controllers that are right or accepted, each with the reason. Whatever is not here is a
 * bug.
 */
import type { Difference } from './compare.ts';

export interface Accepted {
  /** One sentence: why the difference may stand. */
  readonly why: string;
  /** Matched against `topic: case`; any case when absent. */
  readonly cases?: RegExp;
  /** Matched against the line: `job/work`, `events of ...`. */
  readonly line: RegExp;
  /** Matched against kind and text: `only real: 3.1s active 1`. */
  readonly text: RegExp;
}

export const accepted: readonly Accepted[] = [];

export function explains({ cases, line, text }: Accepted, title: string, difference: Difference): boolean {
  if (cases && !cases.test(title)) return false;
  return line.test(difference.line) && text.test(`${difference.kind}: ${difference.text}`);
}
