/** What is protected, by which finalizer, and when it is in use. */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import { pods, type ResourceType } from '../../../kubernetes/resources.ts';

export interface ProtectedKind {
  readonly type: ResourceType;
  readonly finalizer: string;
  isUsed(client: KubernetesClient, object: KubernetesObject): Promise<boolean>;
}

const claims: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  namespaced: true,
};

/** A claim: by a pod that has a node, whether it has ended or not. */
export const protectedClaims: ProtectedKind = {
  type: claims,
  finalizer: 'kubernetes.io/pvc-protection',
  async isUsed(client, { metadata }) {
    const { items } = await client.list<Pod>(pods, { namespace: metadata?.namespace ?? '' });
    return items.some(
      ({ spec }) =>
        spec?.nodeName && spec.volumes?.some((each) => each.persistentVolumeClaim?.claimName === metadata?.name),
    );
  },
};

interface Volume extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

/** A volume: while it is bound. */
export const protectedVolumes: ProtectedKind = {
  type: { group: '', version: 'v1', plural: 'persistentvolumes', kind: 'PersistentVolume', namespaced: false },
  finalizer: 'kubernetes.io/pv-protection',
  isUsed: async (_client, object) => (object as Volume).status?.phase === 'Bound',
};

interface Attributed extends KubernetesObject {
  readonly spec?: { readonly volumeAttributesClassName?: string };
  readonly status?: { readonly currentVolumeAttributesClassName?: string };
}

/** A class of attributes: by a claim or a volume that names it. */
export const protectedClasses: ProtectedKind = {
  type: {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'volumeattributesclasses',
    kind: 'VolumeAttributesClass',
    namespaced: false,
  },
  finalizer: 'kubernetes.io/vac-protection',
  async isUsed(client, { metadata }) {
    const lists = await Promise.all([
      client.list<Attributed>(claims, {}),
      client.list<Attributed>(protectedVolumes.type, {}),
    ]);
    return lists
      .flatMap(({ items }) => items)
      .some(({ spec, status }) =>
        [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName].includes(metadata?.name ?? ''),
      );
  },
};
