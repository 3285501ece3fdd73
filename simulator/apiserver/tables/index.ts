/**
 * Tables for `kubectl get` (semantics 1.8): which columns a kind has and what stands in them. Pure functions of objects
 * and the present time. Cells are those of Kubernetes 1.36; the descriptions of columns are our own words.
 */
import type { KubernetesObject, ObjectMeta } from '../../../kubernetes/objects.ts';
import { noProse, type Prose } from '../schema/prose.ts';
import { cronJobPrinter, jobPrinter } from './batch.ts';
import { bindingPrinter, deploymentPrinter, nodePrinter, replicaSetPrinter, servicePrinter } from './cluster.ts';
import { type Cell, type ColumnDefinition, column, nameColumn, type Printer, type RowCondition } from './columns.ts';
import {
  configMapPrinter,
  eventPrinter,
  leasePrinter,
  namespacePrinter,
  secretPrinter,
  serviceAccountPrinter,
} from './core.ts';
import { customPrinter, type PrinterColumn } from './custom.ts';
import { describedColumns, describedCustomColumns } from './described.ts';
import {
  budgetPrinter,
  claimPrinter,
  daemonSetPrinter,
  endpointsPrinter,
  priorityClassPrinter,
  quotaPrinter,
  statefulSetPrinter,
} from './more.ts';
import { podPrinter } from './pod.ts';
import { policyPrinters } from './policies.ts';
import { storedPrinters } from './stored.ts';

export type { PrinterColumn } from './custom.ts';
export { durationText } from './duration.ts';

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly RowCondition[];
  readonly object: KubernetesObject | null;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: ListMetadata;
  /** Null in the later events of a watch. */
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

export interface ListMetadata {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface TableOptions {
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
  readonly objects: readonly KubernetesObject[];
  /** The present time, epoch milliseconds. */
  readonly now: number;
  /** For custom resources: the columns of the served version; an empty list if it has none. */
  readonly printerColumns?: readonly PrinterColumn[];
  /** What rows carry beside cells; `Metadata` by default. */
  readonly includeObject?: 'Object' | 'Metadata' | 'None';
  readonly metadata?: ListMetadata;
  /** False in all events of a watch but the first. */
  readonly withColumns?: boolean;
  /** What columns say of themselves. */
  readonly prose?: Prose;
}

/** The Table document for a list, or for one object as a list of one. */
export function toTable(options: TableOptions): Table {
  const { type, objects, now, printerColumns, includeObject = 'Metadata', metadata = {}, withColumns = true } = options;
  const printer = printerColumns ? customPrinter(printerColumns) : printerOf(type);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columnsOf(printer, options) : null,
    rows: objects.map((object) => {
      const conditions = printer.conditions?.(object);
      return {
        cells: printer.cells(object, now),
        ...(conditions ? { conditions } : {}),
        object: rowObject(object, includeObject),
      };
    }),
  };
}

function columnsOf(
  { columns }: Printer<KubernetesObject>,
  { type, printerColumns, prose = noProse }: TableOptions,
): readonly ColumnDefinition[] {
  if (prose.name === '') return columns;
  if (printerColumns) return describedCustomColumns(columns, printerColumns.length > 0, prose);
  return describedColumns(type, columns, prose);
}

function rowObject(object: KubernetesObject, include: 'Object' | 'Metadata' | 'None'): KubernetesObject | null {
  if (include === 'None') return null;
  return include === 'Object' ? object : partialMetadata(object.metadata ?? {});
}

function partialMetadata(metadata: ObjectMeta): KubernetesObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** Objects of the kind come from the store, which holds nothing else. */
function typed<T extends KubernetesObject>(printer: Printer<T>): Printer<KubernetesObject> {
  return printer as unknown as Printer<KubernetesObject>;
}

const printers: Readonly<Record<string, Printer<KubernetesObject>>> = {
  '/Pod': typed(podPrinter),
  '/Namespace': typed(namespacePrinter),
  '/Node': typed(nodePrinter),
  '/ConfigMap': typed(configMapPrinter),
  '/Secret': typed(secretPrinter),
  '/Service': typed(servicePrinter),
  '/ServiceAccount': typed(serviceAccountPrinter),
  '/Event': typed(eventPrinter),
  'events.k8s.io/Event': typed(eventPrinter),
  'batch/Job': typed(jobPrinter),
  'batch/CronJob': typed(cronJobPrinter),
  'coordination.k8s.io/Lease': typed(leasePrinter),
  'apps/Deployment': typed(deploymentPrinter),
  'apps/ReplicaSet': typed(replicaSetPrinter),
  'apps/StatefulSet': typed(statefulSetPrinter),
  'apps/DaemonSet': typed(daemonSetPrinter),
  '/PersistentVolumeClaim': typed(claimPrinter),
  '/Endpoints': typed(endpointsPrinter),
  '/ResourceQuota': typed(quotaPrinter),
  'scheduling.k8s.io/PriorityClass': typed(priorityClassPrinter),
  'policy/PodDisruptionBudget': typed(budgetPrinter),
  'rbac.authorization.k8s.io/RoleBinding': typed(bindingPrinter),
  'rbac.authorization.k8s.io/ClusterRoleBinding': typed(bindingPrinter),
  ...policyPrinters,
  ...storedPrinters,
};

/** Kinds without a printer of their own (roles, CustomResourceDefinitions) show when they were created, as a time. */
const plainPrinter: Printer<KubernetesObject> = {
  columns: [nameColumn, column('Created At', 'When the object was created.', 'date')],
  cells: (object) => [object.metadata?.name ?? '', object.metadata?.creationTimestamp ?? '0001-01-01T00:00:00Z'],
};

function printerOf(type: TableOptions['type']): Printer<KubernetesObject> {
  return printers[`${type.group}/${type.kind}`] ?? plainPrinter;
}
