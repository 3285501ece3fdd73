/**
 * The real ports by which a live run is entered: four in a row, or free ones. Web pages are kept out of all of them.
 */
import {
  AddressInUseError,
  type HttpHandler,
  type HttpResponse,
  type Listener,
  type Network,
  type ServerTls,
} from '../../world/network.ts';
import { type Refusal, type Visitors, visited } from '../../world/visitors.ts';

/** In the order of their ports. */
const portNames = ['kubernetes', 'gateway', 'content', 'control'] as const;
export type PortName = (typeof portNames)[number];

type Check = Pick<Visitors, 'ownOriginFor' | 'probes'> & { readonly names: readonly string[] };

const probes = ['/healthz', '/readyz'];
/**
 * Who may ask. The control API and managed content have no answer that is meant for a page; an API server’s clients may
 * well be pages.
 */
const checks: Readonly<Record<PortName, Check>> = {
  kubernetes: {
    ownOriginFor: 'changes',
    probes: [...probes, '/livez'],
    names: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
  },
  gateway: { ownOriginFor: 'changes', probes, names: ['gateway'] },
  content: { ownOriginFor: 'everything', probes, names: ['content'] },
  control: { ownOriginFor: 'everything', probes: [], names: [] },
};

/** As Fabric’s services and the control API say no. */
function sendRefusal({ status, reason, message }: Refusal, response: HttpResponse): void {
  response.head(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ success: false, message, code: status, reason }));
}

/** As an API server says no. */
function sendStatus({ status, message }: Refusal, response: HttpResponse): void {
  const reason = status === 403 ? 'Forbidden' : 'BadRequest';
  const answer = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status };
  response.head(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  /** What it is for. */
  readonly service: PortName;
  readonly port: number;

  constructor(service: PortName, port: number) {
    super(
      `port ${port}, for ${service}, is taken, by another "orrery up" perhaps: stop that one, or start this one with --port ${port + 100} ` +
        '(the first of four in a row) or --port 0 (free ones)',
    );
    this.service = service;
    this.port = port;
  }
}

export class Ports {
  readonly #network: Network;
  readonly #host: string;
  readonly #firstPort: number;
  readonly #hosts: readonly string[];
  readonly #open: Listener[] = [];

  /** `firstPort` 0 takes free ports. `hosts`: names under which they may be asked besides those of this machine. */
  constructor(network: Network, host: string, firstPort: number, hosts: readonly string[]) {
    this.#network = network;
    this.#host = host;
    this.#firstPort = firstPort;
    this.#hosts = hosts;
  }

  /** Rejects with a PortTakenError. */
  async open(name: PortName, handler: HttpHandler, tls?: ServerTls): Promise<Listener> {
    const port = this.#firstPort === 0 ? 0 : this.#firstPort + portNames.indexOf(name);
    try {
      const listener = await this.#network.listen(
        `${this.#host}:${port}`,
        this.#checked(name, handler),
        tls ? { tls } : {},
      );
      this.#open.push(listener);
      return listener;
    } catch (error) {
      throw error instanceof AddressInUseError ? new PortTakenError(name, port) : error;
    }
  }

  #checked(name: PortName, handler: HttpHandler): HttpHandler {
    const { ownOriginFor, probes, names } = checks[name];
    const hosts = [...names, ...this.#hosts];
    return visited(handler, { hosts, ownOriginFor, probes }, name === 'kubernetes' ? sendStatus : sendRefusal);
  }

  /** Cuts all connections; the second time nothing is left to do. */
  async close(): Promise<void> {
    for (const listener of this.#open.splice(0)) await listener.close();
  }
}
