/** Defaults of CustomResourceDefinitions: the names that follow from others, and no conversion. */
import type { CustomResourceDefinition } from '../../../kubernetes/objects.ts';

export function defaultCustomResourceDefinition(crd: CustomResourceDefinition): CustomResourceDefinition {
  const spec: Partial<CustomResourceDefinition['spec']> = crd.spec ?? {};
  const names: Partial<CustomResourceDefinition['spec']['names']> = spec.names ?? {};
  const kind = names.kind ?? '';
  const singular = names.singular || kind.toLowerCase();
  const listKind = names.listKind || (kind === '' ? '' : `${kind}List`);
  return {
    ...crd,
    spec: {
      ...spec,
      names: { ...names, ...(singular ? { singular } : {}), ...(listKind ? { listKind } : {}) },
      conversion: spec.conversion ?? { strategy: 'None' },
    },
  } as CustomResourceDefinition;
}
