/**
 * Many calls of which all may fail for one reason: few at first, twice as many each time. Source: Kubernetes'
 * `slowStartBatch`.
 */

const firstBatchSize = 1;

/** How often the call succeeded, and the first error: after a batch with an error nothing more is tried. */
export async function slowStart(
  count: number,
  call: () => Promise<void>,
): Promise<{ readonly succeeded: number; readonly error?: unknown }> {
  let left = count;
  let succeeded = 0;
  for (let size = Math.min(left, firstBatchSize); size > 0; size = Math.min(2 * size, left)) {
    const results = await Promise.allSettled(Array.from({ length: size }, call));
    const failed = results.filter((result) => result.status === 'rejected');
    succeeded += size - failed.length;
    if (failed[0]) return { succeeded, error: failed[0].reason };
    left -= size;
  }
  return { succeeded };
}
