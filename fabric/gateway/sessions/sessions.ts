/**
 * The sessions of all projects. A session's time to live is judged whenever it is looked at, so that nothing depends on
 * when expired ones are swept away.
 */
import type { Timer } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import { problems } from '../errors.ts';
import type { Collection, Query, Store } from '../stores/store.ts';
import { type Session, sessionsDefinition, stateBytesMaximum, storedId, ttlSecondsDefault } from './session.ts';

const sweepIntervalMs = 60_000;
/**
 * An expired session stays so long before it is swept. Somebody may write to its id just then, which begins it anew:
 * the sweep reads and deletes in two steps, and after an hour nobody is in between.
 */
const sweptAfterMs = 60 * 60_000;
const sweptAtOnce = 500;

export interface SessionWrite {
  readonly project: string;
  readonly sessionId: string;
  readonly username: string;
  /** Added to what the session holds. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Seconds; as it was, or 15 minutes. */
  readonly ttl?: number | undefined;
  readonly description?: string | undefined;
}

export class Sessions {
  readonly #world: World;
  readonly #collection: Collection<Session>;
  #sweep: Timer | undefined;
  #isStopped = false;

  private constructor(world: World, collection: Collection<Session>) {
    this.#world = world;
    this.#collection = collection;
  }

  static async open(world: World, store: Store): Promise<Sessions> {
    const sessions = new Sessions(world, await store.collection<Session>(sessionsDefinition));
    await sessions.#planSweep();
    return sessions;
  }

  /** An id that no session has. */
  newId(): string {
    return this.#world.random.stream('session ids').uuid();
  }

  async get(project: string, sessionId: string): Promise<Session | undefined> {
    return this.#living(await this.#collection.get(storedId(project, sessionId)));
  }

  /** Those of the project that live. FilterError when the filter is none. */
  async find(project: string, query: Query): Promise<Session[]> {
    const isAlive = { expiresAt: { $gt: this.#world.clock.now() } };
    const filter = { $and: [{ projectId: project }, isAlive, query.filter ?? {}] };
    return (await this.#collection.find({ ...query, filter })).map(({ document }) => document);
  }

  /** Makes the session, or adds to it; its time to live begins anew. Throws the Problem `session-too-large`. */
  async write({ project, sessionId, username, state, ttl, description }: SessionWrite): Promise<Session> {
    const now = this.#world.clock.now();
    const saved = await this.#collection.update(storedId(project, sessionId), (stored) => {
      const current = this.#living(stored);
      const lifetime = ttl ?? current?.ttl ?? ttlSecondsDefault;
      return {
        projectId: project,
        sessionId,
        description: description ?? current?.description ?? '',
        ttl: lifetime,
        state: checkedSize(sessionId, { ...current?.state, ...state }),
        createdBy: current?.createdBy ?? username,
        createdAt: current?.createdAt ?? now,
        updatedAt: now,
        expiresAt: now + lifetime * 1000,
      };
    });
    if (!saved) throw new Error(`the store kept nothing of session ${sessionId}`);
    this.#plan();
    return saved;
  }

  async delete(project: string, sessionId: string): Promise<void> {
    await this.#collection.write([{ delete: storedId(project, sessionId) }]);
  }

  stop(): void {
    this.#isStopped = true;
    this.#sweep?.cancel();
  }

  #living(session: Session | undefined): Session | undefined {
    return session && session.expiresAt > this.#world.clock.now() ? session : undefined;
  }

  /** There is a timer only while there is something to sweep: a gateway without sessions wakes nobody. */
  async #planSweep(): Promise<void> {
    const [one] = await this.#collection.find({ limit: 1 });
    if (one) this.#plan();
  }

  #plan(): void {
    if (this.#sweep || this.#isStopped) return;
    this.#sweep = this.#world.clock.after(sweepIntervalMs, () => {
      this.#sweep = undefined;
      void this.#sweepNow().catch((error: unknown) => {
        this.#world.log.warn('expired sessions could not be swept', { error: String(error) });
        this.#plan();
      });
    });
  }

  async #sweepNow(): Promise<void> {
    const filter = { expiresAt: { $lte: this.#world.clock.now() - sweptAfterMs } };
    const expired = await this.#collection.find({ filter, sort: { expiresAt: 1 }, limit: sweptAtOnce });
    if (this.#isStopped) return;
    await this.#collection.write(expired.map(({ id }) => ({ delete: id })));
    await this.#planSweep();
  }
}

function checkedSize(sessionId: string, state: Session['state']): Session['state'] {
  const bytes = Buffer.byteLength(JSON.stringify(state));
  if (bytes > stateBytesMaximum) throw problems.sessionTooLarge(sessionId, bytes, stateBytesMaximum);
  return state;
}
