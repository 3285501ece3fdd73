/** Files that import each other in a circle, types included: none of them can be read first. */
import { importsOf } from './imports.ts';
import type { Finding, Source } from './source.ts';

/**
 * Where there are circles still: a shell's grammar, whose parts are in each other. Its scope is frozen
 * (docs/limits.md).
 */
const LEFT = /^fixtures\/busybox\//;

export function circles(sources: readonly Source[]): Finding[] {
  const targets = new Map(
    sources
      .filter(({ path }) => !LEFT.test(path))
      .map((source) => [source.path, importsOf(source).map(({ target }) => target)]),
  );
  return circlesIn(targets).map((circle) => ({
    path: circle[0] ?? '',
    line: 1,
    message: `imports itself by way of ${circle.slice(1).join(', ')}: what both need is a file of its own`,
  }));
}

/** Strongly connected components of more than one file, each in alphabetical order (Tarjan). */
export function circlesIn(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    open.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!targets.has(target)) continue;
      const reached = order.has(target) ? (open.includes(target) ? order.get(target) : undefined) : visit(target);
      if (reached !== undefined) lowest.set(file, Math.min(lowest.get(file) ?? number, reached));
    }
    const low = lowest.get(file) ?? number;
    if (low === number) {
      const members = open.splice(open.indexOf(file));
      if (members.length > 1) found.push(members.sort());
    }
    return low;
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return found;
}
