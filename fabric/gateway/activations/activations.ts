/**
 * The activations of all projects, and the engine that carries them on. What is stored is the only truth: each event is
 * one atomic change of the stored activation (`flow.ts`), and whoever makes a change makes the calls of the steps that
 * came of it. A gateway that was killed leaves steps behind: the sweep takes them over.
 */
import type { Outcome, Runtime } from '../runtimes/runtime.ts';
import type { RuntimeName } from '../schemas/skill.ts';
import type { Gateway } from '../settings.ts';
import type { Collection, Query, Store, Stored } from '../stores/store.ts';
import { Changes, type Waiting } from '../tasks/changes.ts';
import { type Activation, activationsDefinition, type Step } from './activation.ts';
import { Callbacks } from './callbacks.ts';
import { type PreparedCall, prepareCall } from './calls.ts';
import { type CallHandle, CallsUnderWay } from './calls-under-way.ts';
import { begin, cancelled, isOver, type Moment, messageSent, stepEnded, stepStarted, takenOver } from './flow.ts';
import { Owners } from './owners.ts';
import { untilStored } from './until-stored.ts';

/**
 * How often is looked for what others have left: by one gateway among several, by one alone, and after a store that did
 * not answer.
 */
const sweepMs = { shared: 5_000, alone: 5 * 60_000, failed: 5_000 };
/**
 * Among several gateways the one that makes a call learns by its sweep that it was ended; so long is stopped what it
 * may have started since.
 */
const stopMs = 4 * sweepMs.shared;

/** What is known of an activation before it begins. */
export type NewActivation = Omit<Activation, 'steps' | 'results' | 'status' | 'start'>;

type Runtimes = Readonly<Record<RuntimeName, Runtime>>;

export class Activations {
  readonly #gateway: Gateway;
  readonly #runtimes: Runtimes;
  readonly #collection: Collection<Activation>;
  readonly #owners: Owners;
  readonly #isShared: boolean;
  readonly #changes: Changes;
  readonly #ended = new AbortController();
  readonly #stopping = new AbortController();
  readonly #calls: CallsUnderWay;
  readonly #callbacks: Callbacks;

  private constructor(
    gateway: Gateway,
    runtimes: Runtimes,
    collection: Collection<Activation>,
    owners: Owners,
    isShared: boolean,
  ) {
    this.#isShared = isShared;
    this.#gateway = gateway;
    this.#runtimes = runtimes;
    this.#collection = collection;
    this.#owners = owners;
    this.#changes = new Changes(gateway.world.clock);
    this.#calls = new CallsUnderWay(gateway.world.clock);
    this.#callbacks = new Callbacks(gateway, collection, owners.self, this.#ended.signal);
  }

  /** Others see this gateway from then on: before it is asked for anything, and owns what comes of it. */
  static async open(gateway: Gateway, store: Store, runtimes: Runtimes): Promise<Activations> {
    const { world, namespace, client } = gateway;
    const owners = new Owners({ world, namespace, client: store.isShared ? client : undefined });
    const collection = await store.collection<Activation>(activationsDefinition);
    await owners.begin().catch((error: unknown) => {
      world.log.warn('the lease of this gateway cannot be made yet', { error: String(error) });
    });
    return new Activations(gateway, runtimes, collection, owners, store.isShared);
  }

  /** Takes up what others have left, now and from time to time, until `stop`. */
  start(): void {
    void this.#owners.keep(this.#ended.signal);
    void this.#keepSweeping();
  }

  /**
   * Lets go of the calls: what is stored is taken up by the next gateway. Calls that nobody can take up, to daemons and
   * APIs, have `graceMs` to end. Others see this gateway until then.
   */
  async stop(graceMs: number): Promise<void> {
    const reason = new Error('the gateway is stopping');
    this.#stopping.abort(reason);
    await this.#calls.drain(graceMs, reason);
    this.#ended.abort(reason);
  }

  get(id: string): Promise<Activation | undefined> {
    return this.#collection.get(id);
  }

