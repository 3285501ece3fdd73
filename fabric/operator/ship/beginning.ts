/**
 * Whether the first line that was found is the log's first, and whether a log without a line never had one: what was
 * put aside before anybody read it is not shown by the log API. The node's own files tell it; without them the times
 * have to do.
 */
import type { Instant } from '../../podlog/instant.ts';
import type { ContainerState, PodLog } from './pod-log.ts';

/**
 * A reader that comes later than this after a line, to a container that began this long before it, may have missed a
 * rotation.
 */
const lateMs = 5_000;
const rotationMs = 10_000;
/**
 * Files are removed three seconds after the start at the earliest (see passages.ts); nodes tell the start in whole
 * seconds.
 */
const removalMs = 2_000;

export class Beginning {
  readonly #podLog: Pick<PodLog, 'files'>;
  /** How long after the container's start its log was looked at first, ms. */
  #firstLookMs: number | undefined;

  constructor(podLog: Pick<PodLog, 'files'>) {
    this.#podLog = podLog;
  }

  /** The log is opened at `now` (epoch ms). */
  look(state: ContainerState, now: number): void {
    const startedAt = startOf(state);
    if (startedAt !== undefined) this.#firstLookMs ??= now - startedAt;
  }

  /** Why the line of that time, found at `now`, may not be the first; undefined when it is. */
  judgeFirst(instant: Instant | undefined, state: ContainerState | undefined, now: number): string | undefined {
    const startedAt = startOf(state);
    if (startedAt === undefined || !instant) return undefined;
    const printedAt = instant.seconds * 1000;
    const seconds = Math.round((printedAt - startedAt) / 1000);
    const files = this.#podLog.files?.count;
    if (files !== undefined) {
      if (files <= 1 || printedAt - startedAt < removalMs) return undefined;
      return `the first line of the ${files} files that were left was printed ${seconds} s after the start: older files may have been removed`;
    }
    if (now - printedAt < lateMs || printedAt - startedAt < rotationMs) return undefined;
    return `the first line available was printed ${seconds} s after the start and read late: a rotation may have removed what came before`;
  }

  /** Why a log of which nothing was found and nothing is left may have had lines. */
  judgeEmpty(): string | undefined {
    const files = this.#podLog.files?.count;
    if (files !== undefined) {
      return files <= 1 ? undefined : `of the log’s ${files} files none could be read before it was removed`;
    }
    if (this.#firstLookMs === undefined || this.#firstLookMs < rotationMs) return undefined;
    const seconds = Math.round(this.#firstLookMs / 1000);
    return `the log is empty and was looked at first ${seconds} s after the start: a rotation may have removed what was in it`;
  }
}

function startOf(state: ContainerState | undefined): number | undefined {
  return state?.kind === 'running' || state?.kind === 'ended' ? state.startedAt : undefined;
}
