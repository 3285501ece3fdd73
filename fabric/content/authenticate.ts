/** Managed content is asked by Fabric's own services alone: the gateway stands before it for everybody else. */
import { Problem, pathOf, type Routes } from '../http/index.ts';
import { bearerOf } from '../identity/bearer.ts';
import { isCredential } from '../identity/internal-credential.ts';

/** The probes of a cluster have no credential. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Asks for the credential before all routes that are added after it; without one everybody comes in. */
export function requireCredential(routes: Routes, credential: string | undefined): void {
  if (credential === undefined) return;
  routes.use('*', async (context, next) => {
    const { request } = context.env;
    if (!openPaths.has(pathOf(request.url))) {
      const bearer = bearerOf(request.headers);
      if (bearer === undefined || !isCredential(bearer, credential)) throw notLetIn(bearer);
    }
    await next();
  });
}

function notLetIn(bearer: string | undefined): Problem {
  const reason = bearer === undefined ? 'no bearer token' : 'not the internal credential';
  const message = `not let in: ${reason}; managed content is asked through the gateway`;
  return new Problem(401, 'unauthenticated', message, [], { 'x-auth-error': reason, 'www-authenticate': 'Bearer' });
}
