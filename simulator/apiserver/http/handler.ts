/** The server's HTTP side: authentication, routing, and the answer to whatever fails. */
import { ownMember } from '../../../world/members.ts';
import type { HttpHandler, HttpRequest } from '../../../world/network.ts';
import { type Attributes, isAllowed, refusal } from '../auth/authorization.ts';
import type { Caller } from '../auth/caller.ts';
import { impersonate } from '../auth/impersonation.ts';
import type { Backend } from '../backend.ts';
import { ApiError, badRequest, notFound } from '../errors.ts';
import type { Resource, Verb } from '../kinds/resource.ts';
import { isReview } from '../operations/reviews.ts';
import { faulted } from './faulted.ts';
import { answerMeta } from './meta.ts';
import { bodyForm, negotiate } from './negotiate.ts';
import { parseResourcePath, type ResourcePath } from './path.ts';
import { flagOf, type Query, splitUrl } from './query.ts';
import {
  createCall,
  deleteCall,
  deleteCollectionCall,
  getCall,
  listCall,
  patchCall,
  replaceCall,
  watchCall,
} from './requests.ts';
import type { ResourceCall } from './resource-call.ts';
import { type Exchange, sendError, sendText } from './respond.ts';

export interface HandlerOptions {
  readonly backend: Backend;
  /** The caller by the Authorization header; throws 401. */
  readonly authenticate: (authorization: string | undefined) => Caller;
}

/** What people read with: they get indented JSON unless they say otherwise. */
const people = /^(curl|Wget|Mozilla\/5\.0)/;

const calls: Readonly<Record<string, (call: ResourceCall) => Promise<void>>> = {
  get: getCall,
  list: listCall,
  watch: watchCall,
  create: createCall,
  update: replaceCall,
  patch: patchCall,
  delete: deleteCall,
  deletecollection: deleteCollectionCall,
};

export function createHandler(options: HandlerOptions): HttpHandler {
  return async (request, response) => {
    const { path, query } = splitUrl(request.url);
    const exchange: Exchange = {
      response,
      media: request.headers.accept?.startsWith('application/yaml') ? 'yaml' : 'json',
      pretty: flagOf(query, 'pretty') ?? people.test(request.headers['user-agent'] ?? ''),
      warnings: [],
    };
    try {
      const own = options.authenticate(request.headers.authorization);
      const caller = impersonate(options.backend, own, request.headers);
      await route(options, request, exchange, path, query, caller);
    } catch (error) {
      sendError(exchange, error);
    }
  };
}

async function route(
  options: HandlerOptions,
  request: HttpRequest,
  exchange: Exchange,
  path: string,
  query: Query,
  caller: Caller,
): Promise<void> {
  const parsed = parseResourcePath(path);
  if (!parsed || parsed.plural === '') {
    authorize(options.backend, caller, { verb: request.method.toLowerCase(), group: '', path });
    // The list of groups answers whatever is asked.
    if (!['GET', 'HEAD'].includes(request.method) && path !== '/apis') throw methodNotAllowed();
    if (answerMeta(options.backend, request, exchange, path)) return;
    if (parsed && options.backend.registry.hasBuiltInGroup(parsed.group)) throw unknownResource();
    sendText(exchange, 404, '404 page not found\n');
    return;
  }
  const { backend } = options;
  const resource = backend.registry.find(parsed.group, parsed.version, parsed.plural);
  const verb = verbOf(request.method, parsed, query);
  authorize(backend, caller, attributesOf(parsed, verb));
  // What is not found of it warns as well.
  if (resource?.deprecation !== undefined) exchange.warnings.push(resource.deprecation);
  if (resource && isMissing(parsed)) throw notSimulated(parsed);
  if (!resource || !fits(resource, parsed)) {
    if (resource?.custom && parsed.name !== undefined) throw notFound(resource, parsed.name);
    if (backend.registry.hasBuiltInGroup(parsed.group)) throw unknownResource();
    sendText(exchange, 404, '404 page not found\n');
    return;
  }
  const run = ownMember(calls, verb);
  if (!run || !offers(resource, parsed, verb as Verb)) {
    throw resource.custom ? notOfCustom(resource, parsed, verb, request.headers['content-type']) : methodNotAllowed();
  }
  const answer = negotiate(
    request.headers.accept,
    isReview(resource) ? ['Object'] : ['Object', 'Table', 'PartialObjectMetadata'],
    Boolean(resource.custom),
  );
  const call: ResourceCall = {
    backend,
    request,
    exchange: { ...exchange, media: answer.media },
    query,
    resource,
    namespace: parsed.namespace,
    name: parsed.name,
    subresource: parsed.subresource,
    caller,
    answer,
  };
  await faulted(call, verb, run);
}

