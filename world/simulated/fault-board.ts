/** The faults of the network that hold at present. */
import type { NetworkFault } from './faults.ts';

export class FaultBoard {
  readonly #active = new Map<number, NetworkFault>();
  #version = 0;
  #count = 0;

  /** Changes with each change of the faults. */
  get version(): number {
    return this.#version;
  }

  /** Returns the fault's number, counted from 1. */
  add(fault: NetworkFault): number {
    this.#version++;
    this.#active.set(++this.#count, fault);
    return this.#count;
  }

  /** False if it was gone already. */
  remove(id: number): boolean {
    this.#version++;
    return this.#active.delete(id);
  }

  between(from: string, address: string): NetworkFault[] {
    return [...this.#active.values()].filter((fault) => concerns(fault, from, address));
  }
}

/** A fault without `from` or `to` concerns every client or server. */
export function concerns(fault: NetworkFault, from: string, address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':'));
  return (fault.from === undefined || fault.from === from) && (fault.to === undefined || fault.to === host);
}
