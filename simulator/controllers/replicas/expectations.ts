/**
 * Pods that have been created or deleted and that the cache does not show yet. Deletions are known by name, since one
 * pod is seen to go twice: when its deletion begins and when it ends. Source: Kubernetes'
 * UIDTrackingControllerExpectations.
 */
import type { Clock } from '../../../world/clock.ts';

/** After this long an expectation is given up: the event may have been missed. */
const expiryMs = 300_000;

interface Expectation {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: number;
}

export class PodExpectations {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #byKey = new Map<string, Expectation>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  expectCreations(key: string, creations: number): void {
    this.#byKey.set(key, { creations, deletions: new Set(), since: this.#clock.now() });
  }

  /** Keys of pods. */
  expectDeletions(key: string, pods: readonly string[]): void {
    this.#byKey.set(key, { creations: 0, deletions: new Set(pods), since: this.#clock.now() });
  }

  creationSeen(key: string, count = 1): void {
    const expectation = this.#byKey.get(key);
    if (expectation) expectation.creations -= count;
  }

  deletionSeen(key: string, pod: string): void {
    this.#byKey.get(key)?.deletions.delete(pod);
  }

  /** True if all has been seen, or waited for long enough. */
  met(key: string): boolean {
    const expectation = this.#byKey.get(key);
    if (expectation === undefined) return true;
    if (expectation.creations <= 0 && expectation.deletions.size === 0) return true;
    return this.#clock.now() - expectation.since > expiryMs;
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}
