/** What a caller may do. Source: semantics 1.20, 1.15. */
import type { Caller } from './backend.ts';
import { ApiError } from './errors.ts';

/** One question to the authorizer. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** Plural, with `/sub` for a subresource; undefined for paths that are no resource. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

const publicPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

/** True when the caller may. */
export function isAllowed(caller: Caller, attributes: Attributes): boolean {
  if (caller.groups.includes('system:masters')) return true;
  return attributes.path !== undefined && publicPaths.includes(attributes.path);
}

/** 403 in the words of the real server. */
export function refusal(caller: Caller, attributes: Attributes): ApiError {
  const { verb, group, resource, namespace, name, path } = attributes;
  if (resource === undefined) {
    return new ApiError(403, 'Forbidden', `forbidden: User "${caller.user}" cannot ${verb} path "${path}"`, {});
  }
  const [plural = ''] = resource.split('/');
  const qualified = group === '' ? plural : `${plural}.${group}`;
  const what = name ? `${qualified} "${name}"` : qualified;
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope';
  return new ApiError(
    403,
    'Forbidden',
    `${what} is forbidden: User "${caller.user}" cannot ${verb} resource "${resource}" in API group "${group}"${where}`,
    { ...(name ? { name } : {}), ...(group === '' ? {} : { group }), kind: plural },
  );
}
