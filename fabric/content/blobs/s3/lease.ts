/**
 * Keeps a second service off a bucket and prefix: an object that its holder writes anew every few seconds, each time on
 * condition that it is still its own. A holder that was killed writes no more: whoever has seen the object unchanged
 * for the length of the lease takes it over. No clock is compared with another one's. See docs/decisions/0015-locks.md.
 */
import { LockHeldError } from '../../../../world/files.ts';
import type { World } from '../../../../world/world.ts';
import { Problem } from '../../../http/index.ts';
import type { Bucket, TaggedText } from './bucket.ts';

/** Before no name of a key (`names.ts`). */
const leaseName = '%lease';
export const leaseMsDefault = 10_000;
/** How often the object is written anew, and looked at, in the time of one lease. */
const beats = 5;

interface Note {
  readonly holder: string;
  /** Of this taking of the lease alone. */
  readonly token: string;
  readonly beat: number;
}

export class Lease {
  readonly #world: World;
  readonly #bucket: Bucket;
  readonly #leaseMs: number;
  readonly #token: string;
  readonly #ended = new AbortController();
  #beat = 0;
  #tag = '';
  #writtenAt: number;
  #lostTo: string | undefined;
  #renewing: Promise<void> | undefined;

  /** Takes the lease, waiting for the end of one whose holder does not live. LockHeldError when he does. */
  static async take(world: World, bucket: Bucket, where: string, leaseMs: number): Promise<Lease> {
    const lease = new Lease(world, bucket, leaseMs);
    await lease.#take(where);
    void lease.#keep();
    return lease;
  }

  private constructor(world: World, bucket: Bucket, leaseMs: number) {
    this.#world = world;
    this.#bucket = bucket;
    this.#leaseMs = leaseMs;
    this.#token = world.random.stream('content lease').uuid();
    this.#writtenAt = world.clock.now();
  }

  /** Rejects with a 503 when somebody else may have taken the place: asked before anything is written. */
  async demand(): Promise<void> {
    const isFresh = this.#world.clock.now() < this.#writtenAt + this.#leaseMs;
    // After a pause of this process it is renewed, or found to be lost.
    if (!isFresh && this.#lostTo === undefined) await this.#renew();
    if (this.#lostTo !== undefined) throw notHeld(this.#lostTo);
  }

  async release(): Promise<void> {
    this.#ended.abort();
    if (this.#lostTo === undefined) await this.#bucket.remove([leaseName]);
  }

  async #take(where: string): Promise<void> {
    let seen: TaggedText | undefined;
    let seenAt = this.#world.clock.now();
    for (;;) {
      const now = this.#world.clock.now();
      const found = await this.#bucket.readText(leaseName);
      if (found && seen && found.tag !== seen.tag) throw new LockHeldError(where, noteOf(found).holder);
      if (found?.tag !== seen?.tag) seenAt = now;
      seen = found;
      const isFree = !found || now >= seenAt + this.#leaseMs;
      if (isFree && (await this.#write(found?.tag))) return;
      if (!isFree) await this.#world.clock.sleep(this.#leaseMs / beats, this.#ended.signal);
    }
  }

  async #keep(): Promise<void> {
    const { clock, log } = this.#world;
    for (;;) {
      await clock.sleep(this.#leaseMs / beats, this.#ended.signal).catch(() => undefined);
      if (this.#ended.signal.aborted) return;
      try {
        await this.#renew();
        if (this.#lostTo === undefined) continue;
        log.error('the lease of the object store is lost: nothing is written any more', { to: this.#lostTo });
        return;
      } catch (error) {
        log.warn('the lease of the object store cannot be renewed at the moment', { error: String(error) });
      }
    }
  }

  /** Writes the object anew, one such write at a time, or finds that the lease is lost. */
  async #renew(): Promise<void> {
    if (!this.#renewing) {
      this.#renewing = this.#writeOrLose().finally(() => {
        this.#renewing = undefined;
      });
    }
    await this.#renewing;
  }

  async #writeOrLose(): Promise<void> {
    if (!(await this.#write(this.#tag))) await this.#lookWhoseItIs();
  }

  /** False when the object is no longer the one with that tag. */
  async #write(tag: string | undefined): Promise<boolean> {
    const startedAt = this.#world.clock.now();
    this.#beat += 1;
    const note: Note = { holder: this.#world.name, token: this.#token, beat: this.#beat };
    const written = await this.#bucket.writeTextIf(leaseName, JSON.stringify(note), tag);
    if (written === undefined) return false;
    this.#tag = written;
    this.#writtenAt = startedAt;
    return true;
  }

  /** Still ours when only the answer to an earlier write was lost. */
  async #lookWhoseItIs(): Promise<void> {
    const found = await this.#bucket.readText(leaseName);
    if (found && noteOf(found).token === this.#token) this.#tag = found.tag;
    else this.#lostTo = found ? noteOf(found).holder : 'a service that has ended since';
  }
}

function noteOf({ text }: TaggedText): Note {
  return JSON.parse(text) as Note;
}

function notHeld(holder: string): Problem {
  return new Problem(
    503,
    'store-lost',
    `the object store was taken over by ${holder}: this service writes no more, end it`,
  );
}
