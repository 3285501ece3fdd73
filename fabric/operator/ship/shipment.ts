/**
 * One container's log, from its first line to the verdict: read, stored, read on after any break, and at the end
 * compared with the last line that the cluster has. When the pod has gone before that could be done, the log is whole
 * if its node said that the container had ended by the time when the stream did: a node ends a stream when the
 * container has ended and all was sent. The API server ends a stream just as cleanly when it loses the node, but then
 * the container's end comes later, or nobody tells of it.
 */
import { ApiStatusError, hasReason } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import { formatInstant, parseInstant } from '../../podlog/instant.ts';
import { Backoff } from './backoff.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { BatchSize } from './batch-size.ts';
import { Beginning } from './beginning.ts';
import { BatchRefusedError, type ContentClient, type LogStand, StandMovedError } from './content-client.ts';
import { isSameLine, type LastLine, wholeLastLine } from './last-line.ts';
import { emptyLedger, type Ledger, type Source, type StoredLedger, sourceOf, withGap, withSource } from './ledger.ts';
import type { ContainerEnd, ContainerState, PodLog, ReadMode } from './pod-log.ts';
import { BehindError, Reading } from './reading.ts';
import { ReadingMode } from './reading-mode.ts';
import { type ResumeWay, WrongWayError } from './resume.ts';

/** Tries to get at a last line that the cluster has and content has not, without any progress. */
const idleRoundsMaximum = 3;
/** The node's clock and ours may differ by this much; more makes a log look cut. */
const clockDifferenceMs = 1_000;
/** How long the watch may lag behind the pod's removal, and how often it is asked. */
const watchLagMs = 5_000;
const watchPollMs = 100;

interface ShipmentOptions {
  readonly world: World;
  readonly podLog: PodLog;
  readonly content: ContentClient;
  readonly bandwidth: Bandwidth;
  readonly batchSize: BatchSize;
  readonly pod: string;
  readonly container: string;
  readonly key: string;
  /** What a watch has seen of the container's end. */
  readonly end?: () => ContainerEnd | undefined;
}

/** Why the log cannot be called complete; `isFinal` when another look cannot change it. */
interface Question {
  readonly reason: string;
  readonly isFinal: boolean;
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
  readonly #mode: ReadingMode;
  readonly #beginning: Beginning;
  /** The container's end, as far as it was seen when its pod was read. */
  #end: ContainerEnd | undefined;
  /** The stream that was read last, and when it ended by itself. */
  #read: { readonly reading: Reading; readonly endedAt?: number } | undefined;

