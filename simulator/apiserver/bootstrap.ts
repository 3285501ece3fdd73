/**
 * What a new store gets: the namespaces that every cluster has; and what every namespace gets soon after it was made: its default
 * service account and the certificate of the cluster. Source: semantics 1.17.
 */
import type { Backend } from './backend.ts';
import type { StoredEvent } from './entry.ts';
import { ensure } from './internal.ts';
import { bootNamespaces } from './namespaces.ts';
import { configMapResource, namespaceResource, serviceAccountResource } from './resources/core.ts';

const equipMs = { minimum: 5, maximum: 40 };

/** The result ends the care for new namespaces. */
export function bootstrap(backend: Backend): () => void {
  const namespaces = backend.store.table(namespaceResource.table);
  for (const name of bootNamespaces) {
    ensure(backend, namespaceResource, '', { kind: 'Namespace', apiVersion: 'v1', metadata: { name } });
  }
  for (const { name } of namespaces.list()) equip(backend, name);
  return namespaces.subscribe((event) => equipSoon(backend, event));
}

function equipSoon(backend: Backend, { before, after }: StoredEvent): void {
  if (before || !after) return;
  const delay = backend.world.random.stream('apiserver-namespaces').integer(equipMs.minimum, equipMs.maximum);
  backend.world.clock.after(delay, () => equip(backend, after.name));
}

function equip(backend: Backend, namespace: string): void {
  const found = backend.store.table(namespaceResource.table).get('', namespace)?.object;
  if (!found || found.metadata.deletionTimestamp) return;
  ensure(backend, serviceAccountResource, namespace, {
    kind: 'ServiceAccount',
    apiVersion: 'v1',
    metadata: { name: 'default', namespace },
  });
  ensure(backend, configMapResource, namespace, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'kube-root-ca.crt', namespace },
    data: { 'ca.crt': '' },
  });
}
