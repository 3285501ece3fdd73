/** Two stories of one case, line by line: what one of them alone tells, and what came at another time. */
import type { Moment, Timeline } from './moment.ts';

/**
 * How far the real cluster may be ahead, ms: the controller gathers changes for a second, and Kubernetes keeps whole
 * seconds.
 */
const EARLY_MS = 2_200;
/**
 * By how much a moment may be later than what came before it was late: a busy machine starts many pods at once late,
 * and what follows from one that was late is as late. The shortest back-off is longer than that.
 */
const LATER_MS = 8_000;

export interface Difference {
  /** The object: `job/work`, `events of job/work by job-controller`. */
  readonly line: string;
  readonly kind: 'only real' | 'only simulated' | 'at another time';
  readonly text: string;
}

/** What only one of them tells counts when it came before `lastsMs`: after that the other may be about to. */
export function compare(real: Timeline, simulated: Timeline, lastsMs: number): Difference[] {
  const lines = [...new Set([...Object.keys(real), ...Object.keys(simulated)])];
  const matches: Match[] = [];
  const alone: Difference[] = [];
  for (const line of lines) {
    for (const [one, other] of aligned(real[line] ?? [], simulated[line] ?? [])) {
      if (one && other) {
        if (!one.isChance && !other.isChance) matches.push({ line, real: one, simulated: other });
      } else alone.push(...unmatched(line, one, other, lastsMs));
    }
  }
  return [...alone, ...atOtherTimes(matches)];
}

interface Match {
  readonly line: string;
  readonly real: Moment;
  readonly simulated: Moment;
}

function unmatched(
  line: string,
  real: Moment | undefined,
  simulated: Moment | undefined,
  lastsMs: number,
): Difference[] {
  const moment = real ?? simulated;
  if (!moment || moment.isChance || moment.atMs > lastsMs) return [];
  return [{ line, kind: real ? 'only real' : 'only simulated', text: `${seconds(moment.atMs)} ${moment.text}` }];
}

function atOtherTimes(matches: readonly Match[]): Difference[] {
  const inOrder = matches.toSorted(
    (one, other) => one.simulated.atMs - other.simulated.atMs || one.real.atMs - other.real.atMs,
  );
  let lateMs = 0;
  return inOrder.flatMap(({ line, real, simulated }): Difference[] => {
    const off = timeOff(real, simulated, lateMs);
    lateMs = Math.max(lateMs, real.atMs - simulated.atMs);
    return off === undefined ? [] : [{ line, kind: 'at another time', text: `${off}: ${real.text}` }];
  });
}

function timeOff(real: Moment, simulated: Moment, lateMs: number): string | undefined {
  const all: [string, number, number | undefined][] = [['seen', real.atMs, simulated.atMs]];
  for (const [name, atMs] of Object.entries(real.times)) all.push([name, atMs, simulated.times[name]]);
  const off = all.find(
    ([, one, other]) => other === undefined || one - other > lateMs + LATER_MS || other - one > EARLY_MS,
  );
  if (!off) return undefined;
  const [name, one, other] = off;
  return `${name} ${seconds(one)} instead of ${other === undefined ? 'never' : seconds(other)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}

type Pair = readonly [Moment | undefined, Moment | undefined];

/** The longest common subsequence of the two, and what is in one alone, in order. */
function aligned(real: readonly Moment[], simulated: readonly Moment[]): Pair[] {
  const lengths = table(real, simulated);
  const lengthAt = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < real.length || column < simulated.length) {
    const [one, other] = [real[row], simulated[column]];
    if (one && other && one.text === other.text) {
      pairs.push([one, other]);
      row++;
      column++;
    } else if (one && (!other || lengthAt(row + 1, column) >= lengthAt(row, column + 1))) {
      pairs.push([one, undefined]);
      row++;
    } else {
      pairs.push([undefined, other]);
      column++;
    }
  }
  return pairs;
}

function table(real: readonly Moment[], simulated: readonly Moment[]): number[][] {
  const lengths = Array.from({ length: real.length + 1 }, () => new Array<number>(simulated.length + 1).fill(0));
  for (let row = real.length - 1; row >= 0; row--) {
    for (let column = simulated.length - 1; column >= 0; column--) {
      const below = lengths[row + 1] ?? [];
      const own = lengths[row] ?? [];
      own[column] =
        real[row]?.text === simulated[column]?.text
          ? 1 + (below[column + 1] ?? 0)
          : Math.max(below[column] ?? 0, own[column + 1] ?? 0);
    }
  }
  return lengths;
}
