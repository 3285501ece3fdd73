/** The error body that every client reads (contract 2.3), and the error that becomes one. */

/** One entry of `details`: all members that apply, so that every reader finds its own. */
export interface ProblemDetail {
  readonly type: string;
  readonly name?: string;
  readonly path?: readonly (string | number)[];
  readonly message: string;
}

/** A refusal to a client. `status` is the HTTP status; details are left out when there is nothing to say. */
export class Problem extends Error {
  override readonly name: string = 'Problem';
  readonly status: number;
  /** The service's own word for it, stable for programs: `task-not-found`. */
  readonly reason: string;
  readonly details: readonly ProblemDetail[];
  /** Response headers that tell it as well. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    reason: string,
    message: string,
    details: readonly ProblemDetail[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.details = details;
    this.headers = headers;
  }

  body(): Record<string, unknown> {
    return {
      success: false,
      message: this.message,
      code: this.status,
      reason: this.reason,
      // The existing command line reads every 403 as "in use", and cannot do without an array (contract 1.4).
      ...(this.details.length > 0 || this.status === 403 ? { details: this.details } : {}),
    };
  }
}
