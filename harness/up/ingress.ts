/**
 * How requests cross between the simulation and the machine: in by a real port, out to a service that the developer
 * runs himself.
 */
import type { HttpHandler } from '../../world/network.ts';
import type { RealNetwork } from '../../world/real/network.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import type { FabricService } from '../environments/environment.ts';
import { egress } from '../environments/sim/egress.ts';
import { contentAddress, gatewayAddress } from '../environments/sim/names.ts';

/**
 * Leads requests from a real socket to what listens inside; while nothing does, the connection breaks as it would
 * there.
 */
export function ingress(simulation: Simulation, address: string): HttpHandler {
  return (request, response) => {
    const handler = simulation.network.handlerAt(address);
    if (!handler) return response.reset();
    return handler(request, response);
  };
}

/** Where services that run elsewhere are looked for. */
export interface Elsewhere {
  readonly gateway?: { readonly url: string };
  readonly content?: { readonly url: string };
}

/**
 * Leads the simulation's own clients to the services that run elsewhere: on their port of the four, or on a free one.
 */
export async function leadOut(options: {
  readonly simulation: Simulation;
  readonly network: RealNetwork;
  readonly without: readonly FabricService[];
  readonly host: string;
  /** First of the four ports; 0 picks free ones. */
  readonly port: number;
}): Promise<Elsewhere> {
  const { simulation, network, without, host, port } = options;
  const lead = async (service: 'gateway' | 'content', address: string, offset: number): Promise<Elsewhere> => {
    if (!without.includes(service)) return {};
    const url = `http://${host}:${port === 0 ? await freePort(network, host) : port + offset}`;
    await simulation.process(service).network.listen(address, egress(network, url));
    return { [service]: { url } };
  };
  return { ...(await lead('gateway', gatewayAddress, 1)), ...(await lead('content', contentAddress, 2)) };
}

async function freePort(network: RealNetwork, host: string): Promise<number> {
  const listener = await network.listen(`${host}:0`, (_request, response) => response.reset());
  await listener.close();
  return Number(new URL(listener.url).port);
}
