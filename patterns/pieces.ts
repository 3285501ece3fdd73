/**
 * A pattern in its pieces, without understanding them: enough to know how large it will be, and to rename what has a
 * name.
 */

const piece =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pPx]\{[^}]*\}|\\[\s\S]|\[\^?\]?(?:\\[pP]\{[^}]*\}|\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*(?:\]|$)|\(\?P?<[^>]*>|\(\?[A-Za-z-]*[:)]?|\{\d+(?:,\d*)?\}|[\s\S]/gu;

export function piecesOf(pattern: string): string[] {
  return pattern.match(piece) ?? [];
}

/**
 * How many steps the pattern compiles to, about: each character is one, and a repetition with a count stands for so
 * many copies.
 */
export function stepsOf(pieces: readonly string[]): number {
  const open: number[] = [];
  let sum = 0;
  let last = 0;
  for (const text of pieces) {
    const count = repetition(text);
    if (count !== undefined) {
      sum += last * (count - 1);
      last *= count;
    } else if (text.startsWith('(') && !text.endsWith(')')) {
      open.push(sum);
      sum = 0;
      last = 0;
    } else if (text === ')') {
      last = sum + 2;
      sum = (open.pop() ?? 0) + last;
    } else {
      last = text.startsWith('\\Q') ? text.length : 1;
      sum += last;
    }
  }
  return open.reduce((all, part) => all + part, sum);
}

/** The copies that `{2,5}` asks for; undefined for what is no repetition with a count. */
function repetition(text: string): number | undefined {
  const counts = /^\{(\d+)(?:,(\d*))?\}$/.exec(text);
  if (counts === null) return undefined;
  const least = Number(counts[1]);
  return Math.max(least, Number(counts[2] ?? 0) || least + Number(counts[2] === ''), 1);
}
