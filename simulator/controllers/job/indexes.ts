/**
 * Sets of completion indexes as ordered intervals, and their text in a Job's status: `0-2,4,6,7`. Source: semantics 3.6
 * and tables `jobIndexes`. An Indexed Job may have 100,000 indexes: nothing here is proportional to them.
 */

export interface Interval {
  readonly first: number;
  readonly last: number;
}

/** In increasing order, neither overlapping nor touching. */
export type Indexes = readonly Interval[];

/**
 * Reads the text of a status or of a success policy; what is no number is skipped, what lies beyond `completions` cut.
 */
export function parseIndexes(text: string | undefined, completions: number): Indexes {
  const intervals: Interval[] = [];
  for (const part of (text ?? '').split(',')) {
    const [first, last = first] = part.split('-').map(wholeNumber);
    if (first === undefined || last === undefined) continue;
    if (first >= completions) break;
    intervals.push({ first, last: Math.min(last, completions - 1) });
  }
  return mergeIndexes([], intervals);
}

/** Sorted; runs of three or more as `a-b`, two as `a,b`. */
export function formatIndexes(indexes: Indexes): string {
  return indexes.map(formatInterval).join(',');
}

export function countIndexes(indexes: Indexes): number {
  return indexes.reduce((total, { first, last }) => total + last - first + 1, 0);
}

export function hasIndex(indexes: Indexes, index: number): boolean {
  let low = 0;
  let high = indexes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((indexes[middle]?.last ?? index) >= index) high = middle;
    else low = middle + 1;
  }
  return (indexes[low]?.first ?? Number.POSITIVE_INFINITY) <= index;
}

/** Both sets together. The arguments need only be sorted by their first index. */
export function mergeIndexes(one: Indexes, other: Indexes): Indexes {
  const merged: Interval[] = [];
  for (const interval of [...one, ...other].sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous !== undefined && interval.first <= previous.last + 1) {
      merged[merged.length - 1] = { first: previous.first, last: Math.max(previous.last, interval.last) };
    } else {
      merged.push(interval);
    }
  }
  return merged;
}

export function withIndexes(indexes: Indexes, added: Iterable<number>): Indexes {
  return mergeIndexes(
    indexes,
    [...added].map((index) => ({ first: index, last: index })),
  );
}

/** How many indexes stand in both. */
export function countCommonIndexes(one: Indexes, other: Indexes): number {
  let common = 0;
  let left = 0;
  let right = 0;
  for (;;) {
    const a = one[left];
    const b = other[right];
    if (a === undefined || b === undefined) return common;
    common += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
    if (a.last <= b.last) left += 1;
    if (b.last <= a.last) right += 1;
  }
}

/** The lowest `count` indexes below `completions` that are not in `taken`. */
export function firstFreeIndexes(taken: Indexes, count: number, completions: number): number[] {
  const free: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && free.length < count; candidate += 1) free.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return free;
}

function formatInterval({ first, last }: Interval): string {
  if (first === last) return String(first);
  return `${first}${last === first + 1 ? ',' : '-'}${last}`;
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
