/** Where a bearer token stands in a request. */

/**
 * Stands in for `Authorization` where a proxy on the way takes that header for itself: the service proxy of a
 * Kubernetes API server deletes it (apiserver/pkg/endpoints/filters/authentication.go, withAuthentication).
 */
export const proxiedAuthorizationHeader = 'x-fabric-authorization';

/** The text behind `Bearer `, in any case of the scheme (RFC 9110, 11.1); undefined when there is none. */
export function bearerOf(headers: Readonly<Record<string, string>>): string | undefined {
  const authorization = headers.authorization ?? headers[proxiedAuthorizationHeader] ?? '';
  return /^bearer +([^\s,]+)\s*$/i.exec(authorization)?.[1];
}
