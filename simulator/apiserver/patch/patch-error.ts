/**
 * A patch that cannot be applied, in the API server's words.
 */

/**
 * `code` is the HTTP status; `reason` the wire's word, empty for a plain 500; `cause` what the server keeps to itself.
 */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string, cause?: string) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
  }
}

export function malformedPatch(message: string): PatchError {
  return new PatchError(400, 'BadRequest', message);
}

/** The server hides why a well-formed patch does not fit (semantics 1.10). */
export function inapplicablePatch(cause: string): PatchError {
  return new PatchError(422, 'Invalid', 'the server rejected our request due to an error in our request', cause);
}

/** Errors that the server does not interpret become a 500 with their bare text. */
export function internalPatchError(message: string): PatchError {
  return new PatchError(500, '', message);
}

/** Go's name for the JSON type of a value, as its decoder words it. */
export function decoderTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}
