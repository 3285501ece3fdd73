/**
 * Which way a log is read next. Followed while it grows; when its reader has fallen behind, to the present end in a
 * faster way: from the node's own files where they may be read, else by the log API without following, once the
 * container has ended. No switch loses or repeats a line: each reading finds its place as after a break.
 */
import { ApiStatusError } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import type { ContainerState, PodLog, ReadMode } from './pod-log.ts';
import type { ResumeWay } from './resume.ts';

/**
 * After a reading that took longer, so much may have been written meanwhile that another one comes before the log is
 * followed.
 */
const longReadingMs = 2_000;
/** A follower that is late again and again right after a short reading is so by its clock alone. */
const hastyMaximum = 3;

export class ReadingMode {
  readonly #world: World;
  readonly #podLog: PodLog;
  #catchesUp = false;
  #hasty = 0;

  constructor(world: World, podLog: PodLog) {
    this.#world = world;
    this.#podLog = podLog;
  }

  /** `isFresh`: nothing of the log has been read. The files then tell whether anything was removed before. */
  choose(state: ContainerState | undefined, isFresh: boolean): ReadMode {
    if (this.#podLog.files) return this.#catchesUp || isFresh || state?.kind === 'ended' ? 'files' : 'follow';
    return state?.kind === 'ended' ? 'present' : 'follow';
  }

  /** A log was read to its present end, from `begunAt` (epoch ms) on. */
  hasRead(begunAt: number): void {
    this.#catchesUp = this.#world.clock.now() - begunAt >= longReadingMs;
    if (this.#catchesUp) this.#hasty = 0;
  }

  /**
   * Whether a follower that is late leaves its stream. `isOneFile`: the newest file is known to be the one that is
   * being read, or not to be; without the files an older one can be read to its end by nobody else.
   */
  leaves(isOneFile: boolean | undefined, hasEnded: boolean): boolean {
    if (this.#podLog.files) return this.#hasty < hastyMaximum;
    return isOneFile === true && hasEnded;
  }

  /** A follower left. */
  isBehind(): void {
    this.#catchesUp = true;
    this.#hasty += 1;
  }

  /** The log does not go on where it was left. When it was followed, its files may still have what lies between. */
  afterWrongWay(
    mode: ReadMode,
    next: ResumeWay,
  ): { readonly kind: 'again'; readonly way: ResumeWay } | { readonly kind: 'wait' } {
    if (mode !== 'follow' || !this.#podLog.files) return { kind: 'again', way: next };
    this.#catchesUp = true;
    return { kind: 'wait' };
  }

  /** True when the error says that the files cannot be had: the log API has to do then. */
  leavesFiles(error: unknown, mode: ReadMode): boolean {
    const isRefused = error instanceof ApiStatusError && error.code !== 429 && (error.code < 500 || error.code === 501);
    if (mode !== 'files' || !isRefused) return false;
    this.#world.log.warn('the node’s log files cannot be read: its log API serves instead', { error: error.message });
    this.#podLog.leaveFiles();
    return true;
  }
}
