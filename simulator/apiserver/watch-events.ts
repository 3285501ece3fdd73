/** Watch events that are not a stored object: bookmarks and errors. */
import { apiVersionOf } from '../../kubernetes/resources.ts';
import { ApiError } from './errors.ts';
import type { Resource } from './resource.ts';

/** Only type and version, with the mark of the end of the initial events. */
export function bookmarkObject(resource: Resource, version: number, initialEnd: boolean) {
  return {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(version),
      ...(initialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
  };
}

/** The Status in the ERROR event of a watch from a forgotten version. */
export function tooOldStatus(version: number, oldest: number) {
  return new ApiError(410, 'Expired', `too old resource version: ${version} (${oldest})`).status;
}
