/**
 * Tables of a real API server 1.36.3, each beside the objects and the time that it was made from.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { type PrinterColumn, toTable } from './index.ts';

interface Recorded {
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
  readonly now: string;
  readonly printerColumns?: readonly PrinterColumn[];
  readonly columns: readonly (readonly [string, string, string, number])[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly conditions?: readonly unknown[] }[];
  readonly objects: readonly KubernetesObject[];
}

const recorded: Recorded[] = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));

function tableOf(one: Recorded) {
  const { type, objects, printerColumns, now } = one;
  return toTable({ type, objects, now: Date.parse(now), ...(printerColumns ? { printerColumns } : {}) });
}

describe('tables are those of the real API server', () => {
  test.each(recorded.map((one) => [`${one.type.group}/${one.type.kind}`, one] as const))('%s', (_name, one) => {
    const table = tableOf(one);
    expect(table.columnDefinitions?.map((each) => [each.name, each.type, each.format, each.priority])).toEqual(
      one.columns,
    );
    expect(table.rows.map((row) => row.cells)).toEqual(one.rows.map((row) => row.cells));
    expect(table.rows.map((row) => row.conditions)).toEqual(one.rows.map((row) => row.conditions));
  });

  test('a row carries metadata only, unless asked for all or nothing', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'b' } };
    const type = { group: '', version: 'v1', kind: 'ConfigMap' };
    const rowWith = (includeObject?: 'Object' | 'Metadata' | 'None') =>
      toTable({ type, objects: [object], now: 0, ...(includeObject ? { includeObject } : {}) }).rows[0]?.object;
    expect(rowWith()).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'm' },
    });
    expect(rowWith('Object')).toBe(object);
    expect(rowWith('None')).toBeNull();
  });

  test('later events of a watch have no columns', () => {
    const type = { group: '', version: 'v1', kind: 'ConfigMap' };
    expect(toTable({ type, objects: [], now: 0, withColumns: false }).columnDefinitions).toBeNull();
  });
});
