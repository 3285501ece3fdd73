/**
 * CronJobs as this operator last wrote them, for as long as its view shows older ones. Without it a schedule that is
 * suspended and resumed while the view lags would look as if nothing had to be done, and stay suspended.
 */

import { keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';
import { isNewer } from '../../../kubernetes/resource-version.ts';
import type { Key } from '../cluster-view.ts';

export class WrittenCronJobs {
  readonly #written = new Map<Key, CronJob>();

  wrote(cronJob: CronJob): void {
    this.#written.set(keyOf(cronJob), cronJob);
  }

  /** The newer one of what the view shows and of what was written. */
  newest(seen: CronJob): CronJob {
    const key = keyOf(seen);
    const written = this.#written.get(key);
    if (written && isNewer(written, seen)) return written;
    this.#written.delete(key);
    return seen;
  }

  forget(key: Key): void {
    this.#written.delete(key);
  }
}
