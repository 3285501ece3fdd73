/**
 * What a new store gets, as every cluster has it: namespaces, the Service of the server itself, and the priority
 * classes of the system. Service accounts are a controller's work. Source: semantics 1.17; upstream pkg/controlplane,
 * pkg/registry/scheduling/rest.
 */

import { bootNamespaces } from '../admission/namespaces.ts';
import type { Backend } from '../backend.ts';
import type { ApiObject } from '../json.ts';
import { namespaceResource, serviceResource } from '../kinds/groups/core.ts';
import { priorityClassResource } from '../kinds/groups/other-groups.ts';
import { ensure } from './internal.ts';

export function bootstrap(backend: Backend): void {
  for (const name of bootNamespaces) {
    ensure(backend, namespaceResource, '', { kind: 'Namespace', apiVersion: 'v1', metadata: { name } });
  }
  ensure(backend, serviceResource, 'default', kubernetesService());
  for (const [name, facts] of Object.entries(systemPriorityClasses)) {
    ensure(backend, priorityClassResource, '', {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name },
      ...facts,
    });
  }
}

/** The first address of the services' range, `10.96.0.0/16`. */
const serverAddress = '10.96.0.1';

function kubernetesService(): ApiObject {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    spec: {
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
      clusterIP: serverAddress,
      clusterIPs: [serverAddress],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  };
}

/** Only these may be so high. */
const systemPriorityClasses: Readonly<Record<string, { value: number; description: string }>> = {
  'system-cluster-critical': {
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  'system-node-critical': {
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
};
