/** Bodies of the control API: JSON objects, of a bounded size and depth. */
import { nestedDeeper } from '../../../world/nesting.ts';
import type { HttpRequest, HttpResponse } from '../../../world/network.ts';
import { ControlError } from './errors.ts';

const bytesMaximum = 65_536;
const levelsMaximum = 20;

/** Rejects with a ControlError, or a BodyTooLargeError. */
export async function readJson(request: HttpRequest): Promise<Record<string, unknown>> {
  const text = (await request.bytes(bytesMaximum)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (nestedDeeper(value, levelsMaximum) !== undefined) throw new SyntaxError('nested too deep');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below.
  }
  throw new ControlError(400, `the body must be a JSON object, not ${JSON.stringify(text.slice(0, 100))}`);
}

export function sendJson(response: HttpResponse, status: number, body: object): void {
  response.head(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