  constructor(options: ShipmentOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.world);
    this.#mode = new ReadingMode(options.world, options.podLog);
    this.#beginning = new Beginning(options.podLog);
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
      if (round.kind === 'gone' || round.kind === 'ended') {
        const question = await this.#openQuestion(round, signal);
        const { reading } = round;
        idleRounds = reading.stand.bytes > storedBefore ? 0 : idleRounds + 1;
        storedBefore = reading.stand.bytes;
        if (!question || question.isFinal || idleRounds >= idleRoundsMaximum) {
          return this.#finish(reading, question?.reason, signal);
        }
      }
      if (round.kind !== 'again') await this.#backoff.wait(signal);
    }
  }

  /** Reads the log once, as far as it goes. */
  async #round(stand: LogStand, ledger: StoredLedger, way: ResumeWay, signal: AbortSignal): Promise<Round> {
    const known = this.#sourceIn(ledger);
    const isFresh = !known || !hasBegun(known, stand);
    const before = await this.#state();
    const mode = this.#mode.choose(before, isFresh);
    const reading = this.#openReading(stand, ledger, { mode, way, isFresh }, before);
    if (before?.kind === 'gone') return { kind: 'gone', reading: this.#read?.reading ?? reading };
    if (before?.kind === 'ended' && !before.hasRun) return { kind: 'ended', reading, hasRun: false };
    if (before === undefined || before.kind === 'waiting') return { kind: 'wait' };
    this.#read = { reading };
    const begunAt = this.#options.world.clock.now();
    this.#beginning.look(before, begunAt);
    try {
      await reading.read(signal);
    } catch (error) {
      return this.#afterBreak(error, reading, mode, signal);
    }
    this.#read = { reading, endedAt: reading.endedAt };
    if (reading.stand.bytes > stand.bytes) this.#backoff.reset();
    const after = await this.#state();
    if (after?.kind === 'gone') return { kind: 'gone', reading };
    // What was read to its present end before the container ended is read on: more may have come.
    const isToEnd = mode === 'follow' || before.kind === 'ended';
    if (after?.kind === 'ended' && isToEnd) return { kind: 'ended', reading, hasRun: true };
    if (mode === 'follow') return { kind: 'wait' };
    this.#mode.hasRead(begunAt);
    return { kind: 'again', way: 'count' };
  }

  async #afterBreak(error: unknown, reading: Reading, mode: ReadMode, signal: AbortSignal): Promise<Round> {
    signal.throwIfAborted();
    if (error instanceof WrongWayError) return this.#mode.afterWrongWay(mode, error.next);
    if (error instanceof BehindError) {
      this.#mode.isBehind();
      return { kind: 'again', way: 'count' };
    }
    if (error instanceof StandMovedError) return { kind: 'again', way: 'count' };
    if (error instanceof BatchRefusedError) throw error;
    this.#options.world.log.debug('the log stream broke', { pod: this.#options.pod, error: String(error) });
    if (this.#mode.leavesFiles(error, mode)) return { kind: 'again', way: 'count' };
    const state = await this.#state();
    if (state?.kind === 'gone' || hasReason(error, 'NotFound')) return { kind: 'gone', reading };
    if (state?.kind === 'ended' && error instanceof ApiStatusError)
      return { kind: 'ended', reading, hasRun: true, error };
    return { kind: 'wait' };
  }

  #openReading(
    stand: LogStand,
    ledger: StoredLedger,
    how: { readonly mode: ReadMode; readonly way: ResumeWay; readonly isFresh: boolean },
    state: ContainerState | undefined,
  ): Reading {
    const { world, podLog, content, bandwidth, batchSize, pod, container, end } = this.#options;
    const behind = stand.lines + (stand.partialBytes > 0 ? 1 : 0);
    const source: Source = this.#sourceIn(ledger) ?? {
      pod,
      container,
      fromLine: behind,
      ended: false,
    };
    return new Reading({
      world,
      podLog,
      content,
      bandwidth,
      batchSize,
      stand,
      ...how,
      ledger: withSource(ledger, source),
      leaves: (isOneFile) => this.#mode.leaves(isOneFile, end?.() !== undefined),
      judgeFirst: ({ instant }) => this.#beginning.judgeFirst(instant, state, world.clock.now()),
    });
  }

  /** undefined when the log's last line is the cluster's last line. */
  async #openQuestion(
    round: Extract<Round, { kind: 'ended' | 'gone' }>,
    signal: AbortSignal,
  ): Promise<Question | undefined> {
    if (round.kind === 'gone') return this.#questionOfGone(signal);
    const question = (reason: string): Question => ({ reason, isFinal: false });
    if (!round.hasRun) return question('the container never ran: it has no log');
    if (round.error) return question(`the log cannot be read any more: ${round.error.message}`);
    try {
      const { podLog } = this.#options;
      const stored = round.reading.lastLine ?? lastLineOf(round.reading.stand);
      const available = await wholeLastLine((records) => podLog.tail(records, signal), stored);
      const reason = stored || available ? compare(stored, available) : this.#beginning.judgeEmpty();
      return reason === undefined ? undefined : question(reason);
    } catch (error) {
      signal.throwIfAborted();
      if ((await this.#state())?.kind === 'gone') return this.#questionOfGone(signal);
      return question(
        `the last line cannot be read to compare with: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  /** Without a pod to compare with: was its last stream read to an end that was the container's? */
  async #questionOfGone(signal: AbortSignal): Promise<Question | undefined> {
    const endedAt = this.#read?.endedAt;
    const question = (reason: string): Question => ({ reason: `the pod is gone: ${reason}`, isFinal: true });
    if (endedAt === undefined) return question('its log was not read to the end');
    const end = await this.#seenEnd(signal);
    if (!end) return question('nobody saw its container end');
    if (end.finishedAt <= endedAt + clockDifferenceMs) return undefined;
    return question(
      `the stream of its log ended ${Math.round((end.finishedAt - endedAt) / 1000)} s before its container`,
    );
  }

  async #seenEnd(signal: AbortSignal): Promise<ContainerEnd | undefined> {
    for (let waitedMs = 0; ; waitedMs += watchPollMs) {
      this.#end = this.#options.end?.() ?? this.#end;
      if (this.#end || !this.#options.end || waitedMs >= watchLagMs) return this.#end;
      await this.#options.world.clock.sleep(watchPollMs, signal);
    }
  }

  async #finish(reading: Reading, reason: string | undefined, signal: AbortSignal): Promise<Ledger> {
    const source = this.#sourceIn(reading.ledger);
    const afterLine = reading.stand.lines;
    let gaps = reading.ledger;
    if (reason !== undefined) gaps = withGap(gaps, { afterLine, reason });
    // Never in Fabric's own pods (restartPolicy Never): a log of several instances is not read, and not called
    // complete.
    const { restarts = 0 } = this.#end ?? {};
    if (restarts > 0)
      gaps = withGap(gaps, {
        afterLine,
        reason: `the container was restarted (${restarts}): earlier output may be missing`,
      });
    const ended = source ? withSource(gaps, { ...source, ended: true }) : gaps;
    const ledger: StoredLedger = { ...ended, complete: ended.missing.length === 0 };
    try {
      return verdictOf({ ...(await reading.finish(ledger, signal)), ledger });
    } catch (error) {
      if (!(error instanceof StandMovedError)) throw error;
      this.#read = undefined;
      return this.run(signal);
    }
  }

  /** undefined when the API server does not answer. */
  async #state(): Promise<ContainerState | undefined> {
    try {
      const state = await this.#options.podLog.state();
      if (state.kind === 'ended' && state.finishedAt !== undefined) {
        this.#end = { finishedAt: state.finishedAt, restarts: state.restarts ?? 0 };
      }
      return state;
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

function lastLineOf(stand: LogStand): LastLine | undefined {
  if (stand.lastTimestamp === undefined) return undefined;
  return { instant: parseInstant(stand.lastTimestamp), end: Buffer.from(stand.lastLineEnd ?? '', 'base64') };
}

/** Why the two are not the same line. */
function compare(stored: LastLine | undefined, available: LastLine | undefined): string | undefined {
  if (!available)
    return stored ? 'the cluster has no line any more to compare with: lines may have been lost' : undefined;
  const availableAt = available.instant ? formatInstant(available.instant) : 'an unknown time';
  if (!stored) return `the cluster has a line of ${availableAt} that could not be read`;
  if (isSameLine(available, stored)) return undefined;
  const storedAt = stored.instant ? formatInstant(stored.instant) : 'an unknown time';
  return `the last line stored is of ${storedAt}, the last one available of ${availableAt}`;
}

function verdictOf(stand: LogStand): Ledger {
  const ledger = stand.ledger ?? emptyLedger;
  const { key, lines, bytes } = stand;
  return { key, lines, bytes, complete: ledger.complete && ledger.missing.length === 0, missing: ledger.missing };
}
