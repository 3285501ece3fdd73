/** What goes wrong while an expression is evaluated. */

/** The expression has no value; `&&`, `||` and the quantifiers may do without it. The message is the real server's. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** The work has grown beyond what is allowed: nothing goes on after this. */
export class CostError extends Error {
  override readonly name = 'CostError';

  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** No function is there for values of these types. */
export function noSuchOverload(): EvaluationError {
  return new EvaluationError('no such overload');
}
