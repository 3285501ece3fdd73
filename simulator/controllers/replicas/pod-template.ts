/** The pod that a template makes. Pure. Source: Kubernetes' `GetPodFromTemplate`. */
import type { ObjectMeta, OwnerReference, Pod, PodTemplate } from '../../../kubernetes/objects.ts';

/** A name is a DNS subdomain, which has at most so many characters. */
const maximumNameLength = 253;

/** `NAME-`, or the name itself where the dash would make it too long. */
export function podPrefix(ownerName: string): string {
  return ownerName.length < maximumNameLength ? `${ownerName}-` : ownerName;
}

export function podFromTemplate(
  template: PodTemplate,
  owner: { readonly namespace: string | undefined; readonly name: string },
  reference: OwnerReference,
): Pod {
  const { labels, annotations, finalizers } = structuredClone(template.metadata ?? {});
  const metadata: ObjectMeta = {
    generateName: podPrefix(owner.name),
    ...(owner.namespace === undefined ? {} : { namespace: owner.namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(finalizers ? { finalizers } : {}),
    ownerReferences: [reference],
  };
  const spec = structuredClone(template.spec);
  return { apiVersion: 'v1', kind: 'Pod', metadata, ...(spec ? { spec } : {}) };
}
