/** Defaults of CustomResourceDefinitions: the names that follow from others, and no conversion. */
import type { CustomResourceDefinition } from '../../../kubernetes/objects.ts';

export function defaultCustomResourceDefinition(crd: CustomResourceDefinition): CustomResourceDefinition {
  const spec: Partial<CustomResourceDefinition['spec']> = crd.spec ?? {};
  const names: Partial<CustomResourceDefinition['spec']['names']> = spec.names ?? {};
  const kind = names.kind ?? '';
  const singular = names.singular || kind.toLowerCase();
  const listKind = names.listKind || (kind === '' ? '' : `${kind}List`);
  const stored = (spec.versions ?? []).filter((version) => version.storage).map((version) => version.name);
  const { status } = crd;
  return {
    ...crd,
    ...(status && (status.storedVersions ?? []).length === 0
      ? { status: { ...status, storedVersions: stored.slice(0, 1) } }
      : {}),
    spec: {
      ...spec,
      names: { ...names, ...(singular ? { singular } : {}), ...(listKind ? { listKind } : {}) },
      conversion: spec.conversion ?? { strategy: 'None' },
    },
  } as CustomResourceDefinition;
}
