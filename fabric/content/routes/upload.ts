/** Uploads (contract 3.11): a raw body under the key of the path, or a form that holds its key. Both stream. */
import { checkedKey, type HttpContext, Problem, type Routes, sendJson } from '../../http/index.ts';
import { checked } from '../checksums.ts';
import { boundaryOf, type FormPart, readForm } from '../multipart.ts';
import type { Objects } from '../objects.ts';
import { type ContentOptions, ttlSecondsOf } from '../settings.ts';
import { base, defaultType, digestHeader, isSendableType, keyOf, projectOf, typeLengthMaximum } from './object.ts';

const keyFieldBytesMaximum = 4096;

/** Adds the routes that take uploads. */
export function uploadRoutes(routes: Routes, options: ContentOptions, objects: Objects): void {
  routes.post(base, (context) => uploadForm(context, options, objects));
  routes.post(`${base}/*`, (context) => uploadRaw(context, options, objects));
}

async function uploadRaw(context: HttpContext, options: ContentOptions, objects: Objects): Promise<Response> {
  const { headers, stream } = context.env.request;
  const upload = { key: keyOf(context), contentType: headers['content-type'], source: checked(headers, stream) };
  return store(context, options, objects, upload);
}

async function uploadForm(context: HttpContext, options: ContentOptions, objects: Objects): Promise<Response> {
  const { headers, stream } = context.env.request;
  const boundary = boundaryOf(headers['content-type']);
  if (boundary === undefined) {
    throw new Problem(
      400,
      'no-form',
      'an upload without a key in its path must be multipart/form-data with key and content',
    );
  }
  const form = readForm(checked(headers, stream), boundary);
  try {
    const { key, content } = await keyAndContent(form);
    const upload = { key, contentType: content.contentType, source: withTheRest(content.body, form) };
    return await store(context, options, objects, upload);
  } finally {
    await form.return(undefined);
  }
}

/** Fields of other names may stand anywhere, and mean nothing. */
async function keyAndContent(form: AsyncGenerator<FormPart>): Promise<{ key: string; content: FormPart }> {
  let key: string | undefined;
  for (let next = await form.next(); !next.done; next = await form.next()) {
    const part = next.value;
    if (part.name === 'key') {
      if (key !== undefined) throw repeated('key');
      key = checkedKey(await text(part.body));
    } else if (part.name === 'content') {
      if (key === undefined)
        throw new Problem(400, 'no-key', 'the form must hold the field key before the field content');
      return { key, content: part };
    }
  }
  throw new Problem(400, 'no-content', 'the form has no field content');
}

/**
 * The content; it ends when all of the form has come, so that nothing is stored of one that breaks or errs behind its
 * content.
 */
async function* withTheRest(body: AsyncIterable<Buffer>, form: AsyncGenerator<FormPart>): AsyncGenerator<Buffer> {
  yield* body;
  for (let next = await form.next(); !next.done; next = await form.next()) {
    const { name } = next.value;
    if (name === 'key' || name === 'content') throw repeated(name);
  }
}

function repeated(name: string): Problem {
  return new Problem(400, 'repeated-field', `the form holds the field ${name} twice: send one object a form`);
}

interface Upload {
  readonly key: string;
  readonly contentType: string | undefined;
  readonly source: AsyncIterable<Buffer>;
}

async function store(
  context: HttpContext,
  options: ContentOptions,
  objects: Objects,
  { key, contentType: givenType, source }: Upload,
): Promise<Response> {
  const contentType = checkedType(givenType);
  const ttlSeconds = ttlSecondsOf(options, context.env.request.headers['x-content-ttl'], key);
  const info = await objects.put(projectOf(context), key, source, { contentType, ttlSeconds });
  const { sizeBytes: size, sha256, etag } = info;
  const body = { success: true, message: `Stored ${key}`, key, size, sha256 };
  return sendJson(context, body, 200, { etag, ...digestHeader(info) });
}

/** Sent with the object again: what cannot stand in a header is refused, or nobody could read the object. */
function checkedType(given: string | undefined): string {
  const type = given || defaultType;
  if (isSendableType(type)) return type;
  const shown = JSON.stringify(type.slice(0, 80));
  const what = `at most ${typeLengthMaximum} printable ASCII characters`;
  throw new Problem(400, 'invalid-content-type', `the content type ${shown} cannot be sent again: it must be ${what}`);
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
