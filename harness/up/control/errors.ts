/** What the control API refuses, and with which status. */
import { BodyTooLargeError } from '../../../world/network.ts';
import { DurationError } from '../../documents/duration.ts';
import { DocumentError } from '../../documents/fields.ts';

/** A refusal with its status. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The status that an error is answered with; undefined for one that is no refusal. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof ControlError) return error.code;
  if (error instanceof DurationError || error instanceof DocumentError) return 400;
  if (error instanceof BodyTooLargeError) return 413;
  return undefined;
}
