/**
 * A client that sees one namespace only: its lists and watches of all namespaces are of that one. For whoever has no
 * rights beyond it, or shares a cluster.
 */
import type { KubernetesClient } from './client.ts';

export function withinNamespace(client: KubernetesClient, namespace: string): KubernetesClient {
  return {
    get: (...parameters) => client.get(...parameters),
    list: (type, options = {}) => client.list(type, type.namespaced ? { namespace, ...options } : options),
    create: (...parameters) => client.create(...parameters),
    replace: (...parameters) => client.replace(...parameters),
    patch: (...parameters) => client.patch(...parameters),
    delete: (...parameters) => client.delete(...parameters),
    watch: (type, options, onEvent) =>
      client.watch(type, type.namespaced ? { namespace, ...options } : options, onEvent),
    log: (...parameters) => client.log(...parameters),
  };
}
