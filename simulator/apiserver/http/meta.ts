/** Paths that are no resources: health, version, discovery, OpenAPI. Source: semantics 1.1, 1.2. */
import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../../world/network.ts';
import type { Backend } from '../backend.ts';
import { aggregated, coreVersions, groupList, groupOf, resourceList } from '../discovery/discovery.ts';
import { openApiIndex, openApiOf, openApiV2 } from '../openapi/openapi.ts';
import { negotiate } from './negotiate.ts';
import { type Exchange, send, sendObject, sendText } from './respond.ts';

const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: 'simulated',
  gitTreeState: 'clean',
  buildDate: '2026-06-09T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/**
 * `swagger: "2.0"` and nothing else, for clients that want protobuf: kubectl asks for it as a fallback and takes an
 * empty one.
 */
const protobufV2 = 'application/com.github.proto-openapi.spec.v2';
const emptyOpenApiV2 = Buffer.from([0x0a, 0x03, 0x32, 0x2e, 0x30]);

const health = /^\/(healthz|livez|readyz)(\/[a-z-]+)*\/?$/;

/** Answers the path if it is one of these; false when nothing is there. */
export function answerMeta(backend: Backend, request: HttpRequest, exchange: Exchange, path: string): boolean {
  if (health.test(path)) {
    sendText(exchange, 200, 'ok');
    return true;
  }
  if (path === '/version' || path === '/version/') {
    sendObject(exchange, 200, version);
    return true;
  }
  if (path === '/') {
    sendObject(exchange, 200, { paths: pathsOf(backend) });
    return true;
  }
  if (path === '/openapi/v2') {
    answerOpenApiV2(backend, request, exchange);
    return true;
  }
  if (path.startsWith('/openapi/v3')) return answerOpenApi(backend, exchange, path);
  return answerDiscovery(backend, request, exchange, path.replace(/\/$/, ''));
}

/** What the root shows: every path that is no resource. */
function pathsOf(backend: Backend): string[] {
  const served = backend.registry.all().map(({ group, version: each }) => ({ group, version: each }));
  const groups = served.filter(({ group }) => group !== '');
  const paths = [
    ...['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
    ...groups.flatMap(({ group, version: each }) => [`/apis/${group}`, `/apis/${group}/${each}`]),
  ];
  return [...new Set(paths)].sort();
}

function answerDiscovery(backend: Backend, request: HttpRequest, exchange: Exchange, path: string): boolean {
  const resources = backend.registry.all();
  if (path === '/api' || path === '/apis') {
    const answer = negotiate(request.headers.accept, ['APIGroupDiscoveryList', 'Object']);
    if (answer.shape === 'APIGroupDiscoveryList') {
      sendAggregated(request, exchange, aggregated(resources, path === '/api', answer.version), answer.version);
    } else sendObject(exchange, 200, path === '/api' ? coreVersions(request.headers.host ?? '') : groupList(resources));
    return true;
  }
  const [, root, first = '', second] = path.split('/');
  const document = documentOf(backend, root, first, second);
  if (document) sendObject(exchange, 200, document);
  return document !== undefined;
}

function documentOf(backend: Backend, root: string | undefined, first: string, second: string | undefined) {
  const { registry } = backend;
  if (root === 'apis' && second === undefined) return groupOf(registry.all(), first);
  const [group, name] = root === 'api' ? ['', first] : [first, second ?? ''];
  return registry.hasGroupVersion(group, name) ? resourceList(registry.all(), group, name) : undefined;
}

function sendAggregated(request: HttpRequest, exchange: Exchange, document: object, apiVersion: string): void {
  const body = Buffer.from(JSON.stringify(document));
  const etag = `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"`;
  sendTagged(request, exchange, body, etag, {
    'content-type': `application/json;g=apidiscovery.k8s.io;v=${apiVersion};as=APIGroupDiscoveryList`,
    'cache-control': 'public',
  });
}

/** With an ETag, so that a client that knows the document gets 304. */
function sendTagged(
  request: HttpRequest,
  exchange: Exchange,
  body: Buffer,
  etag: string,
  headers: Readonly<Record<string, string>>,
): void {
  const known = request.headers['if-none-match'] === etag;
  exchange.response.head(known ? 304 : 200, {
    ...headers,
    etag,
    vary: 'Accept',
    ...(known ? {} : { 'content-length': String(body.length) }),
  });
  exchange.response.end(known ? undefined : body);
}

function answerOpenApiV2(backend: Backend, request: HttpRequest, exchange: Exchange): void {
  if (request.headers.accept?.includes(protobufV2)) {
    send(exchange, 200, `${protobufV2}.v1.0+protobuf`, emptyOpenApiV2);
    return;
  }
  const { body, hash } = openApiV2(backend.registry, backend.prose);
  sendTagged(request, exchange, body, `"${hash}"`, { 'content-type': 'application/json' });
}

function answerOpenApi(backend: Backend, exchange: Exchange, path: string): boolean {
  const { registry, prose } = backend;
  const rest = path.replace(/^\/openapi\/v3\/?/, '');
  const document = rest === '' ? openApiIndex(registry, prose) : openApiOf(registry, rest, prose);
  if (document) sendObject(exchange, 200, document);
  return document !== undefined;
}
