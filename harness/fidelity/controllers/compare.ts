/** Two stories of one case, line by line: what one of them alone tells, and what came at another time. */
import type { Moment, Story } from './story.ts';

/** How far the real cluster may be ahead, ms: the controller gathers changes for a second, and Kubernetes keeps whole seconds. */
const EARLY_MS = 2_200;
/** How far it may be behind: a busy machine starts many pods at once late. The shortest back-off is longer. */
const LATE_MS = 7_000;

export interface Difference {
  /** The object: `job/work`, `events of job/work by job-controller`. */
  readonly line: string;
  readonly kind: 'only real' | 'only simulated' | 'at another time';
  readonly text: string;
}

/** What only one of them tells counts when it came before `lastsMs`: after that the other may be about to. */
export function compare(real: Story, simulated: Story, lastsMs: number): Difference[] {
  const lines = [...new Set([...Object.keys(real), ...Object.keys(simulated)])];
  return lines.flatMap((line) => compareLine(line, real[line] ?? [], simulated[line] ?? [], lastsMs));
}

function compareLine(
  line: string,
  real: readonly Moment[],
  simulated: readonly Moment[],
  lastsMs: number,
): Difference[] {
  return aligned(real, simulated).flatMap(([one, other]): Difference[] => {
    if (one && other) {
      const late = lateness(one, other);
      return late === undefined ? [] : [{ line, kind: 'at another time', text: `${late}: ${one.text}` }];
    }
    if ((one ?? other ?? { atMs: 0 }).atMs > lastsMs) return [];
    if (one) return [{ line, kind: 'only real', text: `${seconds(one.atMs)} ${one.text}` }];
    return other ? [{ line, kind: 'only simulated', text: `${seconds(other.atMs)} ${other.text}` }] : [];
  });
}

function lateness(real: Moment, simulated: Moment): string | undefined {
  const all: [string, number, number | undefined][] = [['seen', real.atMs, simulated.atMs]];
  for (const [name, atMs] of Object.entries(real.times)) all.push([name, atMs, simulated.times[name]]);
  const off = all.find(([, one, other]) => other === undefined || one - other > LATE_MS || other - one > EARLY_MS);
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
