/** Defaults of Namespaces (semantics 1.17). */
import type { Namespace } from '../../../kubernetes/objects.ts';

export function defaultNamespace(namespace: Namespace): Namespace {
  const phase = namespace.status?.phase || 'Active';
  return { ...withNameLabel(namespace), status: { ...namespace.status, phase } };
}

/** Every namespace carries its name as a label; one that gets its name from generateName gets the label with it. */
export function withNameLabel(namespace: Namespace): Namespace {
  const name = namespace.metadata?.name;
  if (!name) return namespace;
  const labels = { ...namespace.metadata?.labels, 'kubernetes.io/metadata.name': name };
  return { ...namespace, metadata: { ...namespace.metadata, labels } };
}
