/** Requests: bodies and typed query parameters. */
import { nestedDeeper } from '../../world/nesting.ts';
import type { HttpContext } from './exchange.ts';
import { Problem } from './problem.ts';

/** MongoDB takes a hundred, with what stands around it. */
const levelsMaximum = 90;

/** The body as JSON; an empty body is undefined. Malformed JSON is a 400. */
export async function readJson(context: HttpContext, limitBytes: number): Promise<unknown> {
  const bytes = await context.env.request.bytes(limitBytes);
  if (bytes.length === 0) return undefined;
  return parsedJson(bytes.toString('utf8'), 'the body');
}

/**
 * JSON of a client. A Problem (400) that calls it `what` when it is none, or nested deeper than every database takes.
 */
export function parsedJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(400, 'malformed-json', `${what} is not JSON: ${why}`);
  }
  if (nestedDeeper(value, levelsMaximum) === undefined) return value;
  throw new Problem(400, 'too-deep', `${what} is nested more than ${levelsMaximum} levels deep`);
}

/** JSON, or undefined when the text is none. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A body that must be a JSON object. */
export async function readObject(context: HttpContext, limitBytes: number): Promise<Record<string, unknown>> {
  const body = await readJson(context, limitBytes);
  if (!isObject(body)) throw new Problem(400, 'not-an-object', 'the body must be a JSON object');
  return body;
}

/** A whole number of at least 0, or undefined when the parameter is absent or empty. */
export function wholeNumber(context: HttpContext, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw invalidQuery(name, `${name} must be a whole number, not ${JSON.stringify(text)}`);
  }
  return Number(text);
}

/** `true` in any case (Python sends `True`, contract 2.4). */
export function isTrue(context: HttpContext, name: string): boolean {
  return context.req.query(name)?.toLowerCase() === 'true';
}

export function invalidQuery(name: string, message: string): Problem {
  return new Problem(400, 'invalid-query', 'Invalid query', [{ type: name, name, path: ['query', name], message }]);
}
