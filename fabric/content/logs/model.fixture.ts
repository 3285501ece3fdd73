/** What rows of a log must be, told plainly: all lines in an array. For tests. */
import fc from 'fast-check';
import type { Batch } from './append.ts';
import type { Bound, RowQuery } from './query.ts';

export interface ModelLine {
  readonly bytes: Buffer;
  /** Milliseconds after the start. */
  readonly at: number;
}

/** A run's attempts, each a list of lines, the last of them perhaps without its line feed. */
export interface ModelAttempt {
  readonly lines: readonly ModelLine[];
  readonly isTerminated: boolean;
}

export interface ModelQuery extends RowQuery {
  readonly contains?: string;
  readonly ignoreCase: boolean;
  readonly beforeLines: number;
  readonly afterLines: number;
}

const startAt = Date.UTC(2026, 0, 1);
const shownBytes = 64 * 1024;

/** Times of lines that grow, several lines of one instant among them. */
const step = fc.constantFrom(0, 0, 1, 7, 1500);
const word = fc.constantFrom('a', 'b', 'A', 'ab', 'é', 'É', ' ', '\r', 'x'.repeat(300));
const odd = fc.constantFrom(Buffer.from([0xff]), Buffer.from([0xc3]), Buffer.from([0xa9]), Buffer.alloc(0));
const piece = fc.oneof({ weight: 8, arbitrary: word.map((text) => Buffer.from(text)) }, { weight: 1, arbitrary: odd });
const long = fc.tuple(fc.constantFrom(65_530, 65_536, 70_000, 200_000), piece).map(([bytes, end]) => {
  return Buffer.concat([Buffer.alloc(bytes, 'y'), end]);
});
const bytes = fc.oneof(
  { weight: 30, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces)) },
  { weight: 1, arbitrary: long },
);

export const attempts: fc.Arbitrary<ModelAttempt[]> = fc
  .array(
    fc.record({
      steps: fc.array(fc.tuple(bytes, step), { minLength: 1, maxLength: 40 }),
      repeats: fc.constantFrom(1, 1, 1, 30),
      isTerminated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((given) => {
    let at = 0;
    const lineOf = ([line, wait]: readonly [Buffer, number]): ModelLine => {
      at += wait;
      return { bytes: line, at };
    };
    return given.map(({ steps, repeats, isTerminated }) => {
      const lines = Array.from({ length: repeats }, () => steps.map(lineOf)).flat();
      // What has no byte and no line feed is no line.
      const isWhole = isTerminated || lines.at(-1)?.bytes.length === 0;
      return { lines, isTerminated: isWhole };
    });
  });

const bound = fc.option(
  fc.oneof(
    fc.nat(130).map((line) => ({ line })),
    fc.nat(3000).map((ms) => ({ instant: instantAt(ms) })),
  ),
  { nil: undefined },
);

export const queries: fc.Arbitrary<ModelQuery> = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(10_000)),
  offset: fc.oneof(fc.constant(0), fc.nat(12)),
  sort: fc.constantFrom('oldest' as const, 'newest' as const),
  after: bound,
  before: bound,
  contains: fc.option(fc.constantFrom('a', 'ab', 'aA', 'É', 'yab', 'b a', 'yyyé', 'zz', '\r'), { nil: undefined }),
  ignoreCase: fc.boolean(),
  beforeLines: fc.nat(4),
  afterLines: fc.nat(4),
});

function instantAt(ms: number) {
  return { seconds: startAt / 1000 + Math.floor(ms / 1000), nanoseconds: (ms % 1000) * 1_000_000 };
}

function timeOf(ms: number): string {
  return `${new Date(startAt + ms).toISOString().slice(0, -1)}000000Z`;
}

/** As the log API prints an attempt. */
export function printed({ lines, isTerminated }: ModelAttempt): Buffer {
  const parts = lines.flatMap(({ bytes: line, at }, index) => {
    const end = index === lines.length - 1 && !isTerminated ? '' : '\n';
    return [Buffer.from(`${timeOf(at)} `), line, Buffer.from(end)];
  });
  return Buffer.concat(parts);
}

/** How attempts come to be stored, one batch each. */
export function batchesOf(given: readonly ModelAttempt[]): { readonly batch: Batch; readonly bytes: Buffer }[] {
  let line = 0;
  return given.map((attempt, index) => {
    const batch = { line, offset: 0, begin: index > 0, complete: true };
    line += attempt.lines.length;
    return { batch, bytes: printed(attempt) };
  });
}

/** The rows of a page, as they must be, without those fields that are the same in all. */
export function modelRows(lines: readonly ModelLine[], query: ModelQuery) {
  const all = lines.map((each, line) => ({ ...each, line, hasText: hasText(each.bytes, query) }));
  const within = all.filter(({ line, at }) => isAfter(line, at, query.after) && isBefore(line, at, query.before));
  const ordered = query.sort === 'oldest' ? within : within.toReversed();
  const isSearch = query.contains !== undefined;
  const matching = isSearch ? ordered.filter(({ hasText }) => hasText) : ordered;
  const page = matching.slice(query.offset, query.offset + query.limit);
  const isNear = (line: number) =>
    page.some((hit) => line >= hit.line - query.beforeLines && line <= hit.line + query.afterLines);
  const shown = isSearch ? ordered.filter(({ line }) => isNear(line)) : page;
  const rows = shown.map(({ line, at, bytes: whole, hasText }) => ({
    line,
    timestamp: timeOf(at),
    text: whole.toString('utf8', 0, shownBytes),
    ...(whole.length > shownBytes ? { cutFromBytes: whole.length } : {}),
    ...(isSearch ? { match: hasText } : {}),
    stream: 'unknown',
  }));
  return { rows, matching: matching.length, lastOfPage: page.at(-1)?.line };
}

function hasText(whole: Buffer, { contains = '', ignoreCase }: ModelQuery): boolean {
  const text = whole.toString('utf8');
  return ignoreCase ? text.toLowerCase().includes(contains.toLowerCase()) : text.includes(contains);
}

function isAfter(line: number, at: number, given: Bound | undefined): boolean {
  if (!given) return true;
  return 'line' in given ? line > given.line : at > msOf(given);
}

function isBefore(line: number, at: number, given: Bound | undefined): boolean {
  if (!given) return true;
  return 'line' in given ? line < given.line : at < msOf(given);
}

function msOf({ instant }: { readonly instant: { readonly seconds: number; readonly nanoseconds: number } }): number {
  return instant.seconds * 1000 - startAt + instant.nanoseconds / 1e6;
}
