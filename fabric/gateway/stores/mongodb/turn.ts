/**
 * Keeps a second gateway off a database whose server does not make conditional writes atomic (FerretDB 1). What such a
 * server does make atomic is that one of several inserts under one `_id` wins: so gateways take turns with rising
 * numbers. The holder of the highest one counts on in its document; when that stands still for the length of a turn,
 * its holder has been killed, and the next number may be taken. See docs/decisions/0015-locks.md.
 */
import type { Collection, Db } from 'mongodb';
import { LockHeldError } from '../../../../world/files.ts';
import type { World } from '../../../../world/world.ts';
import { Problem } from '../../../http/index.ts';
import { isDuplicate } from './duplicate.ts';

const collectionName = 'gateway_turns';
export const turnMsDefault = 10_000;
const whyAlone = 'its server (FerretDB 1) lets two gateways win one conditional write, so that there can be one alone';
/** How often the holder counts on, and others look, in the time of one turn. */
const beats = 5;

interface TurnDocument {
  readonly _id: number;
  readonly holder: string;
  readonly beat: number;
  readonly isOver: boolean;
}

export interface TurnOptions {
  readonly world: World;
  readonly database: Db;
  /** For messages. */
  readonly where: string;
  readonly turnMs: number;
}

export class Turn {
  readonly #world: World;
  readonly #turns: Collection<TurnDocument>;
  readonly #turnMs: number;
  readonly #ended = new AbortController();
  #number = 0;
  #beat = 0;
  #beatAt: number;
  #lostTo: string | undefined;

  /** Takes the next turn, waiting for the end of one whose holder does not live. LockHeldError when he does. */
  static async take(options: TurnOptions): Promise<Turn> {
    const turn = new Turn(options);
    await turn.#take(options.where);
    void turn.#keep();
    return turn;
  }

  private constructor({ world, database, turnMs }: TurnOptions) {
    this.#world = world;
    this.#turns = database.collection<TurnDocument>(collectionName);
    this.#turnMs = turnMs;
    this.#beatAt = world.clock.now();
  }

  /** Rejects with a 503 when another gateway has taken its turn: asked before anything is written. */
  async demand(): Promise<void> {
    const isFresh = this.#world.clock.now() < this.#beatAt + this.#turnMs;
    if (!isFresh && this.#lostTo === undefined) await this.#count();
    if (this.#lostTo === undefined) return;
    const message = `the gateway ${this.#lostTo} has taken over the store of task records: this one writes no more, end it`;
    throw new Problem(503, 'store-lost', message);
  }

  async release(): Promise<void> {
    this.#ended.abort();
    await this.#turns.updateOne({ _id: this.#number }, { $set: { isOver: true } });
  }

  async #take(where: string): Promise<void> {
    const { clock } = this.#world;
    let seen = await this.#newest();
    let seenAt = clock.now();
    for (;;) {
      const isFree = !seen || seen.isOver || clock.now() >= seenAt + this.#turnMs;
      if (isFree && (await this.#insert((seen?._id ?? 0) + 1))) return;
      if (!isFree) await clock.sleep(this.#turnMs / beats, this.#ended.signal);
      const now = await this.#newest();
      const isAlive = seen && now && !now.isOver && (now._id !== seen._id || now.beat !== seen.beat);
      if (isAlive) throw new LockHeldError(where, now.holder, whyAlone);
      if (now?._id !== seen?._id || now?.isOver !== seen?.isOver) seenAt = clock.now();
      seen = now;
    }
  }

  async #insert(number: number): Promise<boolean> {
    const startedAt = this.#world.clock.now();
    try {
      await this.#turns.insertOne({ _id: number, holder: this.#world.name, beat: 0, isOver: false });
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
    this.#number = number;
    this.#beatAt = startedAt;
    await this.#turns.deleteMany({ _id: { $lt: number } });
    return true;
  }

  async #keep(): Promise<void> {
    const { clock, log } = this.#world;
    while (this.#lostTo === undefined) {
      await clock.sleep(this.#turnMs / beats, this.#ended.signal).catch(() => undefined);
      if (this.#ended.signal.aborted) return;
      await this.#count().catch((error: unknown) => {
        log.warn('the turn of this gateway cannot be told to the store at the moment', { error: String(error) });
      });
    }
    log.error('another gateway has taken over the store: nothing is written any more', { holder: this.#lostTo });
  }

  async #count(): Promise<void> {
    const startedAt = this.#world.clock.now();
    const newest = await this.#newest();
    if (newest?._id !== this.#number) {
      this.#lostTo = newest?.holder ?? 'that ended since';
      return;
    }
    this.#beat += 1;
    await this.#turns.updateOne({ _id: this.#number }, { $set: { beat: this.#beat } });
    this.#beatAt = startedAt;
  }

  async #newest(): Promise<TurnDocument | undefined> {
    const [newest] = await this.#turns.find().sort({ _id: -1 }).limit(1).toArray();
    return newest;
  }
}
