/** Who wrote which field: metadata.managedFields of ordinary writes. */
import type { Backend, WriteRequest } from './backend.ts';
import type { ApiObject } from './json.ts';

/** Sets the entries on `after`, which is about to be stored in place of `before`. */
export function recordManager(
  _backend: Backend,
  _request: WriteRequest,
  before: ApiObject | undefined,
  after: ApiObject,
  _subresource?: string,
): void {
  after.metadata.managedFields = before?.metadata.managedFields;
}
