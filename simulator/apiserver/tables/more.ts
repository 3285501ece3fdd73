/**
 * StatefulSets, DaemonSets, claims, endpoints, quotas, priority classes and disruption budgets. Source: upstream
 * pkg/printers/internalversion.
 */

import type {
  V1DaemonSet,
  V1Endpoints,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1PriorityClass,
  V1ResourceQuota,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import { containerCells, containerColumns, selectorText } from './batch.ts';
import { ageColumn, column, nameColumn, orNone, type Printer, wide } from './columns.ts';
import { sinceText } from './duration.ts';

export const statefulSetPrinter: Printer<Wire<V1StatefulSet>> = {
  columns: [
    nameColumn,
    column('Ready', 'Pods that are ready, of those wanted.'),
    ageColumn,
    ...containerColumns.slice(0, 2),
  ],
  cells: (set, nowMs) => [
    set.metadata?.name ?? '',
    `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`,
    sinceText(set.metadata?.creationTimestamp, nowMs),
    ...containerCells(set.spec?.template?.spec?.containers, '').slice(0, 2),
  ],
};

export const daemonSetPrinter: Printer<Wire<V1DaemonSet>> = {
  columns: [
    nameColumn,
    column('Desired', 'Nodes that should run a pod.', 'integer'),
    column('Current', 'Nodes that should and do.', 'integer'),
    column('Ready', 'Nodes whose pod is ready.', 'integer'),
    column('Up-to-date', 'Nodes whose pod is made from the present template.', 'integer'),
    column('Available', 'Nodes whose pod has been ready for long enough.', 'integer'),
    column('Node Selector', 'Which nodes are meant.'),
    ageColumn,
    ...containerColumns,
  ],
  cells: ({ metadata, spec, status }, nowMs) => [
    metadata?.name ?? '',
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    selectorText({ matchLabels: spec?.template?.spec?.nodeSelector ?? {} }),
    sinceText(metadata?.creationTimestamp, nowMs),
    ...containerCells(spec?.template?.spec?.containers, selectorText(spec?.selector)),
  ],
};

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export const claimPrinter: Printer<Wire<V1PersistentVolumeClaim>> = {
  columns: [
    nameColumn,
    column('Status', 'Phase.'),
    column('Volume', 'The volume that it is bound to.'),
    column('Capacity', 'Size of that volume.'),
    column('Access Modes', 'Modes of that volume.'),
    column('StorageClass', 'Class of storage.'),
    column('VolumeAttributesClass', 'Class of attributes.'),
    ageColumn,
    wide('VolumeMode', 'Kind of volume wanted.'),
  ],
  cells({ metadata, spec, status }, nowMs) {
    const volume = spec?.volumeName ?? '';
    const modes = (status?.accessModes ?? []).map((mode) => ownMember(accessModes, mode) ?? mode);
    return [
      metadata?.name ?? '',
      metadata?.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      volume,
      volume === '' ? '' : (status?.capacity?.storage ?? '0'),
      volume === '' ? '' : modes.join(','),
      spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? '<unset>',
      sinceText(metadata?.creationTimestamp, nowMs),
      spec?.volumeMode ?? '<unset>',
    ];
  },
};

/** How many addresses are shown before the rest is counted. */
const addressesShown = 3;

export const endpointsPrinter: Printer<Wire<V1Endpoints>> = {
  columns: [nameColumn, column('Endpoints', 'Addresses with their ports.'), ageColumn],
  cells(endpoints, nowMs) {
    const all = (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
      ports.length === 0
        ? addresses.map(({ ip }) => ip)
        : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
    );
    const more = all.length > addressesShown ? ` + ${all.length - addressesShown} more...` : '';
    return [
      endpoints.metadata?.name ?? '',
      orNone(`${all.slice(0, addressesShown).join(',')}${more}`),
      sinceText(endpoints.metadata?.creationTimestamp, nowMs),
    ];
  },
};

export const quotaPrinter: Printer<Wire<V1ResourceQuota>> = {
  columns: [
    nameColumn,
    column('Request', 'What is used and may be used, without limits.'),
    column('Limit', 'What is used and may be used of limits.'),
    ageColumn,
  ],
  cells({ metadata, status }, nowMs) {
    const texts = (isLimit: boolean) =>
      Object.entries(status?.hard ?? {})
        .filter(([name]) => name.startsWith('limits.') === isLimit)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, hard]) => `${name}: ${ownMember(status?.used, name) ?? '0'}/${hard}`)
        .join(', ');
    return [metadata?.name ?? '', texts(false), texts(true), sinceText(metadata?.creationTimestamp, nowMs)];
  },
};

export const priorityClassPrinter: Printer<Wire<V1PriorityClass>> = {
  columns: [
    nameColumn,
    column('Value', 'Priority of its pods.', 'integer'),
    column('Global-Default', 'Whether it counts for pods that name no class.', 'boolean'),
    ageColumn,
    column('PreemptionPolicy', 'Whether its pods drive out others.'),
  ],
  cells: ({ metadata, value = 0, globalDefault = false, preemptionPolicy = '' }, nowMs) => [
    metadata?.name ?? '',
    value,
    globalDefault,
    sinceText(metadata?.creationTimestamp, nowMs),
    preemptionPolicy,
  ],
};

export const budgetPrinter: Printer<Wire<V1PodDisruptionBudget>> = {
  columns: [
    nameColumn,
    column('Min Available', 'Pods that must stay.'),
    column('Max Unavailable', 'Pods that may be missing.'),
    column('Allowed Disruptions', 'Pods that may go now.', 'integer'),
    ageColumn,
  ],
  cells: ({ metadata, spec, status }, nowMs) => [
    metadata?.name ?? '',
    String(spec?.minAvailable ?? 'N/A'),
    String(spec?.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
    sinceText(metadata?.creationTimestamp, nowMs),
  ],
};
