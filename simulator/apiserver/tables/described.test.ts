/** Columns that show a member are described by it; others keep their own words. */
import { expect, test } from 'vitest';
import { toTable } from './index.ts';

const prose = {
  name: 'test',
  of: (typeName: string, member = '') => `${typeName}#${member}\n\nPossible enum values:\n - x`,
};
const textsOf = (columns: ReturnType<typeof toTable>['columnDefinitions']) =>
  Object.fromEntries((columns ?? []).map(({ name, description }) => [name, description]));

test('a member’s text without the list of its values', () => {
  const type = { group: 'batch', version: 'v1', kind: 'Job' };
  const texts = textsOf(toTable({ type, objects: [], now: 0, prose }).columnDefinitions);
  expect(texts.Completions).toBe('io.k8s.api.batch.v1.JobStatus#succeeded');
  expect(texts.Name).toBe('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta#name');
  expect(texts.Status).not.toContain('#');
});

test('a custom resource’s columns are described by its definition', () => {
  const type = { group: 'example.com', version: 'v1', kind: 'Gadget' };
  const own = [{ name: 'Age', type: 'date', jsonPath: '.spec.age', description: 'How old.' }];
  const texts = textsOf(toTable({ type, objects: [], now: 0, printerColumns: own, prose }).columnDefinitions);
  expect(texts.Age).toBe('How old.');
  const plain = textsOf(toTable({ type, objects: [], now: 0, printerColumns: [], prose }).columnDefinitions);
  expect(plain.Age).toBe('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta#creationTimestamp');
});
