/** Addresses of the pods of one node: 10.244.X.2 to 10.244.X.254, X from the node's name, given out in turn. */
const first = 2;
const count = 253;

export class PodAddresses {
  readonly #subnet: string;
  readonly #taken = new Set<string>();
  #next = 0;

  constructor(nodeName: string) {
    let sum = 0;
    for (const character of nodeName) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 256;
    this.#subnet = `10.244.${sum}`;
  }

  /** The next free one; when all are taken, one that is taken (as many pods are no use of a simulation). */
  take(): string {
    for (let tried = 0; tried < count; tried += 1) {
      const address = `${this.#subnet}.${first + this.#next}`;
      this.#next = (this.#next + 1) % count;
      if (this.#taken.has(address) && tried < count - 1) continue;
      this.#taken.add(address);
      return address;
    }
    return `${this.#subnet}.${first}`;
  }

  release(address: string): void {
    this.#taken.delete(address);
  }
}
