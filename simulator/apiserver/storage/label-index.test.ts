/** A table finds by label what going through all of its objects finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApiObject } from '../json.ts';
import { LabelIndexes } from './label-index.ts';
import { Store } from './store.ts';
import type { Table } from './table.ts';

const object = (name: string, labels: Readonly<Record<string, string>> | undefined): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, ...(labels === undefined ? {} : { labels }) },
});

/** So many objects that a table makes indexes. */
function largeTable(): Table {
  const table = new Store({ now: () => 0 }).table('things');
  for (let index = 0; index < 600; index++) {
    table.write(`n${index % 3}`, `o${index}`, object(`o${index}`, { row: `r${index % 7}`, [`only-${index}`]: '' }));
  }
  return table;
}

function filtered(table: Table, key: string, value: string, namespace?: string): string[] {
  return table
    .list(namespace)
    .filter((entry) => entry.object.metadata.labels?.[key] === value)
    .map((entry) => `${entry.namespace}/${entry.name}/${entry.version}`);
}

const found = (table: Table, key: string, value: string, namespace?: string) =>
  table.labelled({ key, value }, namespace).map((entry) => `${entry.namespace}/${entry.name}/${entry.version}`);

const step = fc.record({
  namespace: fc.constantFrom('n0', 'n1', 'n-0'),
  name: fc.constantFrom('o0', 'o3', 'new'),
  labels: fc.option(fc.dictionary(fc.constantFrom('row', 'other'), fc.constantFrom('r0', 'r1')), { nil: undefined }),
  isRemoval: fc.boolean(),
});

test('by label, a table finds the same objects in the same order, whatever was written and removed since', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const table = largeTable();
      for (const { namespace, name, labels, isRemoval } of steps) {
        expect(found(table, 'row', 'r0')).toEqual(filtered(table, 'row', 'r0'));
        if (isRemoval) table.remove(namespace, name);
        else table.write(namespace, name, object(name, labels));
      }
      for (const key of ['row', 'other']) {
        for (const value of ['r0', 'r1', 'none']) expect(found(table, key, value)).toEqual(filtered(table, key, value));
      }
    }),
    { numRuns: 30 },
  );
});

test('a namespace’s objects by label are its own', () => {
  const table = largeTable();
  for (let index = 0; index < 500; index++) table.write('n0', `more${index}`, object(`more${index}`, undefined));
  expect(found(table, 'row', 'r0', 'n0')).toEqual(filtered(table, 'row', 'r0', 'n0'));
  expect(found(table, 'row', 'r0', 'n0').length).toBeGreaterThan(10);
});

test('the labels that were asked for last are kept in mind', () => {
  const table = largeTable();
  const indexes = new LabelIndexes();
  const of = (key: string) => indexes.of(key, () => table.list(), table.count);
  const first = of('only-0');
  for (let index = 1; index < 8; index++) of(`only-${index}`);
  expect(of('only-0')).toBe(first);
  of('only-8');
  expect(of('only-0')).toBe(first);
  for (let index = 9; index < 17; index++) of(`only-${index}`);
  expect(of('only-0')).not.toBe(first);
});
