/** What a new store gets: the namespaces that every cluster has. Their service accounts are a controller's work. Source: semantics 1.17. */
import type { Backend } from './backend.ts';
import { ensure } from './internal.ts';
import { bootNamespaces } from './namespaces.ts';
import { namespaceResource } from './resources/core.ts';

export function bootstrap(backend: Backend): void {
  for (const name of bootNamespaces) {
    ensure(backend, namespaceResource, '', { kind: 'Namespace', apiVersion: 'v1', metadata: { name } });
  }
}
