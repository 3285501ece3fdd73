/** Where two transcripts differ: lines that only one of them has. */
import type { Output } from './transcript.ts';

export interface Difference {
  /** `3 kubectl get jobs`. */
  readonly command: string;
  /** `out`, `err` or `exit`. */
  readonly stream: 'out' | 'err' | 'exit';
  /** Who printed the line. */
  readonly side: 'real' | 'simulated';
  readonly line: string;
}

/** Of normalized outputs of the same commands; in their order. */
export function compareOutputs(real: readonly Output[], simulated: readonly Output[]): Difference[] {
  return real.flatMap((one, index) => {
    const other = simulated[index];
    const command = `${index + 1} ${one.command}`;
    if (!other) return [{ command, stream: 'exit' as const, side: 'real' as const, line: 'was played here only' }];
    return [
      ...compareLines(one.out, other.out).map((each) => ({ command, stream: 'out' as const, ...each })),
      ...compareLines(one.err, other.err).map((each) => ({ command, stream: 'err' as const, ...each })),
      ...compareLines(`exit ${one.exit}`, `exit ${other.exit}`).map((each) => ({
        command,
        stream: 'exit' as const,
        ...each,
      })),
    ];
  });
}

type OnOneSide = Pick<Difference, 'side' | 'line'>;

/** The lines that a longest common subsequence leaves over. */
export function compareLines(real: string, simulated: string): OnOneSide[] {
  if (real === simulated) return [];
  const [one, other] = [real.split('\n'), simulated.split('\n')];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return leftOver(one.slice(start, one.length - end), other.slice(start, other.length - end));
}

function leftOver(one: readonly string[], other: readonly string[]): OnOneSide[] {
  const lengths = commonLengths(one, other);
  const result: OnOneSide[] = [];
  let [left, right] = [0, 0];
  while (left < one.length || right < other.length) {
    const line = one[left];
    const counterpart = other[right];
    if (line !== undefined && line === counterpart) {
      left++;
      right++;
    } else if (line !== undefined && lengthAt(lengths, left + 1, right) >= lengthAt(lengths, left, right + 1)) {
      result.push({ side: 'real', line });
      left++;
    } else if (counterpart !== undefined) {
      result.push({ side: 'simulated', line: counterpart });
      right++;
    } else if (line !== undefined) {
      result.push({ side: 'real', line });
      left++;
    }
  }
  return result;
}

/** How many lines the rests from there on have in common. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let left = one.length - 1; left >= 0; left--) {
    for (let right = other.length - 1; right >= 0; right--) {
      const row = lengths[left];
      if (!row) continue;
      row[right] =
        one[left] === other[right]
          ? lengthAt(lengths, left + 1, right + 1) + 1
          : Math.max(lengthAt(lengths, left + 1, right), lengthAt(lengths, left, right + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly (readonly number[])[], left: number, right: number): number {
  return lengths[left]?.[right] ?? -1;
}
