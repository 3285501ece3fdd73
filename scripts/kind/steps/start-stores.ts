/** The stores that run in the cluster, before the services that need them; those that do not any more are removed. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { storeNames } from '../../../harness/environments/kind/state.ts';
import { fabricManifests } from '../fabric-manifests.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

const SECRET = 'fabric-stores';
const KINDS = 'deployment,service,networkpolicy,serviceaccount';

export const startStores: Step = {
  name: 'start the stores of records and content',
  deadlineMs: 180_000,
  remedy:
    'look at them: kubectl -n fabric get pods -l app.kubernetes.io/component=store; or go without: --stores embedded',
  async run(site, signal) {
    const { stores = {} } = site;
    const chosen = storeNames.filter((store) => stores[store] !== undefined);
    const unwanted = storeNames.filter((store) => stores[store] === undefined);
    if (site.isThere && unwanted.length > 0) await remove(site, unwanted, signal);
    if (chosen.length === 0) return 'there are none in the cluster';
    await site.run('kubectl', ['apply', '-f', join(site.checkout, 'deploy/base/namespace.yaml')], signal);
    await ensureSecret(site, signal);
    const manifests = await fabricManifests(site, signal);
    await site.run('kubectl', ['apply', '-l', 'app.kubernetes.io/component=store', '-f', '-'], signal, manifests);
    for (const store of chosen) {
      const parameters = ['-n', 'fabric', 'rollout', 'status', `deployment/${store}`, '--timeout=170s'];
      await site.run('kubectl', parameters, signal);
    }
    return `${chosen.join(' and ')} ${chosen.length === 1 ? 'is' : 'are'} ready`;
  },
};

async function remove(site: Site, stores: readonly string[], signal: AbortSignal): Promise<void> {
  const selector = `app.kubernetes.io/component=store,app.kubernetes.io/name in (${stores.join(',')})`;
  await site.run('kubectl', ['-n', 'fabric', 'delete', KINDS, '-l', selector, '--ignore-not-found'], signal);
}

/** Addresses and keys; the keys are drawn once for a cluster. */
async function ensureSecret(site: Site, signal: AbortSignal): Promise<void> {
  const found = ['-n', 'fabric', 'get', 'secret', SECRET, '--ignore-not-found', '-o', 'name'];
  if ((await site.run('kubectl', found, signal)).stdout.trim() !== '') return;
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET, namespace: 'fabric' },
    stringData: {
      store: 'mongodb://mongodb:27017/fabric',
      blobs: 's3://minio:9000/fabric?tls=off',
      accessKey: randomBytes(10).toString('hex'),
      secretKey: randomBytes(20).toString('hex'),
    },
  };
  await site.run('kubectl', ['create', '-f', '-'], signal, JSON.stringify(secret));
}
