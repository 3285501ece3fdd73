/** Lists of completion indexes as text (`0,2-4`): increasing, below the number of completions. */
import { quote } from '../../../cron/go-text.ts';

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** How many indexes the text names, or why it is not a list of indexes. */
export type IndexCount = { readonly total: number } | { readonly problem: string };

export function countIndexes(text: string, completions: number): IndexCount {
  if (text === '') return { total: 0 };
  let total = 0;
  let previous: number | undefined;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return { problem: interval };
    if (previous !== undefined && previous >= interval.first)
      return { problem: notIncreasing(previous, interval.first) };
    total += interval.last - interval.first + 1;
    previous = interval.last;
  }
  return { total };
}

/** The first index that both lists name; undefined without one. Parts that cannot be read are passed over. */
export function firstCommonIndex(one: string, other: string, completions: number): number | undefined {
  const left = readable(one, completions);
  const right = readable(other, completions);
  for (const a of left) {
    const b = right.find((candidate) => a.first <= candidate.last && candidate.first <= a.last);
    if (b) return Math.max(a.first, b.first);
  }
  return undefined;
}

function readable(text: string, completions: number): Interval[] {
  if (text === '') return [];
  return text
    .split(',')
    .map((part) => parseInterval(part, completions))
    .filter((interval) => typeof interval !== 'string');
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}

/** The interval, or what is wrong with it. */
function parseInterval(text: string, completions: number): Interval | string {
  const parts = text.split('-');
  if (parts.length > 2) {
    return `the fragment ${quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  const [first = '', second] = parts;
  const problem = problemOf(first, completions) ?? (second === undefined ? undefined : problemOf(second, completions));
  if (problem) return problem;
  const low = Number(first);
  const high = second === undefined ? low : Number(second);
  return second !== undefined && low >= high ? notIncreasing(low, high) : { first: low, last: high };
}

function problemOf(text: string, completions: number): string | undefined {
  if (!/^\+?\d+$/.test(text)) return `cannot convert string to integer for index: ${quote(text)}`;
  return Number(text) >= completions ? `too large index: ${quote(text)}` : undefined;
}
