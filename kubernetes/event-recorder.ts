/** Sends Events about objects, as client-go's recorder does: best effort, in order, never in anybody's way. */
import type { RandomStream } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { hasReason, type KubernetesClient } from './client.ts';
import { EventCorrelator, remember } from './event-correlator.ts';
import type { Event, KubernetesObject } from './objects.ts';
import { events } from './resources.ts';

/** As many as client-go's broadcaster queues; what comes on top is dropped. */
const queueLimit = 1000;

interface Sent {
  readonly name: string;
  count: number;
}

export class EventRecorder {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #component: string;
  readonly #host: string;
  readonly #random: RandomStream;
  readonly #correlator = new EventCorrelator();
  readonly #sent = new Map<string, Sent>();
  #last: Promise<void> = Promise.resolve();
  #queued = 0;
  #lastNanoseconds = 0n;

  constructor(options: {
    readonly world: World;
    readonly client: KubernetesClient;
    readonly component: string;
    readonly host?: string;
  }) {
    this.#world = options.world;
    this.#client = options.client;
    this.#component = options.component;
    this.#host = options.host ?? '';
    this.#random = options.world.random.stream(`events ${options.component} ${this.#host}`);
  }

  /**
   * Records that something happened to `object` (which needs apiVersion, kind and metadata). `fieldPath` names a part
   * of it: `spec.containers{main}`. Never throws; an event that cannot be sent is dropped.
   */
  event(
    object: KubernetesObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const now = this.#world.clock.now();
    const involved = referenceTo(object, fieldPath);
    const source = JSON.stringify([involved.kind, involved.namespace, involved.name, involved.uid]);
    const correlated = this.#correlator.correlate({ source, type, reason, message }, now);
    if (!correlated || this.#queued >= queueLimit) return;
    const event = this.#compose(involved, type, reason, correlated.message, now);
    this.#queued += 1;
    this.#last = this.#last.then(() => this.#send(`${fieldPath ?? ''} ${correlated.key}`, event));
  }

  /** Resolves when all that was recorded so far has been sent or dropped. */
  flush(): Promise<void> {
    return this.#last;
  }

  #compose(involved: Event['involvedObject'], type: string, reason: string, message: string, now: number): Event {
    const namespace = involved.namespace ?? 'default';
    const nanoseconds = this.#nanosecondsAt(now);
    const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${involved.name ?? ''}.${nanoseconds.toString(16)}`, namespace },
      involvedObject: involved,
      reason,
      message,
      source: { component: this.#component, ...(this.#host === '' ? {} : { host: this.#host }) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      reportingComponent: this.#component,
      reportingInstance: this.#host,
    };
  }

  /**
   * Those that the clock does not have tell apart events of one millisecond; they grow, since lists are in the order of
   * names.
   */
  #nanosecondsAt(now: number): bigint {
    const drawn = BigInt(now) * 1_000_000n + BigInt(this.#random.integer(0, 999_999));
    this.#lastNanoseconds = drawn > this.#lastNanoseconds ? drawn : this.#lastNanoseconds + 1n;
    return this.#lastNanoseconds;
  }

  async #send(key: string, event: Event): Promise<void> {
    try {
      const known = this.#sent.get(key);
      if (!(known && (await this.#count(known, event)))) await this.#create(key, event);
    } catch (error) {
      this.#world.log.debug('event dropped', { reason: event.reason, error: String(error) });
    } finally {
      this.#queued -= 1;
    }
  }

  /** False when the event has expired on the server. */
  async #count(known: Sent, event: Event): Promise<boolean> {
    const patch = { count: known.count + 1, lastTimestamp: event.lastTimestamp, message: event.message };
    try {
      await this.#client.patch(events, event.metadata.namespace, known.name, 'strategic-merge', patch);
      known.count += 1;
      return true;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return false;
      throw error;
    }
  }

  async #create(key: string, event: Event): Promise<void> {
    await this.#client.create<Event>(events, event.metadata.namespace, event);
    remember(this.#sent, key, { name: event.metadata.name ?? '', count: 1 });
  }
}

function referenceTo(object: KubernetesObject, fieldPath: string | undefined): Event['involvedObject'] {
  const { namespace, name, uid, resourceVersion } = object.metadata ?? {};
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    resourceVersion,
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}
