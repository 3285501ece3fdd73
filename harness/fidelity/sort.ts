/**
 * Differences between the real side and the simulated one, divided into those that a list explains and the rest: the
 * same for all suites.
 */
export interface Sorted<D, A> {
  readonly outcome: 'equal' | 'accepted' | 'different';
  /** Differences that nothing explains. */
  readonly unexplained: readonly D[];
  /** What explains the others, each once. */
  readonly reasons: readonly A[];
}

/** `reasonOf` gives the entry of the list that explains a difference. */
export function sortDifferences<D, A>(differences: readonly D[], reasonOf: (each: D) => A | undefined): Sorted<D, A> {
  const reasons = new Set<A>();
  const unexplained = differences.filter((difference) => {
    const reason = reasonOf(difference);
    if (reason !== undefined) reasons.add(reason);
    return reason === undefined;
  });
  const outcome = unexplained.length > 0 ? 'different' : reasons.size > 0 ? 'accepted' : 'equal';
  return { outcome, unexplained, reasons: [...reasons] };
}

/** What to say of a case that could not be played on one side or both. */
export function brokenText(real: PromiseSettledResult<unknown>, simulated: PromiseSettledResult<unknown>): string {
  return [
    ...(real.status === 'rejected' ? [`real: ${real.reason}`] : []),
    ...(simulated.status === 'rejected' ? [`simulated: ${simulated.reason}`] : []),
  ].join('\n    ');
}
