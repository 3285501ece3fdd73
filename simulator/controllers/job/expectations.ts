/**
 * What a controller has done and its cache has not shown yet: the protection against acting twice on a stale view.
 * Source: semantics 3.3.
 */
import type { Clock } from '../../../world/clock.ts';

/** After this long an expectation is given up: the event may have been missed. */
const expiryMs = 300_000;

interface Expectation {
  creations: number;
  deletions: number;
  readonly since: number;
}

/** Creations and deletions not yet seen, one entry a Job key. */
export class Expectations {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Expectation>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  expect(key: string, creations: number, deletions: number): void {
    this.#byKey.set(key, { creations, deletions, since: this.#clock.now() });
  }

  creationSeen(key: string, count = 1): void {
    const expectation = this.#byKey.get(key);
    if (expectation) expectation.creations -= count;
  }

  deletionSeen(key: string): void {
    const expectation = this.#byKey.get(key);
    if (expectation) expectation.deletions -= 1;
  }

  /** True if all has been seen, or waited for long enough. */
  met(key: string): boolean {
    const expectation = this.#byKey.get(key);
    if (expectation === undefined) return true;
    if (expectation.creations <= 0 && expectation.deletions <= 0) return true;
    return this.#clock.now() - expectation.since > expiryMs;
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}

/** Pods whose finalizer has been removed and whose cached copy still has it, by Job key. */
export class ReleaseExpectations {
  readonly #byKey = new Map<string, Set<string>>();

  expect(key: string, uids: Iterable<string>): void {
    const expected = this.#byKey.get(key) ?? new Set<string>();
    for (const uid of uids) expected.add(uid);
    this.#byKey.set(key, expected);
  }

  seen(key: string, uid: string): void {
    this.#byKey.get(key)?.delete(uid);
  }

  /** UIDs as of now: the caller's copy does not change. */
  expected(key: string): ReadonlySet<string> {
    return new Set(this.#byKey.get(key));
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}
