/** How validation names the kind of an object. */

/** Which kind an object is of. `namespaced` is needed for custom resources only. */
export interface KindOfObject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced?: boolean;
}
