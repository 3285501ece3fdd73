/** Does the task for all of them, so many at a time, each begun in its turn; what came of them, in their order. */
export async function inTurn<I, O>(items: readonly I[], atOnce: number, task: (item: I) => Promise<O>): Promise<O[]> {
  const results: O[] = [];
  const waiting = items.entries();
  const worker = async () => {
    // All workers take from the one iterator.
    for (const [index, item] of waiting) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
