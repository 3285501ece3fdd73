/** Reads a request's body as JSON, YAML or protobuf. */

import { quote } from '../../../cron/go-text.ts';
import { nestedDeeper } from '../../../world/nesting.ts';
import { BodyTooLargeError, type HttpRequest } from '../../../world/network.ts';
import type { BodyText } from '../backend.ts';
import { ApiError, badRequest } from '../errors.ts';
import { decodeProtobuf, UnknownMessageError } from '../protobuf/decode.ts';
import { shapeProblem, summary, syntaxProblem } from '../schema/go-json.ts';
import { repeatedMembers } from '../schema/repeated-members.ts';
import { bodyForm, unsupportedMedia } from './negotiate.ts';
import { parseYaml, parseYamlObject, stackOver } from './yaml.ts';

export const bodyBytesMax = 3 * 1024 * 1024;
/**
 * Objects within objects. A real server takes 10,000 levels (Go's decoder), and needs half a minute for some of them;
 * the stack of this one ends before that, and no object of Kubernetes comes near.
 */
export const levelsMax = 1_000;

/** In the words of Go's decoders of JSON and YAML. */
class TooDeepError extends Error {
  override readonly name = 'TooDeepError';
}

/** The value that was read of the text. Throws TooDeepError, or what `parse` throws. */
function parsed<T>(text: string, form: 'json' | 'yaml', parse: (text: string) => T): T {
  return form === 'yaml' ? plainYaml(text, parse) : plainJson(text, parse);
}

function plainJson<T>(text: string, parse: (text: string) => T): T {
  const value = parse(text);
  // Each level takes two characters at least.
  const container = text.length > 2 * levelsMax ? nestedDeeper(value, levelsMax) : undefined;
  if (container === undefined) return value;
  throw new TooDeepError(`invalid character '${Array.isArray(container) ? '[' : '{'}' exceeded max depth`);
}

function plainYaml<T>(text: string, parse: (text: string) => T): T {
  const value = unlessExcessive(() => parse(text));
  if (nestedDeeper(value, levelsMax) === undefined) return value;
  // Few characters make many levels by an alias within its own anchor alone.
  if (text.length > levelsMax) throw new TooDeepError('exceeded max depth of 10000');
  throw new TooDeepError(`anchor '${/&([^\s,[\]{}]+)/.exec(text)?.[1] ?? ''}' value contains itself`);
}

/**
 * The library's parser calls itself, and ends with the stack; it bounds what aliases make of a text, in words of its
 * own.
 */
function unlessExcessive<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // It says so in an error of its own.
    const isStackOver = error instanceof Error && error.message.startsWith(stackOver);
    if (isStackOver) throw new TooDeepError('exceeded max depth of 10000');
    const isBomb = error instanceof ReferenceError && error.message.startsWith('Excessive alias count');
    throw isBomb ? new TooDeepError('document contains excessive aliasing') : error;
  }
}

function jsonProblem(text: string, error: unknown): string {
  return error instanceof TooDeepError ? error.message : syntaxProblem(text, error);
}

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
    return parsed(text, form, JSON.parse);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${jsonProblem(text, error)}`);
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
    if (form === 'yaml') return parsed(text, form, parseYamlObject);
    const value: unknown = parsed(text, form, JSON.parse);
    return { value, repeated: repeatedMembers(text, value).map((path) => `duplicate field ${quote(path)}`) };
  } catch (error) {
    const why =
      form === 'yaml'
        ? `yaml: ${error instanceof Error ? error.message : String(error)}`
        : `couldn't get version/kind; json parse error: ${jsonProblem(text, error)}`;
    throw unrecognized(kind, why, text);
  }
}

function readProtobuf(bytes: Buffer, kind: string): unknown {
  try {
    const value = decodeProtobuf(bytes);
    if (nestedDeeper(value, levelsMax) !== undefined) throw new TooDeepError('proto: exceeded max depth');
    return value;
  } catch (error) {
    if (error instanceof UnknownMessageError) throw unsupportedMedia(error.message);
    if (error instanceof RangeError) throw unrecognized(kind, 'proto: exceeded max depth', bytes.toString('hex'));
    throw unrecognized(kind, error instanceof Error ? error.message : String(error), bytes.toString('hex'));
  }
}

function unrecognized(kind: string, why: string, body: string): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(body)})`);
}

/** What is to be applied, and the words on members that stand in it twice. 400 when it is no YAML. */
export function parseAppliedYaml(text: string): { value: unknown; repeated: string[] } {
  try {
    const json = appliedJson(text);
    return json === undefined ? parsed(text, 'yaml', parseYamlObject) : { value: json, repeated: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof TooDeepError) {
      throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${why}`);
    }
    throw badRequest(`error decoding patch: ${why}`);
  }
}

/** 400 when the text is neither. */
export function parseBody(text: string, form: 'json' | 'yaml', what = 'the body'): unknown {
  try {
    return parsed(text, form, form === 'yaml' ? parseYaml : JSON.parse);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error decoding ${what}: ${form === 'yaml' ? why : jsonProblem(text, error)}`);
  }
}

/**
 * YAML that is JSON, as programs send it, is read many times faster as such; undefined when it is not, or names a
 * member twice.
 */
function appliedJson(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (nestedDeeper(value, levelsMax) !== undefined) throw new TooDeepError('exceeded max depth of 10000');
  return repeatedMembers(text, value).length === 0 ? value : undefined;
}
