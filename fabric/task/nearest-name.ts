/** The right name that a misspelt one stands nearest to, for messages: `probabilty` -> `probability`. */

/** undefined when none is so near that it was meant. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = allowed + 1;
  for (const name of names) {
    const distance = distanceOf(word, name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** ` (did you mean probability?)`, or nothing. */
export function didYouMean(given: string, names: readonly string[]): string {
  const nearest = nearestName(given, names);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

/** How many letters have to be added, left out, changed or swapped with the next (optimal string alignment). */
function distanceOf(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
}
