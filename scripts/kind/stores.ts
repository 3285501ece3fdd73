/**
 * What each store is in a cluster: its ordinary image, the program that may stand for it, and the part of deploy/stores
 * that brings it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterStores, StoreName } from '../../harness/environments/kind/state.ts';
import type { StoreProgram } from '../images/store-images.ts';

export interface StoreFacts {
  /** What it keeps, and where that is without it. */
  readonly keeps: string;
  readonly embedded: string;
  /** The program that stands for it where its image cannot be pulled. */
  readonly program: StoreProgram;
}

export const storeFacts: Readonly<Record<StoreName, StoreFacts>> = {
  mongodb: { keeps: 'records', embedded: 'SQLite in the gateway', program: 'ferretdb' },
  minio: { keeps: 'content', embedded: 'a folder of managed content', program: 'minio' },
};

/** As the manifests name it: one place for the version. */
export function ordinaryImage(checkout: string, store: StoreName): string {
  const text = readFileSync(join(checkout, 'deploy', 'stores', store, `${store}.yaml`), 'utf8');
  const [, image] = /^\s+image: (\S+)$/m.exec(text) ?? [];
  if (image === undefined) throw new TypeError(`deploy/stores/${store}/${store}.yaml names no image`);
  return image;
}

/**
 * A kustomization of deploy/kind with these stores, for `kubectl kustomize`; `deploy` is the way to deploy/ from where
 * it will lie, since kustomize takes relative ones only.
 */
export function kustomizationOf(checkout: string, deploy: string, stores: ClusterStores): object {
  const chosen = Object.entries(stores) as [StoreName, string][];
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [`${deploy}/kind`],
    components: chosen.map(([store, image]) => `${deploy}/stores/${componentOf(store, image)}`),
    images: chosen.map(([store, image]) => {
      const [newName, newTag] = image.split(/:(?=[^:]*$)/);
      return { name: ordinaryImage(checkout, store).split(':')[0], newName, newTag };
    }),
  };
}

/** What another program stands for is started by another command. */
function componentOf(store: StoreName, image: string): string {
  return image.startsWith('orrery/') ? storeFacts[store].program : store;
}
