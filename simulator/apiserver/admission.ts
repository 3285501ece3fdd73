/** What the server's admission plug-ins decide before an object is stored: the life of its namespace, its service account. */
import type { Backend, WriteRequest } from './backend.ts';
import { forbidden } from './backend.ts';
import { ApiError, notFound } from './errors.ts';
import type { ApiObject } from './json.ts';
import { textAt } from './json.ts';
import { namespaceResource } from './resources/core.ts';

/** 404 for a missing namespace, 403 for one that is being deleted. Source: semantics 1.17. */
export async function admitCreate(backend: Backend, request: WriteRequest, object: ApiObject): Promise<void> {
  if (!request.resource.namespaced) return;
  const namespace = backend.store.table(namespaceResource.table).get('', request.namespace)?.object;
  if (!namespace) throw notFound(namespaceResource, request.namespace);
  if (textAt(namespace.status, 'phase') !== 'Terminating' && !namespace.metadata.deletionTimestamp) return;
  const refusal = forbidden(
    request.resource,
    object.metadata.name ?? '',
    `unable to create new content in namespace ${request.namespace} because it is being terminated`,
  );
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${request.namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  throw new ApiError(403, 'Forbidden', refusal.message, { ...refusal.status.details, causes });
}
