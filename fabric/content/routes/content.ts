/** Objects of a project, as clients see them (contract 3.11). */
import {
  decodePath,
  type HttpContext,
  Problem,
  pathOf,
  type Routes,
  sendHead,
  sendJson,
  sendStream,
  wholeNumber,
} from '../../http/index.ts';
import type { BlobInfo, Blobs } from '../blobs/blobs.ts';
import { BlobKeyError } from '../blobs/blobs.ts';
import { checkName, contentKey, userKey } from '../keys.ts';
import { boundaryOf, readForm } from '../multipart.ts';
import { parseRange } from '../range.ts';
import { type ContentOptions, ttlSecondsOf } from '../settings.ts';

const base = '/fabric/v4/projects/:project/content';
const defaultType = 'application/octet-stream';
const keyFieldBytesMaximum = 4096;

/** Adds the routes of managed content. */
export function contentRoutes(routes: Routes, options: ContentOptions): void {
  const { blobs } = options;
  routes.get(base, (context) => list(context, blobs));
  routes.post(base, (context) => uploadForm(context, options));
  routes.post(`${base}/*`, (context) => uploadRaw(context, options));
  routes.get(`${base}/*`, (context) => download(context, blobs));
  routes.delete(`${base}/*`, (context) => remove(context, blobs));
}

async function list(context: HttpContext, blobs: Blobs): Promise<Response> {
  const project = projectOf(context);
  const prefix = (context.req.query('filter') ?? '').replace(/^\/+/, '');
  const limit = wholeNumber(context, 'limit');
  const skip = wholeNumber(context, 'skip');
  const found = await blobs.list(contentKey(project, prefix), { limit: limit === 0 ? undefined : limit, skip });
  return sendJson(
    context,
    found.map((info) => ({
      Key: userKey(project, info.key),
      ContentType: info.contentType,
      LastModified: new Date(info.modifiedAt).toISOString(),
      Size: info.sizeBytes,
    })),
  );
}

async function uploadRaw(context: HttpContext, options: ContentOptions): Promise<Response> {
  const { request } = context.env;
  const contentType = request.headers['content-type'] || defaultType;
  return store(context, options, keyOf(context), contentType, request.stream);
}

async function uploadForm(context: HttpContext, options: ContentOptions): Promise<Response> {
  const { request } = context.env;
  const boundary = boundaryOf(request.headers['content-type']);
  if (boundary === undefined) {
    throw new Problem(
      400,
      'no-form',
      'an upload without a key in its path must be multipart/form-data with key and content',
    );
  }
  let key: string | undefined;
  for await (const part of readForm(request.stream, boundary)) {
    if (part.name === 'key') {
      key = (await text(part.body)).replace(/^\/+/, '');
    } else if (part.name === 'content') {
      if (!key) throw new Problem(400, 'no-key', 'the form must hold the field key before the field content');
      return await store(context, options, key, part.contentType ?? defaultType, part.body);
    }
  }
  throw new Problem(400, 'no-content', 'the form has no field content');
}

async function store(
  context: HttpContext,
  options: ContentOptions,
  key: string,
  contentType: string,
  source: AsyncIterable<Buffer>,
): Promise<Response> {
  const ttlSeconds = ttlSecondsOf(options, context.env.request.headers['x-content-ttl'], key);
  const info = await options.blobs
    .put(contentKey(projectOf(context), key), source, { contentType, ttlSeconds })
    .catch((error: unknown) => {
      throw error instanceof BlobKeyError ? new Problem(400, 'invalid-key', error.message) : error;
    });
  return sendJson(context, { success: true, message: `Stored ${key}`, key, size: info.sizeBytes }, 200, {
    etag: info.etag,
  });
}

async function download(context: HttpContext, blobs: Blobs): Promise<Response> {
  const key = contentKey(projectOf(context), keyOf(context));
  const { request } = context.env;
  const found = await blobs.head(key);
  if (!found) throw missing(context);
  if (request.headers['if-none-match'] === found.etag) return sendHead(context, 304, { etag: found.etag });
  if (request.method === 'HEAD') return sendHead(context, 200, headersOf(found, found.sizeBytes));
  const header = rangeHeader(context, found);
  if (parseRange(header, found.sizeBytes) === 'unsatisfiable') {
    throw unsatisfiable(context, found);
  }
  const open = await blobs.get(key, (info) => {
    const range = parseRange(header, info.sizeBytes);
    return typeof range === 'object' ? range : { start: 0, end: info.sizeBytes };
  });
  if (!open) throw missing(context);
  const { start, end } = open.range;
  const headers = headersOf(open.info, end - start);
  if (header === undefined) return sendStream(context, open.stream, headers);
  return sendStream(
    context,
    open.stream,
    { ...headers, 'content-range': `bytes ${start}-${end - 1}/${open.info.sizeBytes}` },
    206,
  );
}

function unsatisfiable(context: HttpContext, info: BlobInfo): Problem {
  const asked = context.env.request.headers.range;
  const message = `the object has ${info.sizeBytes} bytes: ${asked} lies behind its end`;
  return new Problem(416, 'unsatisfiable-range', message);
}

/** The range that counts: none when it is malformed, or when `If-Range` names another version. */
function rangeHeader(context: HttpContext, info: BlobInfo): string | undefined {
  const { headers } = context.env.request;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== info.etag) return undefined;
  return parseRange(headers.range, info.sizeBytes) === undefined ? undefined : headers.range;
}

function headersOf(info: BlobInfo, length: number): Record<string, string> {
  return {
    'content-type': info.contentType,
    'content-length': String(length),
    'accept-ranges': 'bytes',
    etag: info.etag,
    'last-modified': new Date(info.modifiedAt).toUTCString(),
    ...(info.expiresAt === undefined ? {} : { expires: new Date(info.expiresAt).toUTCString() }),
  };
}

async function remove(context: HttpContext, blobs: Blobs): Promise<Response> {
  const key = keyOf(context);
  if (!(await blobs.delete(contentKey(projectOf(context), key)))) throw missing(context);
  return sendJson(context, { success: true, message: `Deleted ${key}`, key });
}

function missing(context: HttpContext): Problem {
  return new Problem(
    404,
    'content-not-found',
    `no content ${JSON.stringify(keyOf(context))} in project ${projectOf(context)}`,
  );
}

function projectOf(context: HttpContext): string {
  return checkName('project', context.req.param('project') ?? '');
}

/** The key behind `/content/`, from the path as it was sent: slashes are raw, and a stray `%` is no error (contract 2.4). */
function keyOf(context: HttpContext): string {
  const [, key = ''] = /^\/fabric\/v4\/projects\/[^/]+\/content\/(.*)$/.exec(pathOf(context.env.request.url)) ?? [];
  const decoded = decodePath(key).replace(/^\/+/, '');
  if (decoded === '') throw new Problem(400, 'no-key', 'the path names no content key');
  return decoded;
}

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > keyFieldBytesMaximum) throw new Problem(400, 'invalid-key', 'the key of the form is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
