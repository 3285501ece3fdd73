/** The gateway as a process of its own before a managed content, with a user who may use one project. */
import { fileURLToPath } from 'node:url';
import { startGateway } from '../../fabric/gateway/server.ts';
import { openEmbeddedStore } from '../../fabric/gateway/stores/embedded/store.ts';
import { silentLog } from '../../harness/environments/controlplane/own-world.ts';
import { accessOf, newIdentity } from '../../harness/environments/identity.ts';
import { realWorld } from '../../world/real/world.ts';
import { type ServiceProcess, startServiceProcess } from '../service-process.ts';

/** What it tells when it is up. */
export interface ToldGateway {
  readonly url: string;
  readonly project: string;
  /** Of the user, for a day. */
  readonly authorization: string;
}

const project = 'perf';
const dayMs = 24 * 3_600_000;

export function startGatewayProcess(contentUrl: string): Promise<ServiceProcess<ToldGateway>> {
  return startServiceProcess(fileURLToPath(import.meta.url), [contentUrl]);
}

if (process.send) {
  process.on('disconnect', () => process.exit(0));
  const world = realWorld('gateway', silentLog);
  const identity = newIdentity(world.random);
  const serving = await startGateway({
    world,
    address: '127.0.0.1:0',
    store: openEmbeddedStore(':memory:'),
    contentUrl: process.argv[2] ?? '',
    access: accessOf(identity),
    projects: [project],
  });
  process.on('SIGTERM', () => void serving.stop(0).then(() => process.exit(0)));
  const authorization = identity.userAuthorization(world.clock.now() + dayMs);
  process.send({ url: serving.url, project, authorization } satisfies ToldGateway);
}
