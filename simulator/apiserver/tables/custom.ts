/** Custom resources: a column for each additionalPrinterColumn, or the age (semantics 1.8). */
import type { V1CustomResourceColumnDefinition } from '@kubernetes/client-node';
import type { KubernetesObject, Wire } from '../../../kubernetes/objects.ts';
import { ageColumn, type Cell, nameColumn, type Printer } from './columns.ts';
import { sinceText } from './duration.ts';
import { firstValueAt } from './json-path.ts';

export type PrinterColumn = Wire<V1CustomResourceColumnDefinition>;

const created: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: ageColumn.description,
};

/** Without columns of its own a custom resource shows its age. */
export function customPrinter(columns: readonly PrinterColumn[] | undefined): Printer<KubernetesObject> {
  const shown = columns && columns.length > 0 ? columns : [created];
  return {
    columns: [
      nameColumn,
      ...shown.map((one) => ({
        name: one.name,
        type: one.type,
        format: one.format ?? '',
        description: one.description || `Custom resource definition column (in JSONPath format): ${one.jsonPath}`,
        priority: one.priority ?? 0,
      })),
    ],
    cells: (object, nowMs) => [
      object.metadata?.name ?? '',
      ...shown.map((one) => cellOf(one.type, firstValueAt(one.jsonPath, object), nowMs)),
    ],
  };
}

/** A value of another type than the column's is shown as nothing, except in text columns. */
function cellOf(type: string, value: unknown, nowMs: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(sortedByKey(value)) : String(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? sinceText(value, nowMs) : null;
    default:
      return null;
  }
}

function sortedByKey(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedByKey);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedByKey(inner)]));
}
