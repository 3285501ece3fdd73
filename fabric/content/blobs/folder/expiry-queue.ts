/** When objects expire, by the minute, so that a sweep looks at what is due and at nothing else. */
const bucketMs = 60_000;

export class ExpiryQueue {
  readonly #buckets = new Map<number, Set<string>>();

  add(key: string, expiresAt: number): void {
    const bucket = Math.ceil(expiresAt / bucketMs);
    const keys = this.#buckets.get(bucket) ?? new Set();
    this.#buckets.set(bucket, keys);
    keys.add(key);
  }

  /** Takes out every key that was due by `now`; the caller looks whether it still is. */
  take(now: number): string[] {
    const due: string[] = [];
    for (const bucket of [...this.#buckets.keys()].sort((left, right) => left - right)) {
      if (bucket * bucketMs > now) break;
      due.push(...(this.#buckets.get(bucket) ?? []));
      this.#buckets.delete(bucket);
    }
    return due;
  }
}
