/** The calls that this gateway makes at the moment, by activation and step. */
import type { Clock } from '../../../world/clock.ts';

interface UnderWay {
  readonly controller: AbortController;
  readonly done: Promise<void>;
  /** False from the moment on in which another gateway could not know what it has done. */
  mayBeLetGo: boolean;
}

export interface CallHandle {
  readonly signal: AbortSignal;
  /** Nobody can take it up from now on: a gateway that is stopping waits for it. */
  hold(): void;
}

export class CallsUnderWay {
  readonly #clock: Clock;
  readonly #calls = new Map<string, UnderWay>();
  #isDraining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(key: string): boolean {
    return this.#calls.has(key);
  }

  /** Begins the call, which never rejects; does nothing once the gateway is stopping. */
  begin(key: string, make: (handle: CallHandle) => Promise<void>): void {
    if (this.#isDraining) return;
    const controller = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const call: UnderWay = { controller, done, mayBeLetGo: true };
    this.#calls.set(key, call);
    const hold = () => {
      call.mayBeLetGo = false;
    };
    void make({ signal: controller.signal, hold }).finally(() => {
      this.#calls.delete(key);
      resolve();
    });
  }

  abort(key: string, reason: Error): void {
    this.#calls.get(key)?.controller.abort(reason);
  }

  /**
   * Begins none any more, lets go at once of those that others can take up, and of the rest when they have not ended
   * after `graceMs`.
   */
  async drain(graceMs: number, reason: Error): Promise<void> {
    this.#isDraining = true;
    const all = [...this.#calls.values()];
    for (const { controller, mayBeLetGo } of all) if (mayBeLetGo) controller.abort(reason);
    const held = all.filter(({ mayBeLetGo }) => !mayBeLetGo);
    if (held.length === 0) return;
    const patience = new AbortController();
    const expired = this.#clock.sleep(graceMs, patience.signal).catch(() => undefined);
    await Promise.race([expired, Promise.all(held.map(({ done }) => done))]);
    patience.abort();
    for (const { controller } of held) controller.abort(reason);
  }
}
