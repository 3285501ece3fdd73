/** Where in a file of records a time begins, found with a few short reads: such a file may have a gigabyte. */
import { compareInstants, type Instant } from '../../../podlog/instant.ts';

/** So exactly; what lies before is read and left out. */
const exactBytes = 1024 * 1024;

/**
 * An offset before which all records are older than `since`; undefined when all of them are, as far as could be seen.
 * `instantAt` gives the time of the first record behind an offset, undefined behind the last.
 */
export async function offsetOf(
  since: Instant,
  instantAt: (offset: number) => Promise<Instant | undefined>,
): Promise<number> {
  const isBefore = async (offset: number) => {
    const instant = await instantAt(offset);
    return instant !== undefined && compareInstants(instant, since) < 0;
  };
  let low = 0;
  let high = exactBytes;
  while (await isBefore(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > exactBytes) {
    const middle = Math.floor((low + high) / 2);
    if (await isBefore(middle)) low = middle;
    else high = middle;
  }
  return low;
}
