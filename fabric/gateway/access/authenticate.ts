/**
 * Asks every request who it comes from, before any route sees it (contract 1.4). A path is closed unless it stands
 * among the open ones: a route that is added is authenticated without a word.
 */
import { type HttpContext, pathOf, type Routes } from '../../http/index.ts';
import { bearerOf } from '../../identity/bearer.ts';
import { anonymous, type Caller, callerOf } from '../../identity/caller.ts';
import { isCredential } from '../../identity/internal-credential.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import type { Access } from './access.ts';

/** What anybody may ask: the first request of every client, the description, and the probes of a cluster. */
const openPaths: ReadonlySet<string> = new Set(['/fabric/v4/info', '/openapi.json', '/healthz', '/readyz']);

/** Internal routes that jobs and daemons call with the token of their message (contract 3.12, 3.13). */
const openToMessages = /^\/internal\/(messages|projects)\//;

/** Where a scheduled run asks for its credential: its pod's uid is judged there, by the cluster (decision 0018). */
const openToRuns = /^\/internal\/runs\/[^/]+\/token$/;

const callers = new WeakMap<object, Caller>();

/** Puts the question before all routes that are added after it. */
export function authenticateRequests(routes: Routes, gateway: Gateway): void {
  routes.use('*', async (context, next) => {
    const caller = await callerAt(context, gateway);
    if (caller) callers.set(context.env.request, caller);
    await next();
  });
  routes.use('/fabric/v4/projects/:project/*', async (context, next) => {
    await checkProject(context, gateway);
    await next();
  });
}

/** Who sent the request. Routes that ask this are closed ones. */
export function callerIn(context: HttpContext): Caller {
  const caller = callers.get(context.env.request);
  if (!caller) throw new Error(`${context.env.request.url} asks for its caller, and nobody was asked who he is`);
  return caller;
}

async function callerAt(context: HttpContext, gateway: Gateway): Promise<Caller | undefined> {
  const path = pathOf(context.env.request.url);
  if (openPaths.has(path) || openToRuns.test(path)) return undefined;
  const { access } = gateway;
  if (!access) return anonymous;
  const bearer = bearerOf(context.env.request.headers);
  if (path.startsWith('/internal/') && !openToMessages.test(path)) {
    await checkInternal(bearer, gateway, access);
    return undefined;
  }
  return userOf(bearer, gateway, access);
}

/** A user's valid token is known and not enough: 403, so that nobody looks for a mistake in it. */
async function checkInternal(bearer: string | undefined, gateway: Gateway, access: Access): Promise<void> {
  if (bearer !== undefined && isCredential(bearer, access.credential)) return;
  await userOf(bearer, gateway, access);
  throw problems.notForUsers();
}

async function userOf(bearer: string | undefined, gateway: Gateway, access: Access): Promise<Caller> {
  const { own, issuer, audience } = access;
  const trust = { own, issuer, audience, users: await access.users.current() };
  const caller = callerOf(bearer, trust, gateway.pacingClock.now());
  if (typeof caller === 'string') throw problems.unauthenticated(caller);
  return caller;
}

/** A project that the caller may not see is answered as one that is not there. */
async function checkProject(context: HttpContext, gateway: Gateway): Promise<void> {
  const name = context.req.param('project') ?? '';
  const isOpen = callerIn(context).maySee(name) && (await gateway.projects.isThere(name));
  if (!isOpen) throw problems.projectNotFound(name);
}
