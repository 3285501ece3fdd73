/**
 * Callbacks that are due: each is delivered by one gateway, the one that ended the activation or, when that is dead,
 * one that lives.
 */
import type { Gateway } from '../settings.ts';
import type { Collection } from '../stores/store.ts';
import type { Activation } from './activation.ts';
import { deliverCallback } from './callback.ts';

export class Callbacks {
  readonly #gateway: Gateway;
  readonly #collection: Collection<Activation>;
  readonly #self: string;
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<string>();

  /** `self`: this gateway as an owner. */
  constructor(gateway: Gateway, collection: Collection<Activation>, self: string, signal: AbortSignal) {
    this.#gateway = gateway;
    this.#collection = collection;
    this.#self = self;
    this.#signal = signal;
  }

  /** Delivers it, if it is due and this gateway's, until it is taken or given up. */
  async deliver(activation: Activation): Promise<void> {
    const { activationId, isCallbackDue, callbackOwner } = activation;
    if (!isCallbackDue || callbackOwner !== this.#self || this.#underWay.has(activationId)) return;
    this.#underWay.add(activationId);
    try {
      await deliverCallback(this.#gateway, activation, this.#signal);
      await this.#collection.update(activationId, (current) => {
        if (!current) return undefined;
        const { isCallbackDue: _, ...done } = current;
        return done;
      });
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#gateway.world.log.warn('a callback is tried later', { activationId, error: String(error) });
    } finally {
      this.#underWay.delete(activationId);
    }
  }

  /** Delivers what was left by gateways that do not live. */
  async sweep(isAlive: (owner: string) => boolean): Promise<void> {
    const filter = { isCallbackDue: true, status: { $nin: ['PENDING', 'STARTED'] } };
    for (const { id, document } of await this.#collection.find({ filter })) {
      const { callbackOwner = '' } = document;
      const isLeft = callbackOwner !== this.#self && !isAlive(callbackOwner);
      void this.deliver(isLeft ? ((await this.#claimed(id, callbackOwner)) ?? document) : document);
    }
  }

  #claimed(id: string, from: string): Promise<Activation | undefined> {
    return this.#collection.update(id, (current) =>
      current?.isCallbackDue && (current.callbackOwner ?? '') === from
        ? { ...current, callbackOwner: this.#self }
        : undefined,
    );
  }
}
