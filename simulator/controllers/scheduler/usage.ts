/** What is taken of each node, kept as pods come and go. */
import type { Pod } from '../../../kubernetes/objects.ts';
import { type Amounts, combine, requestsOf } from './requests.ts';

export interface NodeUsage {
  readonly pods: number;
  readonly requested: Amounts;
}

interface Seat {
  readonly node: string;
  readonly requested: Amounts;
}

const unused: NodeUsage = { pods: 0, requested: new Map() };

export class Usage {
  readonly #seats = new Map<string, Seat>();
  readonly #byNode = new Map<string, NodeUsage>();

  /** The pod takes its room on the node, also before the cache shows it there; it leaves its room on another. */
  seat(pod: Pod, node: string): void {
    const key = seatKey(pod);
    const requested = requestsOf(pod);
    this.#leave(key);
    this.#seats.set(key, { node, requested });
    const { pods, requested: taken } = this.of(node);
    this.#byNode.set(node, { pods: pods + 1, requested: combine(taken, requested, (a, b) => a + b) });
  }

  /** The pod's room is free again. */
  leave(pod: Pod): void {
    this.#leave(seatKey(pod));
  }

  /** True if the pod has room on a node. */
  has(pod: Pod): boolean {
    return this.#seats.has(seatKey(pod));
  }

  of(node: string): NodeUsage {
    return this.#byNode.get(node) ?? unused;
  }

  #leave(key: string): void {
    const seat = this.#seats.get(key);
    if (seat === undefined) return;
    this.#seats.delete(key);
    const { pods, requested } = this.of(seat.node);
    if (pods <= 1) this.#byNode.delete(seat.node);
    else
      this.#byNode.set(seat.node, { pods: pods - 1, requested: combine(requested, seat.requested, (a, b) => a - b) });
  }
}

function seatKey(pod: Pod): string {
  return pod.metadata?.uid ?? '';
}
