/** Reads a request's body as JSON, YAML or protobuf. */
import { BodyTooLargeError, type HttpRequest } from '../../../world/network.ts';
import type { BodyText } from '../backend.ts';
import { ApiError, badRequest } from '../errors.ts';
import { shapeProblem, summary, syntaxProblem } from '../go-json.ts';
import { decodeProtobuf, UnknownMessageError } from '../protobuf/decode.ts';
import { repeatedMembers } from '../schema/repeated-members.ts';
import { bodyForm, unsupportedMedia } from './negotiate.ts';
import { parseYaml, parseYamlObject } from './yaml.ts';

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
  if (form === 'protobuf') return readProtobuf(bytes, 'an object');
  const text = bytes.toString();
  if (form === 'yaml') return parseBody(text, form);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${syntaxProblem(text, error)}`);
  }
}

/** A body and what only its text tells. */
export interface ReadObject {
  readonly value: unknown;
  readonly text: BodyText;
}

/** As `readBody`, for an object of that kind: the refusal names it. */
export async function readObject(request: HttpRequest, kind: string): Promise<ReadObject> {
  const form = bodyForm(request.headers['content-type']);
  const bytes = await readBytes(request);
  if (form === 'protobuf') return { value: readProtobuf(bytes, kind), text: { whole: '', repeated: [] } };
  const whole = bytes.toString();
  const { value, repeated } = parseObject(whole, form, kind);
  const problem = shapeProblem(value);
  if (problem === undefined) return { value: value ?? {}, text: { whole, repeated, isJsonObject: form === 'json' } };
  throw unrecognized(kind, `couldn't get version/kind; json parse error: ${problem}`, whole);
}

function parseObject(text: string, form: 'json' | 'yaml', kind: string): { value: unknown; repeated: string[] } {
  try {
    if (form === 'yaml') return parseYamlObject(text);
    const value: unknown = JSON.parse(text);
    return { value, repeated: repeatedMembers(text, value).map((path) => `duplicate field "${path}"`) };
  } catch (error) {
    const why =
      form === 'yaml'
        ? `yaml: ${error instanceof Error ? error.message : String(error)}`
        : `couldn't get version/kind; json parse error: ${syntaxProblem(text, error)}`;
    throw unrecognized(kind, why, text);
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
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(body)})`);
}

/** What is to be applied, and the words on members that stand in it twice. 400 when it is no YAML. */
export function parseAppliedYaml(text: string): { value: unknown; repeated: string[] } {
  const json = plainJson(text);
  if (json !== undefined) return { value: json, repeated: [] };
  try {
    return parseYamlObject(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** 400 when the text is neither. */
export function parseBody(text: string, form: 'json' | 'yaml', what = 'the body'): unknown {
  try {
    return form === 'yaml' ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error decoding ${what}: ${form === 'yaml' ? why : syntaxProblem(text, error)}`);
  }
}

/** YAML that is JSON, as programs send it, is read many times faster as such; undefined when it is not, or names a member twice. */
function plainJson(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return repeatedMembers(text, value).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
