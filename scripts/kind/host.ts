/**
 * The inner loop: operator, gateway and content as processes of this machine against the cluster, started again
 * whenever a source is saved. Records and content stay in the cluster's folder of state. Ends with Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePorts } from '../../harness/environments/controlplane/free-ports.ts';
import { clusterFolder, type KindCluster } from '../../harness/environments/kind/state.ts';
import { makePrivateFolder } from '../../world/real/private.ts';
import { CHECKOUT } from './site.ts';

/** node:sqlite is an experiment to Node.js 24, and says so on every start. */
const WATCHED = ['--watch', '--watch-preserve-output', '--disable-warning=ExperimentalWarning'];

/** Flags of each service, in the order in which they start. The cluster's own ports are taken by its node. */
export function commandsOf(
  { name, kubeconfig }: KindCluster,
  ports: { readonly gateway: number; readonly content: number },
): Record<string, readonly string[]> {
  const folder = join(clusterFolder(name), 'host');
  const content = `127.0.0.1:${ports.content}`;
  const gateway = `127.0.0.1:${ports.gateway}`;
  const cluster = ['--kubeconfig', kubeconfig, '--namespace', 'default'];
  const store = ['--store', join(folder, 'records.sqlite'), '--content-url', `http://${content}`];
  return {
    content: ['--listen', content, '--blobs', join(folder, 'content')],
    gateway: [...cluster, '--only-namespace', '--create-projects', '--listen', gateway, ...store],
    operator: [...cluster, '--gateway-url', `http://${gateway}`, '--content-url', `http://${content}`],
  };
}

/** Resolves when SIGINT or SIGTERM came and all three have ended. */
export async function runOnHost(cluster: KindCluster): Promise<void> {
  makePrivateFolder(join(clusterFolder(cluster.name), 'host'));
  const [gateway = 0, content = 0] = await freePorts(2);
  const children = Object.entries(commandsOf(cluster, { gateway, content })).map(([service, flags]) => {
    const watched = [...WATCHED, join(CHECKOUT, 'fabric', service, 'main.ts'), ...flags];
    return spawn(process.execPath, watched, { stdio: ['ignore', 'inherit', 'inherit'] });
  });
  console.log(`gateway  http://127.0.0.1:${gateway}`);
  console.log(`content  http://127.0.0.1:${content}`);
  console.log(`images   orrery/actor:${cluster.tag}`);
  console.log('operator, gateway and content run here, for the namespace default: edit, save, see. Ctrl-C ends them.');
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await Promise.all(children.map((child) => once(child, 'exit')));
}
