/** Choices from a seed: the same seed gives the same choices. */
const MULTIPLIER = 1_664_525;
const INCREMENT = 1_013_904_223;

export function seededRandom(seed: number) {
  let state = (seed * 2_654_435_761) >>> 0;
  const below = (count: number) => {
    state = (Math.imul(state, MULTIPLIER) + INCREMENT) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
