/** Nodes, Services, Deployments, ReplicaSets and role bindings. */
import type {
  V1ClusterRoleBinding,
  V1Deployment,
  V1ReplicaSet,
  V1RoleBinding,
  V1Service,
} from '@kubernetes/client-node';
import type { Node, Wire } from '../../../kubernetes/objects.ts';
import { containerCells, containerColumns, selectorText } from './batch.ts';
import { ageColumn, column, nameColumn, orNone, type Printer, wide } from './columns.ts';
import { sinceText } from './duration.ts';

export const nodePrinter: Printer<Node> = {
  columns: [
    nameColumn,
    column('Status', 'Whether the node is ready, and whether it takes pods.'),
    column('Roles', 'Roles, from labels.'),
    ageColumn,
    column('Version', 'Version of the node agent.'),
    wide('Internal-IP', 'Address inside the cluster.'),
    wide('External-IP', 'Address outside the cluster.'),
    wide('OS-Image', 'Operating system.'),
    wide('Kernel-Version', 'Kernel.'),
    wide('Container-Runtime', 'Container runtime and its version.'),
  ],
  cells(node, nowMs) {
    const info: Partial<NonNullable<NonNullable<Node['status']>['nodeInfo']>> = node.status?.nodeInfo ?? {};
    const kernel = info.kernelVersion || '<unknown>';
    return [
      node.metadata?.name ?? '',
      nodeStatus(node),
      orNone(nodeRoles(node).join(',')),
      sinceText(node.metadata?.creationTimestamp, nowMs),
      info.kubeletVersion ?? '',
      nodeAddress(node, 'InternalIP'),
      nodeAddress(node, 'ExternalIP'),
      info.osImage || '<unknown>',
      info.architecture ? `${kernel} (${info.architecture})` : kernel,
      info.containerRuntimeVersion || '<unknown>',
    ];
  },
};

function nodeStatus(node: Node): string {
  const ready = (node.status?.conditions ?? []).find((condition) => condition.type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: Node): string[] {
  const prefix = 'node-role.kubernetes.io/';
  const labels = Object.entries(node.metadata?.labels ?? {});
  const roles = labels.flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ''))].sort();
}

function nodeAddress(node: Node, type: string): string {
  return orNone((node.status?.addresses ?? []).find((address) => address.type === type)?.address);
}

type Service = Wire<V1Service>;

export const servicePrinter: Printer<Service> = {
  columns: [
    nameColumn,
    column('Type', 'How the service is exposed.'),
    column('Cluster-IP', 'Address inside the cluster.'),
    column('External-IP', 'Addresses outside the cluster.'),
    column('Port(s)', 'Ports and protocols.'),
    ageColumn,
    wide('Selector', 'Labels of the pods behind the service.'),
  ],
  cells(service, nowMs) {
    const { spec, metadata } = service;
    return [
      metadata?.name ?? '',
      spec?.type ?? '',
      orNone(spec?.clusterIPs?.[0] ?? spec?.clusterIP),
      externalAddress(service),
      orNone((spec?.ports ?? []).map(portText).join(',')),
      sinceText(metadata?.creationTimestamp, nowMs),
      selectorText({ matchLabels: spec?.selector }),
    ];
  },
};

function portText(port: NonNullable<NonNullable<Service['spec']>['ports']>[number]): string {
  const number = port.nodePort ? `${port.port}:${port.nodePort}` : String(port.port);
  return `${number}/${port.protocol ?? 'TCP'}`;
}

function externalAddress(service: Service): string {
  const { type, externalIPs = [], externalName = '' } = service.spec ?? {};
  if (type === 'ExternalName') return externalName;
  if (type !== 'LoadBalancer') return orNone(externalIPs.join(','));
  const ingress = (service.status?.loadBalancer?.ingress ?? []).map((one) => one.ip || one.hostname || '');
  const addresses = [...new Set(ingress.filter((one) => one !== ''))].sort();
  return [...addresses, ...externalIPs].join(',') || '<pending>';
}

export const deploymentPrinter: Printer<Wire<V1Deployment>> = {
  columns: [
    nameColumn,
    column('Ready', 'Pods that are ready, of those wanted.'),
    column('Up-to-date', 'Pods made from the present template.'),
    column('Available', 'Pods that have been ready for long enough.'),
    ageColumn,
    ...containerColumns,
  ],
  cells: (deployment, nowMs) => [
    deployment.metadata?.name ?? '',
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    sinceText(deployment.metadata?.creationTimestamp, nowMs),
    ...containerCells(deployment.spec?.template?.spec?.containers, selectorText(deployment.spec?.selector)),
  ],
};

export const replicaSetPrinter: Printer<Wire<V1ReplicaSet>> = {
  columns: [
    nameColumn,
    column('Desired', 'Pods wanted.', 'integer'),
    column('Current', 'Pods there are.', 'integer'),
    column('Ready', 'Pods that are ready.', 'integer'),
    ageColumn,
    ...containerColumns,
  ],
  cells: (set, nowMs) => [
    set.metadata?.name ?? '',
    set.spec?.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    sinceText(set.metadata?.creationTimestamp, nowMs),
    ...containerCells(set.spec?.template?.spec?.containers, selectorText(set.spec?.selector)),
  ],
};

type Binding = Wire<V1RoleBinding> | Wire<V1ClusterRoleBinding>;

export const bindingPrinter: Printer<Binding> = {
  columns: [
    nameColumn,
    column('Role', 'Role that is given.'),
    ageColumn,
    wide('Users', 'Users who have it.'),
    wide('Groups', 'Groups that have it.'),
    wide('ServiceAccounts', 'Service accounts that have it.'),
  ],
  cells(binding, nowMs) {
    const { roleRef, metadata } = binding;
    return [
      metadata?.name ?? '',
      `${roleRef.kind}/${roleRef.name}`,
      sinceText(metadata?.creationTimestamp, nowMs),
      ...['User', 'Group', 'ServiceAccount'].map((kind) => subjectNames(binding, kind)),
    ];
  },
};

function subjectNames(binding: Binding, kind: string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace ?? ''}/${subject.name}` : subject.name))
    .join(', ');
}