  /** FilterError when the filter is none. */
  async find(query: Query): Promise<Activation[]> {
    return (await this.#collection.find(query)).map(({ document }) => document);
  }

  /**
   * Stores the activation, which has begun then, and resolves; an activation of that id that is there already is given
   * back.
   */
  async begin(given: NewActivation): Promise<Activation> {
    const moment = this.#moment();
    const fresh: Activation = { ...given, steps: [], results: [], status: 'PENDING', start: moment.now };
    let isMine = false;
    const stored = await this.#collection.update(given.activationId, (current) => {
      isMine = current === undefined;
      return current ? undefined : begin(fresh, moment);
    });
    if (!stored) throw new Error(`the store kept nothing of activation ${given.activationId}`);
    if (isMine) this.#follow(stored);
    return stored;
  }

  /** The activation as it is cancelled; undefined when it had ended already. `inFlight`: its jobs run on. */
  async cancel(id: string, inFlight: boolean): Promise<Activation | undefined> {
    const { changed, isMine } = await this.#change(id, (current) => cancelled(current, inFlight, this.#moment()));
    if (!changed || !isMine) return undefined;
    this.#follow(changed);
    await this.#stopCalls(changed);
    return changed;
  }

  /**
   * True when the message was taken; false when its step takes none any more, or the activation would grow too large by
   * it.
   */
  async message(id: string, step: string, output: string, payload: unknown): Promise<boolean> {
    const { changed, isMine } = await this.#change(id, (current) =>
      messageSent(current, step, output, payload, this.#moment()),
    );
    if (!isMine || !changed) return false;
    this.#follow(changed);
    void this.#stopCalls(changed);
    return !isOver(changed.status);
  }

  /** Waits for a change that this gateway makes, at most `atMostMs`. */
  changed(id: string, atMostMs: number, signal: AbortSignal): Waiting {
    return this.#changes.wait(id, atMostMs, signal);
  }

  /** Removes activations that ended before `before` (epoch ms), at most so many; resolves with how many. */
  async retire(before: number, atMost: number): Promise<number> {
    const filter = { status: { $in: ['COMPLETE', 'ERROR', 'CANCELLED'] }, end: { $lt: before } };
    const found = await this.#collection.find({ filter, limit: atMost });
    await this.#collection.write(found.map(({ id }) => ({ delete: id })));
    return found.length;
  }

  #moment(): Moment {
    const { clock, random } = this.#gateway.world;
    return { now: clock.now(), owner: this.#owners.self, uuid: () => random.stream('activations').uuid() };
  }

  /** `isMine`: this very change was stored. */
  async #change(
    id: string,
    change: (current: Activation) => Activation | undefined,
  ): Promise<{ readonly changed: Activation | undefined; readonly isMine: boolean }> {
    let isMine = false;
    const changed = await this.#collection.update(id, (current) => {
      const next = current && change(current);
      isMine = next !== undefined;
      return next;
    });
    return { changed, isMine };
  }

  /** After a change of this gateway's: makes the calls of its steps, tells who waits, and ends what is over. */
  #follow(activation: Activation): void {
    for (const step of activation.steps) {
      const key = keyOf(activation, step);
      if (isOver(step.status)) {
        if (step.status === 'CANCELLED') this.#calls.abort(key, new Error('the activation was cancelled'));
      } else if (step.owner === this.#owners.self && !this.#calls.has(key)) {
        this.#calls.begin(key, (handle) => this.#call(activation, step, handle));
      }
    }
    this.#changes.tell(activation.activationId);
    void this.#callbacks.deliver(activation);
  }

  /**
   * Makes the call of one step and notes how it ended; goes on until it is noted, the step is over, or the gateway is.
   */
  async #call(activation: Activation, step: Step, handle: CallHandle): Promise<void> {
    const key = keyOf(activation, step);
    const { signal } = handle;
    try {
      await this.#callOnce(activation, step, handle).catch(async (error: unknown) => {
        if (signal.aborted) return;
        this.#gateway.world.log.error('a call failed inside', { step: key, error: String(error) });
        const outcome = { error: `the gateway cannot carry this on: ${String(error)}` };
        await this.#untilStored(signal, () => this.#note(activation.activationId, step.id, outcome, ''));
      });
    } catch (error) {
      if (!signal.aborted) this.#gateway.world.log.error('a step stays as it is', { step: key, error: String(error) });
    }
  }

  async #callOnce(activation: Activation, step: Step, { signal, hold }: CallHandle): Promise<void> {
    const { activationId } = activation;
    const prepared = await this.#untilStored(signal, () =>
      prepareCall(this.#gateway, this.#runtimes, activation, step, 'deployed'),
    );
    const begun = await this.#untilStored(signal, () => this.#noteBegun(activationId, step, prepared));
    if (!begun) return;
    signal.throwIfAborted();
    if ('runtime' in prepared && !prepared.runtime.canBeTakenUp) hold();
    const outcome = 'fault' in prepared ? { error: prepared.fault } : await this.#run(prepared, step, signal);
    const output = 'fault' in prepared ? '' : prepared.outputOf(outcome);
    await this.#untilStored(signal, () => this.#note(activationId, step.id, outcome, output));
  }

  /** False when the call is not to be made. */
  async #noteBegun(id: string, step: Step, prepared: PreparedCall | { readonly fault: string }): Promise<boolean> {
    const taskName = 'fault' in prepared ? undefined : prepared.runtime.taskName(prepared.call);
    const { isMine } = await this.#change(id, (current) => stepStarted(current, step.id, taskName, this.#moment()));
    return isMine;
  }

  /** `step`: as it was before this gateway began with it. */
  #run({ call, runtime }: PreparedCall, step: Step, signal: AbortSignal): Promise<Outcome> {
    return this.#untilStored(signal, () => runtime.run(call, step.status === 'STARTED', signal));
  }

  async #note(id: string, step: string, outcome: Outcome, output: string): Promise<void> {
    const { changed } = await this.#change(id, (current) => stepEnded(current, step, outcome, output, this.#moment()));
    if (!changed) return;
    this.#follow(changed);
    void this.#stopCalls(changed);
  }

  #untilStored<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return untilStored(this.#gateway.world, signal, work);
  }

  /**
   * Stops what the calls of an activation have started that was ended before its time. Never rejects: the sweep tries
   * again.
   */
  async #stopCalls(activation: Activation): Promise<void> {
    if (!activation.isStopDue) return;
    try {
      for (const step of activation.steps.filter(({ status }) => status === 'CANCELLED')) {
        const prepared = await prepareCall(this.#gateway, this.#runtimes, activation, step, 'saved');
        if ('call' in prepared) await prepared.runtime.stop(prepared.call);
      }
      const now = this.#gateway.world.clock.now();
      if (this.#isShared && now < (activation.end ?? now) + stopMs) return;
      await this.#change(activation.activationId, ({ isStopDue: _, ...current }) => current);
    } catch (error) {
      const { activationId } = activation;
      this.#gateway.world.log.warn('what was ended is stopped later', { activationId, error: String(error) });
    }
  }

  async #keepSweeping(): Promise<void> {
    const { world } = this.#gateway;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const waitMs = await this.#sweep().then(
        () => (this.#isShared ? sweepMs.shared : sweepMs.alone),
        (error: unknown) => {
          if (!signal.aborted) world.log.warn('activations cannot be looked through now', { error: String(error) });
          return sweepMs.failed;
        },
      );
      await world.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    const isAlive = await this.#owners.living();
    const open = await this.#collection.find({ filter: { status: { $in: ['PENDING', 'STARTED'] } } });
    await this.#takeOver(open, isAlive);
    for (const { document } of await this.#collection.find({ filter: { isStopDue: true } })) {
      this.#follow(document);
      await this.#stopCalls(document);
    }
    await this.#callbacks.sweep(isAlive);
  }

  /** Of steps that nobody calls: those of the dead, and own ones that were let go. */
  async #takeOver(open: readonly Stored<Activation>[], isAlive: (owner: string) => boolean): Promise<void> {
    for (const { id, document } of open) {
      const isLeft = (step: Step) =>
        !isOver(step.status) &&
        (!isAlive(step.owner) || (step.owner === this.#owners.self && !this.#calls.has(keyOf(document, step))));
      if (!document.steps.some(isLeft)) continue;
      const changed = await this.#collection.update(
        id,
        (current) => current && takenOver(current, (owner) => !isAlive(owner), this.#owners.self),
      );
      if (changed) this.#follow(changed);
    }
  }
}

function keyOf({ activationId }: Activation, { id }: Step): string {
  return `${activationId} ${id}`;
}
