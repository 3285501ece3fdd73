/** One object of managed content under the gateway's address (contract 3.11). */
import { checkedKey, decodePath, type HttpContext, pathOf } from '../../../http/index.ts';
import { json, type Parameters, words } from '../../../openapi/operation.ts';
import { contentPath } from '../../content-path.ts';
import { ofContent } from '../../openapi/refusals.ts';
import { proxyToContent } from '../../proxy.ts';
import { bytes, contentDeletedAnswer, storedAnswer } from '../../schemas/answers/content.ts';
import { projectOf } from '../parameters.ts';
import { inProject, type RouteDefinition, route } from '../route.ts';

const object = {
  path: `${inProject}/content/*`,
  rest: ':key',
  audience: 'users',
  async handle(context, gateway) {
    return proxyToContent(context, gateway, objectPath(context));
  },
} as const satisfies Partial<RouteDefinition<undefined>>;

export const ttlHeader: Parameters = { 'x-content-ttl': words('Seconds after which the object is gone.') };

export const downloadContent = route({
  ...object,
  method: 'GET',
  hasHead: true,
  operationId: 'downloadContent',
  summary: 'Downloads content: .../content/:key',
  headers: {
    range: words('A part of it: `bytes=0-99`, `bytes=-100`.'),
    'if-range': words('The part is wanted of this version (ETag) only.'),
    'if-none-match': words('The version (ETag) that is known already.'),
  },
  answers: { '*/*': bytes },
  also: { 206: 'The part that Range asks for.', 304: 'It is as If-None-Match says.' },
  refuses: [416, ...ofContent],
});

export const uploadContent = route({
  ...object,
  method: 'POST',
  operationId: 'uploadContent',
  summary: 'Uploads content: .../content/:key',
  reads: { '*/*': bytes },
  headers: ttlHeader,
  answers: json(storedAnswer),
  refuses: [409, 413, ...ofContent],
});

export const deleteContent = route({
  ...object,
  method: 'DELETE',
  operationId: 'deleteContent',
  summary: 'Deletes content: .../content/:key',
  answers: json(contentDeletedAnswer),
  refuses: [409, ...ofContent],
});

/** The key is what stands behind `/content/` in the path as it was sent: its slashes are raw (contract 2.4). */
function objectPath(context: HttpContext): string {
  const [, key = ''] = /^\/fabric\/v4\/projects\/[^/]+\/content\/(.*)$/s.exec(pathOf(context.env.request.url)) ?? [];
  return contentPath(projectOf(context), checkedKey(decodePath(key)));
}
