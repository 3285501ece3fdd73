/**
 * Brings up a kind cluster with Fabric in it.
 *
 *   npm run kind:up [-- --name NAME] [--retain] [--stores cluster|embedded] [--host]
 *
 * --name    clusters of different names stand side by side; the default is "orrery" --retain  leaves what came up when
 * a step fails --stores  cluster: records and content are kept in MongoDB and MinIO in the cluster, and it fails where
 * these cannot be had; embedded: in the
 *           services; left out: in the cluster where that can be had, and as before in a cluster that is up
 * --host    operator, gateway and content run on this machine instead and start again on every save, until Ctrl-C; the
 * cluster stays
 */
import '../../harness/unread-output.ts';
import { parseArgs } from 'node:util';
import { clusterFolder, DEFAULT_CLUSTER } from '../../harness/environments/kind/state.ts';
import { up } from './cluster.ts';
import { runOnHost } from './host.ts';
import { failureText } from './step.ts';
import { tokenFileOf } from './steps/make-credentials.ts';
import { storesWish } from './stores-wish.ts';

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: DEFAULT_CLUSTER },
    retain: { type: 'boolean', default: false },
    host: { type: 'boolean', default: false },
    stores: { type: 'string' },
  },
});

try {
  const { stores, ...rest } = values;
  const cluster = await up({ ...rest, ...storesWish(stores, values.host) }, (line) => console.log(line));
  console.log(`\nexport KUBECONFIG=${cluster.kubeconfig}`);
  if (values.host) await runOnHost(cluster);
  else {
    console.log(`gateway  http://127.0.0.1:${cluster.ports.gateway}`);
    console.log(`user     cortex configure --file ${tokenFileOf(clusterFolder(cluster.name))} --project proj1`);
    console.log(`images   orrery/{operator,gateway,content,actor}:${cluster.tag}; Tasks live in the namespace fabric`);
  }
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
