/**
 * One container's log, from its first line to the verdict: read, stored, read on after any break, and at the end compared with the
 * last line that the cluster has.
 */
import { ApiStatusError, hasReason } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import { compareInstants, formatInstant, parseInstant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import { Backoff } from './backoff.ts';
import type { Bandwidth } from './bandwidth.ts';
import { BatchRefusedError, type ContentClient, type LogStand, StandMovedError } from './content-client.ts';
import { emptyLedger, type Ledger, type Source, type StoredLedger, sourceOf, withGap, withSource } from './ledger.ts';
import type { ContainerState, LastLine, PodLog } from './pod-log.ts';
import { Reading } from './reading.ts';
import { type ResumeWay, WrongWayError } from './resume.ts';

/** Tries to get at a last line that the cluster has and content has not, without any progress. */
const idleRoundsMaximum = 3;
/** A reader that comes later than this after a line, to a container that began this long before it, may have missed a rotation. */
const lateMs = 5_000;
const rotationMs = 10_000;

export interface ShipmentOptions {
  readonly world: World;
  readonly podLog: PodLog;
  readonly content: ContentClient;
  readonly bandwidth: Bandwidth;
  readonly pod: string;
  readonly container: string;
  readonly key: string;
  /** Where this container's lines begin in the stored log; behind what is there unless given. */
  readonly fromLine?: number;
}

/** What one look at the log came to. */
type Round =
  | { readonly kind: 'again'; readonly way: ResumeWay }
  | { readonly kind: 'wait' }
  | { readonly kind: 'ended'; readonly reading: Reading; readonly hasRun: boolean; readonly error?: Error }
  | { readonly kind: 'gone'; readonly reading: Reading };

export class Shipment {
  readonly #options: ShipmentOptions;
  readonly #backoff: Backoff;

  constructor(options: ShipmentOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.world);
  }

  /** Resolves with the verdict; rejects with the signal's reason, or when content refuses the log for good. */
  async run(signal: AbortSignal): Promise<Ledger> {
    let way: ResumeWay = 'count';
    let idleRounds = 0;
    let storedBefore = -1;
    for (;;) {
      const stand = (await this.#options.content.stand(signal)) ?? nothingStored(this.#options.key);
      const ledger = stand.ledger ?? emptyLedger;
      if (this.#sourceIn(ledger)?.ended) return verdictOf(stand);
      const round = await this.#round(stand, ledger, way, signal);
      way = round.kind === 'again' ? round.way : 'count';
      if (round.kind === 'gone')
        return this.#finish(round.reading, 'the pod is gone: nothing is left to compare with', signal);
      if (round.kind === 'ended') {
        const open = await this.#openQuestion(round, signal);
        if (open === undefined) return this.#finish(round.reading, undefined, signal);
        idleRounds = round.reading.stand.bytes > storedBefore ? 0 : idleRounds + 1;
        storedBefore = round.reading.stand.bytes;
        if (idleRounds >= idleRoundsMaximum) return this.#finish(round.reading, open, signal);
      }
      if (round.kind !== 'again') await this.#backoff.wait(signal);
    }
  }

  /** Reads the log once, as far as it goes. */
  async #round(stand: LogStand, ledger: StoredLedger, way: ResumeWay, signal: AbortSignal): Promise<Round> {
    const known = this.#sourceIn(ledger);
    const isFresh = !known || !hasBegun(known, stand);
    const before = await this.#state();
    const reading = this.#openReading(stand, ledger, way, isFresh, before);
    if (before?.kind === 'gone') return { kind: 'gone', reading };
    if (before?.kind === 'ended' && !before.hasRun) return { kind: 'ended', reading, hasRun: false };
    if (before === undefined || before.kind === 'waiting') return { kind: 'wait' };
    try {
      await reading.follow(signal);
    } catch (error) {
      return this.#afterBreak(error, reading, signal);
    }
    if (reading.stand.bytes > stand.bytes) this.#backoff.reset();
    const after = await this.#state();
    if (after?.kind === 'gone') return { kind: 'gone', reading };
    return after?.kind === 'ended' ? { kind: 'ended', reading, hasRun: true } : { kind: 'wait' };
  }

  async #afterBreak(error: unknown, reading: Reading, signal: AbortSignal): Promise<Round> {
    signal.throwIfAborted();
    if (error instanceof WrongWayError) return { kind: 'again', way: error.next };
    if (error instanceof StandMovedError) return { kind: 'again', way: 'count' };
    if (error instanceof BatchRefusedError) throw error;
    this.#options.world.log.debug('the log stream broke', { pod: this.#options.pod, error: String(error) });
    const state = await this.#state();
    if (state?.kind === 'gone' || hasReason(error, 'NotFound')) return { kind: 'gone', reading };
    if (state?.kind === 'ended' && error instanceof ApiStatusError)
      return { kind: 'ended', reading, hasRun: true, error };
    return { kind: 'wait' };
  }

  #openReading(
    stand: LogStand,
    ledger: StoredLedger,
    way: ResumeWay,
    isFresh: boolean,
    state: ContainerState | undefined,
  ): Reading {
    const { world, podLog, content, bandwidth, pod, container } = this.#options;
    const behind = stand.lines + (stand.partialBytes > 0 ? 1 : 0);
    const source: Source = this.#sourceIn(ledger) ?? {
      pod,
      container,
      fromLine: this.#options.fromLine ?? behind,
      ended: false,
    };
    return new Reading({
      world,
      podLog,
      content,
      bandwidth,
      stand,
      way,
      isFresh,
      ledger: withSource(ledger, source),
      judgeFirst: (first) => judgeFirst(first, state, world.clock.now()),
    });
  }

  /** Why the log cannot be called complete yet; undefined when its last line is the cluster's last line. */
  async #openQuestion(round: Extract<Round, { kind: 'ended' }>, signal: AbortSignal): Promise<string | undefined> {
    if (!round.hasRun) return 'the container never ran: it has no log';
    if (round.error) return `the log cannot be read any more: ${round.error.message}`;
    let available: LastLine | undefined;
    try {
      available = await this.#options.podLog.lastLine(signal);
    } catch (error) {
      signal.throwIfAborted();
      return `the last line cannot be read to compare with: ${error instanceof Error ? error.message : error}`;
    }
    return compare(round.reading.lastLine ?? lastLineOf(round.reading.stand), available);
  }

  async #finish(reading: Reading, reason: string | undefined, signal: AbortSignal): Promise<Ledger> {
    const source = this.#sourceIn(reading.ledger);
    const gaps =
      reason === undefined ? reading.ledger : withGap(reading.ledger, { afterLine: linesAfter(reading), reason });
    const ended = source ? withSource(gaps, { ...source, ended: true }) : gaps;
    const ledger: StoredLedger = { ...ended, complete: ended.missing.length === 0 };
    try {
      return verdictOf({ ...(await reading.finish(ledger, signal)), ledger });
    } catch (error) {
      if (error instanceof StandMovedError) return this.run(signal);
      throw error;
    }
  }

  /** undefined when the API server does not answer. */
  async #state(): Promise<ContainerState | undefined> {
    try {
      return await this.#options.podLog.state();
    } catch (error) {
      this.#options.world.log.debug('the pod cannot be read', { pod: this.#options.pod, error: String(error) });
      return undefined;
    }
  }

  #sourceIn(ledger: StoredLedger): Source | undefined {
    return sourceOf(ledger, this.#options.pod, this.#options.container);
  }
}

