/** Addresses and node ports that Services may have, and those that are taken: what the stored Services have. */
import type { RandomStream } from '../../../world/random.ts';
import { type ApiObject, isRecord, listAt, recordAt } from '../json.ts';

const firstNodePort = 30_000;
const lastNodePort = 32_767;
/** So often a taken address is drawn again; then the first free one is looked for. */
const draws = 16;

export const nodePortRange = `${firstNodePort}-${lastNodePort}`;

export class ServicePool {
  readonly #random: RandomStream;
  readonly #addresses: ReadonlySet<string>;
  readonly #ports: Set<number>;

  constructor(services: readonly ApiObject[], random: RandomStream) {
    this.#random = random;
    const specs = services.map((service) => recordAt(service, 'spec'));
    this.#addresses = new Set(
      specs.flatMap((spec) => [String(spec.clusterIP), ...listAt(spec, 'clusterIPs').map(String)]),
    );
    this.#ports = new Set(specs.flatMap((spec) => listAt(spec, 'ports').map(nodePortOf)));
  }

  isTaken(address: string): boolean {
    return this.#addresses.has(address);
  }

  /** `10.96.0.0/16`, without its ends. */
  isInRange(address: string): boolean {
    return /^10\.96\.\d+\.\d+$/.test(address) && address !== '10.96.0.0' && address !== '10.96.255.255';
  }

  /** A free one; undefined when there is none. */
  address(): string | undefined {
    const candidate = () => `10.96.${this.#random.integer(1, 254)}.${this.#random.integer(1, 254)}`;
    for (let draw = 0; draw < draws; draw++) {
      const address = candidate();
      if (!this.isTaken(address)) return address;
    }
    const all = Array.from({ length: 65_534 }, (_, index) => `10.96.${(index + 1) >> 8}.${(index + 1) & 255}`);
    return all.find((address) => !this.isTaken(address));
  }

  isPortTaken(port: number): boolean {
    return this.#ports.has(port);
  }

  isPortInRange(port: number): boolean {
    return port >= firstNodePort && port <= lastNodePort;
  }

  /** A free one, which is taken from now on; undefined when there is none. */
  nodePort(): number | undefined {
    const start = this.#random.integer(firstNodePort, lastNodePort);
    const count = lastNodePort - firstNodePort + 1;
    for (let step = 0; step < count; step++) {
      const port = firstNodePort + ((start - firstNodePort + step) % count);
      if (this.#ports.has(port)) continue;
      this.#ports.add(port);
      return port;
    }
    return undefined;
  }
}

function nodePortOf(port: unknown): number {
  return isRecord(port) ? Number(port.nodePort ?? 0) : 0;
}
