/** What Go's JSON decoder says of text that is none, or that is something else than an object. */

const receiver =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Reason against a text that `JSON.parse` refused with that error. */
export function syntaxProblem(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? -1);
  const isCut = text.trim() === '' || message.startsWith('Unexpected end') || message.startsWith('Unterminated');
  if (isCut || position >= text.trimEnd().length) return 'unexpected end of JSON input';
  if (position < 0) return message;
  return `invalid character '${text[position]}' looking for beginning of ${position === 0 ? 'value' : 'object key string'}`;
}

/** Reason against a value where an object with kind and apiVersion was expected; undefined for objects and null. */
export function shapeProblem(value: unknown): string | undefined {
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${type} into Go value of type ${receiver}`;
}

const summaryLength = 30;

/** The beginning of a body, as messages show it: objects as text, all else in hexadecimal. */
export function summary(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return '<empty>';
  const form = text.startsWith('{') ? 'utf8' : 'hex';
  return bytes.subarray(0, summaryLength).toString(form) + (bytes.length > summaryLength ? ' ...' : '');
}