function nothingStored(key: string): LogStand {
  return { key, lines: 0, bytes: 0, partialBytes: 0, complete: false };
}

function hasBegun(source: Source, stand: LogStand): boolean {
  return stand.lines > source.fromLine || (stand.lines === source.fromLine && stand.partialBytes > 0);
}

function linesAfter(reading: Reading): number {
  return reading.stand.lines;
}

function lastLineOf(stand: LogStand): LastLine | undefined {
  if (stand.lastTimestamp === undefined) return undefined;
  return { instant: parseInstant(stand.lastTimestamp), end: Buffer.from(stand.lastLineEnd ?? '', 'base64') };
}

/** Why the two are not the same line. */
function compare(stored: LastLine | undefined, available: LastLine | undefined): string | undefined {
  if (!available) return stored ? 'the cluster has no line any more to compare with' : undefined;
  const availableAt = available.instant ? formatInstant(available.instant) : 'an unknown time';
  if (!stored) return `the cluster has a line of ${availableAt} that could not be read`;
  const isSameTime =
    available.instant && stored.instant ? compareInstants(available.instant, stored.instant) === 0 : !stored.instant;
  if (isSameTime && available.end.equals(stored.end)) return undefined;
  const storedAt = stored.instant ? formatInstant(stored.instant) : 'an unknown time';
  return `the last line stored is of ${storedAt}, the last one available of ${availableAt}`;
}

/** A first line that is read late and was printed long after the start may not be the first. */
function judgeFirst(first: Piece, state: ContainerState | undefined, now: number): string | undefined {
  if (state?.kind !== 'running' && state?.kind !== 'ended') return undefined;
  if (state.startedAt === undefined || !first.instant) return undefined;
  const printedAt = first.instant.seconds * 1000;
  if (now - printedAt < lateMs || printedAt - state.startedAt < rotationMs) return undefined;
  const seconds = Math.round((printedAt - state.startedAt) / 1000);
  return `the first line available was printed ${seconds} s after the start and read late: a rotation may have removed what came before`;
}

function verdictOf(stand: LogStand): Ledger {
  const ledger = stand.ledger ?? emptyLedger;
  const { key, lines, bytes } = stand;
  return { key, lines, bytes, complete: ledger.complete && ledger.missing.length === 0, missing: ledger.missing };
}
