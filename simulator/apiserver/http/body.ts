/** Reads a request's body as JSON, YAML or protobuf. */
import { BodyTooLargeError, type HttpRequest } from '../../../world/network.ts';
import { ApiError, badRequest } from '../errors.ts';
import { decodeProtobuf, UnknownMessageError } from '../protobuf/decode.ts';
import { bodyForm, unsupportedMedia } from './negotiate.ts';
import { parseYaml } from './yaml.ts';

export const bodyBytesMax = 3 * 1024 * 1024;

/** The bytes; 413 when there are too many. */
export async function readBytes(request: HttpRequest): Promise<Buffer> {
  try {
    return await request.bytes(bodyBytesMax);
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyBytesMax}`);
  }
}

/** The value; undefined for an empty body. */
export async function readBody(request: HttpRequest): Promise<unknown> {
  const form = bodyForm(request.headers['content-type']);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  return form === 'protobuf' ? readProtobuf(bytes, 'an object') : parseBody(bytes.toString(), form);
}

/** As `readBody`, for an object of that kind: the refusal names it. */
export async function readObject(request: HttpRequest, kind: string): Promise<unknown> {
  const form = bodyForm(request.headers['content-type']);
  const bytes = await readBytes(request);
  if (form === 'protobuf') return readProtobuf(bytes, kind);
  const text = bytes.toString();
  try {
    return form === 'yaml' ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unrecognized(
      kind,
      form === 'yaml' ? `yaml: ${why}` : `couldn't get version/kind; json parse error: ${why}`,
      text,
    );
  }
}

function readProtobuf(bytes: Buffer, kind: string): unknown {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (error instanceof UnknownMessageError) throw unsupportedMedia(error.message);
    throw unrecognized(kind, error instanceof Error ? error.message : String(error), bytes.toString('hex'));
  }
}

function unrecognized(kind: string, why: string, body: string): ApiError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${body.slice(0, 64) || '<empty>'})`,
  );
}

/** 400 when the text is neither. */
export function parseBody(text: string, form: 'json' | 'yaml', what = 'the body'): unknown {
  try {
    return form === 'yaml' ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
