/** A gap in a stored log, as the operator names it. */
export interface MissingLines {
  readonly afterLine: number;
  readonly reason: string;
  readonly bytes?: number;
}
