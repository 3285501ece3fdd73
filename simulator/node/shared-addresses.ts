/**
 * Addresses of the pods that are processes of the machine. All are reached under the node's address; on a loopback,
 * where there are more, two of them that declare the same port have different ones, so that it can be told which is
 * meant.
 */
import type { Pod } from '../../kubernetes/objects.ts';

const last = 254;

export class SharedAddresses {
  readonly #own: string;
  /** Declared ports by address. */
  readonly #ports = new Map<string, Set<number>>();

  constructor(own: string) {
    this.#own = own;
  }

  take(pod: Pod): string {
    if (!this.#own.startsWith('127.')) return this.#own;
    const ports = portsOf(pod);
    const network = this.#own.replace(/\d+$/, '');
    const first = Number(this.#own.slice(network.length));
    for (let number = first; number <= last; number++) {
      const address = `${network}${number}`;
      const taken = this.#ports.get(address) ?? new Set();
      if (ports.some((port) => taken.has(port))) continue;
      this.#ports.set(address, new Set([...taken, ...ports]));
      return address;
    }
    return this.#own;
  }

  release(address: string, pod: Pod): void {
    for (const port of portsOf(pod)) this.#ports.get(address)?.delete(port);
  }
}

function portsOf({ spec }: Pod): number[] {
  return spec?.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)) ?? [];
}
