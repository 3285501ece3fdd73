/**
 * The way from one client to one address, and back. What a fault does to it is asked for here; latencies and losses
 * come from random streams of its own, so that another pair's traffic shifts nothing.
 */
import type { HttpHandler } from '../network.ts';
import type { Random, RandomStream } from '../random.ts';
import type { FaultBoard } from './fault-board.ts';
import type { NetworkFault } from './faults.ts';
import type { Life } from './life.ts';

/** Latency of a request on a healthy network, ms, both included. */
const LATENCY_MS = { minimum: 1, maximum: 4 };

/** A process as the network knows it. */
export interface Party {
  readonly name: string;
  readonly life: Life;
}

/** Who listens under an address. */
export interface Registration {
  /** `host:port`. */
  readonly address: string;
  readonly handler: HttpHandler;
  /** Of what leads out of the simulation: rejects when nobody listens there. */
  connect?(): Promise<void>;
  readonly owner: Party;
}

export class Link {
  readonly client: Party;
  readonly address: string;
  readonly #board: FaultBoard;
  readonly #random: Random;
  readonly #latency: RandomStream;
  #faults: readonly NetworkFault[] = [];
  #version = 0;

  constructor(client: Party, address: string, board: FaultBoard, random: Random) {
    this.client = client;
    this.address = address;
    this.#board = board;
    this.#random = random;
    this.#latency = random.stream(`latency ${client.name}>${address}`);
  }

  /** Faults that act on this link now, in the order in which they were injected. */
  get faults(): readonly NetworkFault[] {
    if (this.#version !== this.#board.version) {
      this.#version = this.#board.version;
      this.#faults = this.#board.between(this.client.name, this.address);
    }
    return this.#faults;
  }

  get isPartitioned(): boolean {
    return this.faults.some((fault) => fault.kind === 'partition');
  }

  /** ms that so many bytes take beside the latency; 0 on a healthy link. */
  transferMs(bytes: number): number {
    let slowestMs = 0;
    for (const fault of this.faults) {
      if (fault.kind === 'slow-body') slowestMs = Math.max(slowestMs, (bytes / fault.bytesPerSecond) * 1000);
    }
    return Math.ceil(slowestMs);
  }

  /** Latency of the next request, drawn anew. */
  latencyMs(): number {
    let latencyMs = this.#latency.integer(LATENCY_MS.minimum, LATENCY_MS.maximum);
    for (const fault of this.faults) {
      if (fault.kind !== 'latency') continue;
      const extra = this.#random.stream(`extra latency ${this.client.name}>${this.address}`);
      latencyMs += extra.integer(fault.minimumMs, fault.maximumMs);
    }
    return latencyMs;
  }

  /** Whether something of this probability happens, drawn anew. */
  chance(probability: number): boolean {
    return this.#random.stream(`loss ${this.client.name}>${this.address}`).next() < probability;
  }
}
