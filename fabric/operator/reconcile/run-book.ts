/** What this process knows of the runs that it has not let go: the rest stands on the Jobs themselves. */

import { keyOf } from '../../../kubernetes/meta.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { advance, isTerminal } from '../../task/state.ts';
import { controllerUidOf, type Key } from '../cluster-view.ts';
import type { RunShipping } from '../logs/run-shipping.ts';
import type { RunFacts } from '../run/outcome.ts';

export interface RunMemory {
  /** The latest facts; their state never goes back. */
  facts: RunFacts | undefined;
  /** True once the Job is known to carry the finalizer. */
  held: boolean;
  /** True if no operator has seen the run before this one: then its first post is known to be the first. */
  fresh: boolean;
  shipping: RunShipping | undefined;
  /** How many attempts' ledgers stand on the Job. */
  attemptsNoted: number;
  /** Pods that have left the cluster, by uid, as they were last seen: how they ended would be lost with them. */
  readonly gonePods: Map<string, Pod>;
  /** Pods that were counted by the Job and that nobody has seen. */
  podsLost: number;
  /** What was last offered to the report queue, as text to compare. */
  offered: string | undefined;
}

export class RunBook {
  readonly #runs = new Map<string, RunMemory>();
  /** Runs that were let go while the view may still show them held. */
  readonly #released = new Set<string>();
  /** Keys of Jobs that this process is about to create: the view may show them before the answer comes. */
  readonly #expected = new Set<Key>();

  expect(key: Key): void {
    this.#expected.add(key);
  }

  isExpected(key: Key): boolean {
    return this.#expected.has(key);
  }

  /** The Job was not created after all. */
  unexpect(key: Key): void {
    this.#expected.delete(key);
  }

  /** The memory of a run, made when it is first asked for. */
  of(job: Job): RunMemory {
    const uid = job.metadata?.uid ?? '';
    const known = this.#runs.get(uid);
    if (known) return known;
    const memory: RunMemory = {
      facts: undefined,
      held: false,
      fresh: this.#expected.delete(keyOf(job)),
      shipping: undefined,
      attemptsNoted: 0,
      gonePods: new Map(),
      podsLost: 0,
      offered: undefined,
    };
    this.#runs.set(uid, memory);
    return memory;
  }

  peek(uid: string): RunMemory | undefined {
    return this.#runs.get(uid);
  }

  podGone(last: Pod): void {
    this.#runs.get(controllerUidOf(last) ?? '')?.gonePods.set(last.metadata?.uid ?? '', last);
  }

  wasReleased(uid: string): boolean {
    return this.#released.has(uid);
  }

  release(uid: string): void {
    this.#runs.get(uid)?.shipping?.stop();
    this.#runs.delete(uid);
    this.#released.add(uid);
  }

  /** The Job is gone from the cluster. */
  forget(uid: string): void {
    this.#runs.get(uid)?.shipping?.stop();
    this.#runs.delete(uid);
    this.#released.delete(uid);
  }

  stop(): void {
    for (const memory of this.#runs.values()) memory.shipping?.stop();
  }
}

/**
 * The facts to hold after `seen`: a state that would go back is not taken, and an exit code or start that the cluster
 * no longer shows (a deleted pod's) is kept.
 */
export function heldFacts(held: RunFacts | undefined, seen: RunFacts): RunFacts {
  if (!held) return seen;
  if (held.state !== seen.state && advance(held.state, seen.state) === held.state) return held;
  const lastExitCode = seen.lastExitCode ?? held.lastExitCode;
  const exitCode = seen.exitCode ?? held.exitCode ?? (isTerminal(seen.state) ? lastExitCode : undefined);
  const startTime = seen.startTime ?? held.startTime;
  return {
    ...seen,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(lastExitCode === undefined ? {} : { lastExitCode }),
    ...(startTime === undefined ? {} : { startTime }),
  };
}
