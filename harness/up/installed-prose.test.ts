/** Descriptions are found by type and member, and stand in documents and tables as they are. */
import { expect, test } from 'vitest';
import { describedIn, installedProse } from './installed-prose.ts';

const prose = installedProse();

test.each([
  ['io.k8s.api.batch.v1.JobSpec', 'backoffLimit'],
  ['io.k8s.api.batch.v1.JobSpec', 'template'],
  ['io.k8s.api.core.v1.Pod', 'apiVersion'],
  ['io.k8s.api.rbac.v1.RoleBinding', 'roleRef'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'labels'],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec', 'names'],
  ['io.k8s.api.coordination.v1.LeaseSpec', 'holderIdentity'],
])('%s tells of itself and of its %s', (typeName, member) => {
  expect(prose.of(typeName)).toMatch(/\w{3}/);
  expect(prose.of(typeName, member)).toMatch(/\w{3}/);
});

test('types of nobody, and members that a type does not have, have no text', () => {
  expect(prose.of('io.k8s.api.batch.v1.Nothing')).toBeUndefined();
  expect(prose.of('com.example.v1.Gadget')).toBeUndefined();
  expect(prose.of('io.k8s.api.batch.v1.JobSpec', 'nothing')).toBeUndefined();
});

test('a comment loses its marks and keeps its lines', () => {
  const text = `/**
 * A thing.
 *
 * Of \\*two\\* parts.
 * @deprecated
 */
export interface IThing {
    /**
     * How large.
     *  - \`"a"\`
     */
    "size"?: number;
}
`;
  const { own, members } = describedIn(text);
  expect(own).toBe('A thing.\n\nOf *two* parts.');
  expect([...members]).toEqual([['size', 'How large.\n - `"a"`']]);
});
