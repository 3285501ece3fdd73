/**
 * What ends a command before it is done. Each says what was wrong and what to do; none shows where in the code it was
 * found.
 */
import { type ExitReason, exitCodes } from './exit-codes.ts';

export interface ErrorDetail {
  /** Where in what was sent: `inputs[0].name`. */
  readonly where: string;
  readonly message: string;
}

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly reason: ExitReason;
  readonly details: readonly ErrorDetail[];

  constructor(reason: ExitReason, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.reason = reason;
    this.details = details;
  }

  get exitCode(): number {
    return exitCodes[this.reason].code;
  }
}

/** The command line, or a file that it names, is wrong. */
export function usageError(message: string, details: readonly ErrorDetail[] = []): CommandError {
  return new CommandError('usage', message, details);
}

/** As lines for standard error, the command's name before them. */
export function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof CommandError ? error.details : [];
  const lines = details.map(({ where, message: text }) => `  ${where === '' ? '' : `${where}: `}${text}`);
  return [`fabric: ${message}`, ...lines, ''].join('\n');
}
