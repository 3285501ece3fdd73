/**
 * Objects of a project, as clients see them (contract 3.11): lists, downloads and deletion. Uploads are in `upload.ts`.
 */
import {
  type HttpContext,
  Problem,
  type Routes,
  sendHead,
  sendJson,
  sendStream,
  wholeNumber,
} from '../../http/index.ts';
import type { BlobInfo } from '../blobs/blobs.ts';
import { isRangeOf, judge } from '../conditions.ts';
import type { Objects } from '../objects.ts';
import { parseRange } from '../range.ts';
import type { ContentOptions } from '../settings.ts';
import { base, defaultType, digestHeader, isSendableType, keyOf, projectOf } from './object.ts';

/** Adds the routes of managed content. */
export function contentRoutes(routes: Routes, options: ContentOptions, objects: Objects): void {
  routes.get(base, (context) => list(context, objects));
  routes.get(`${base}/*`, (context) => download(context, options, objects));
  routes.delete(`${base}/*`, (context) => remove(context, objects));
}

async function list(context: HttpContext, objects: Objects): Promise<Response> {
  const project = projectOf(context);
  const prefix = (context.req.query('filter') ?? '').replace(/^\/+/, '');
  const limit = wholeNumber(context, 'limit');
  const skip = wholeNumber(context, 'skip');
  const found = await objects.list(project, prefix, { limit: limit === 0 ? undefined : limit, skip });
  return sendJson(
    context,
    found.map((info) => ({
      Key: info.key,
      ContentType: info.contentType,
      LastModified: new Date(info.modifiedAt).toISOString(),
      Size: info.sizeBytes,
    })),
  );
}

async function download(context: HttpContext, { world }: ContentOptions, objects: Objects): Promise<Response> {
  const project = projectOf(context);
  const key = keyOf(context);
  const { headers: asked, method } = context.env.request;
  const found = await objects.head(project, key);
  if (!found) throw missing(context);
  const judgement = judge(asked, found);
  if (judgement === 'failed') throw changed(found);
  if (judgement === 'not modified') return sendHead(context, 304, versionHeaders(found));
  if (method === 'HEAD') return sendHead(context, 200, headersOf(found, found.sizeBytes));
  const rangeIn = (info: BlobInfo) => {
    const header = isRangeOf(asked['if-range'], info, world.clock.now()) ? asked.range : undefined;
    return parseRange(header, info.sizeBytes);
  };
  if (rangeIn(found) === 'unsatisfiable') throw unsatisfiable(asked.range, found);
  let isPart = false;
  const open = await objects.get(project, key, (info) => {
    const range = rangeIn(info);
    isPart = typeof range === 'object';
    return typeof range === 'object' ? range : { start: 0, end: info.sizeBytes };
  });
  if (!open) throw missing(context);
  const { start, end } = open.range;
  const headers = headersOf(open.info, end - start);
  if (!isPart) return sendStream(context, open.stream, headers);
  const contentRange = `bytes ${start}-${end - 1}/${open.info.sizeBytes}`;
  return sendStream(context, open.stream, { ...headers, 'content-range': contentRange }, 206);
}

function unsatisfiable(range: string | undefined, { sizeBytes }: BlobInfo): Problem {
  const message = `the object has ${sizeBytes} bytes: ${range} lies behind its end`;
  return new Problem(416, 'unsatisfiable-range', message, [], { 'content-range': `bytes */${sizeBytes}` });
}

function changed(info: BlobInfo): Problem {
  const message = 'the object is not as the request demands: it has changed, or its tag was never this one';
  return new Problem(412, 'content-changed', message, [], { etag: info.etag });
}

function headersOf(info: BlobInfo, length: number): Record<string, string> {
  return {
    'content-type': isSendableType(info.contentType) ? info.contentType : defaultType,
    'content-length': String(length),
    'accept-ranges': 'bytes',
    ...versionHeaders(info),
  };
}

/** What tells this version of the object from others; of a part too they are those of the whole (RFC 9530 3). */
function versionHeaders(info: BlobInfo): Record<string, string> {
  return {
    etag: info.etag,
    ...digestHeader(info),
    'last-modified': new Date(info.modifiedAt).toUTCString(),
    ...(info.expiresAt === undefined ? {} : { expires: new Date(info.expiresAt).toUTCString() }),
  };
}

async function remove(context: HttpContext, objects: Objects): Promise<Response> {
  const key = keyOf(context);
  if (!(await objects.delete(projectOf(context), key))) throw missing(context);
  return sendJson(context, { success: true, message: `Deleted ${key}`, key });
}

function missing(context: HttpContext): Problem {
  return new Problem(
    404,
    'content-not-found',
    `no content ${JSON.stringify(keyOf(context))} in project ${projectOf(context)}`,
  );
}
