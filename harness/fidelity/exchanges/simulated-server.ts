/** The simulator's API server on a port of this machine, without controllers, as the real one is compared. */
import { ApiServer } from '../../../simulator/apiserver/server.ts';
import { realWorld } from '../../../world/real/world.ts';
import { makeCertificate } from '../../up/certificate.ts';
import { installedProse } from '../../up/installed-prose.ts';
import { type RunningServer, users } from './real-server.ts';

export async function startSimulatedServer(): Promise<RunningServer> {
  const world = realWorld('fidelity');
  const tokens = Object.fromEntries(users.map(({ token, ...user }) => [token, user]));
  // In real time all is late by itself.
  const watchLagMs = { minimum: 0, maximum: 0 };
  const server = new ApiServer({ world, tokens, watchLagMs, prose: installedProse() });
  const certificate = await makeCertificate(world.clock.now());
  const listener = await world.network.listen('127.0.0.1:0', server.handler, { tls: certificate });
  const stop = async () => {
    server.stop();
    await listener.close();
  };
  return { url: listener.url, token: users[0].token, stop };
}
