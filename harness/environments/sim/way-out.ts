/**
 * Where requests of a simulation along the wall clock go that nobody in it takes: to a local command, which has its
 * pod's port on this machine, or to the world outside, for external APIs and callbacks. What they may name is the
 * gateway's to judge.
 */
import type { AddressJudge, Network } from '../../../world/network.ts';
import type { WayOut } from '../../../world/simulated/way-out.ts';
import { egress, type Hold } from './egress.ts';
import type { LocalPorts } from './local-ports.ts';

const tlsPort = '443';

export interface WayOutOptions {
  readonly network: Network;
  readonly ports: LocalPorts;
  /** Answers of local commands take no virtual time where it is hurried. */
  readonly hold?: Hold;
  /** Then a command that has listened since its start counts as listening: each try would take time of the wall. */
  readonly isHurried?: () => boolean;
}

/**
 * Undefined where the connection is to be refused: for names and addresses of the cluster that nobody has, and for
 * those of local commands where the request is guarded.
 */
export function wayOut(
  { network, ports, hold, isHurried = () => false }: WayOutOptions,
  address: string,
  isAllowed?: AddressJudge,
): WayOut | undefined {
  const separator = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, separator), address.slice(separator + 1)];
  if (host.startsWith('127.')) {
    const place = isAllowed?.(host) === false ? undefined : ports.placeOf(address);
    if (place === undefined) return undefined;
    const connect = () => passing(hold, ports.connect(place, isHurried()));
    return { ...way(network, place, 'http', { hold }), connect };
  }
  // A service of the developer's own, which only the gateway's exceptions lead to.
  if (host === 'localhost') return way(network, address, 'http', { isAllowed });
  if (isOfCluster(host)) return undefined;
  return way(network, address, port === tlsPort ? 'https' : 'http', { isAllowed });
}

interface How {
  readonly hold?: Hold | undefined;
  readonly isAllowed?: AddressJudge | undefined;
}

function way(network: Network, place: string, scheme: 'http' | 'https', { hold, isAllowed }: How = {}): WayOut {
  const connect = () => passing(hold, network.connect(place));
  const dispatcher = isAllowed ? network.guardedDispatcher(isAllowed) : network.dispatcher();
  return {
    handler: egress(network, `${scheme}://${place}`, { hold, dispatcher }),
    connect,
  };
}

function passing(hold: Hold | undefined, work: Promise<void>): Promise<void> {
  return hold ? hold(work) : work;
}

/** Single names, names below `svc` and `cluster.local`, and the addresses of pods and Services. */
function isOfCluster(host: string): boolean {
  return !host.includes('.') || /\.(svc|cluster\.local)\.?$/.test(host) || /^10\./.test(host);
}