function authorize(backend: Backend, caller: Caller, attributes: Attributes): void {
  if (!isAllowed(backend, caller, attributes)) throw refusal(caller, attributes);
}

function attributesOf(path: ResourcePath, verb: string): Attributes {
  const { group, plural, name, namespace, subresource } = path;
  return {
    verb,
    group,
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function verbOf(method: string, path: ResourcePath, query: Query): string {
  switch (method) {
    case 'GET':
      if (path.oldWatch || (path.name === undefined && flagOf(query, 'watch') === true)) return 'watch';
      return path.name === undefined ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return path.name === undefined ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

/** The path names a scope that the resource has: an object of a namespaced resource needs its namespace. */
function fits(resource: Resource, path: ResourcePath): boolean {
  const { subresource } = path;
  if (subresource !== undefined && !resource.subresources.some((each) => each.name === subresource)) return false;
  // What is never stored has no names.
  if (path.name !== undefined && !resource.verbs.includes('get') && subresource === undefined) return false;
  if (!resource.namespaced) return path.namespace === undefined;
  return path.namespace !== undefined || path.name === undefined || path.oldWatch;
}

function offers(resource: Resource, path: ResourcePath, verb: Verb): boolean {
  if (path.subresource === undefined) {
    if (verb === 'create') return path.name === undefined && resource.verbs.includes(verb) && scoped(resource, path);
    if (verb === 'update' || verb === 'patch') return path.name !== undefined && resource.verbs.includes(verb);
    if (verb === 'deletecollection') return resource.verbs.includes(verb) && scoped(resource, path);
    return resource.verbs.includes(verb);
  }
  return resource.subresources.some((each) => each.name === path.subresource && each.verbs.includes(verb));
}

function scoped(resource: Resource, path: ResourcePath): boolean {
  return !resource.namespaced || path.namespace !== undefined;
}

/** What the real server has and this one has not. */
const missingParts = ['attach', 'ephemeralcontainers', 'exec', 'portforward', 'proxy', 'resize'];

function isMissing({ group, plural, subresource }: ResourcePath): boolean {
  const [part = ''] = subresource?.split('/') ?? [];
  return group === '' && ['pods', 'services', 'nodes'].includes(plural) && missingParts.includes(part);
}

function notSimulated({ plural, subresource }: ResourcePath): ApiError {
  return new ApiError(501, 'NotImplemented', `${plural}/${subresource} is not simulated: use a real cluster for it`);
}

function unknownResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** Custom resources have a handler of their own, with its own words. */
function notOfCustom(resource: Resource, path: ResourcePath, verb: string, contentType: string | undefined): ApiError {
  if (path.name === undefined && (verb === 'update' || verb === 'patch')) return badRequest('name must be provided');
  // The body is looked at first.
  if (verb === 'create') bodyForm(contentType);
  const { group, plural } = resource;
  const message = `${calls[verb] ? verb : ''} is not supported on resources of kind "${plural}.${group}"`;
  return new ApiError(405, 'MethodNotAllowed', message, { group, kind: plural });
}

function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
