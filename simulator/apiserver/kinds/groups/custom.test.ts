/** What a definition says of its versions. */
import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../../json.ts';
import { customResources } from './custom.ts';

function deprecations(versions: readonly object[]): (string | undefined)[] {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'olds.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'olds', kind: 'Old' }, versions },
  };
  return customResources(definition as unknown as ApiObject).map(({ deprecation }) => deprecation);
}

describe('a deprecated version', () => {
  it('warns in the words of its definition', () => {
    const old = { name: 'v1beta1', served: true, deprecated: true, deprecationWarning: 'use v1' };
    expect(deprecations([{ name: 'v1', served: true, storage: true }, old])).toEqual([undefined, 'use v1']);
  });

  it('names the best version that is not, if there is a later one', () => {
    const versions = [
      { name: 'v1', served: true, storage: true },
      { name: 'v2', served: true },
      { name: 'v9', served: false },
      { name: 'v1alpha1', served: true, deprecated: true },
      { name: 'v3', served: true, deprecated: true },
    ];
    expect(deprecations(versions)).toEqual([
      undefined,
      undefined,
      'example.com/v1alpha1 Old is deprecated; use example.com/v2 Old',
      'example.com/v3 Old is deprecated',
    ]);
  });
});
