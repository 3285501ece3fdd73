/**
 * Chance as a World gives it. Each consumer draws from a stream of its own name, so that a new consumer shifts
 * nobody else's numbers.
 */
export interface Random {
  /** The stream of that name; the same name gives the same stream (its state goes on). */
  stream(name: string): RandomStream;
}

export interface RandomStream {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [minimum, maximum], both included. */
  integer(minimum: number, maximum: number): number;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A version 4 UUID. */
  uuid(): string;
  /** `length` characters out of `alphabet`. */
  text(length: number, alphabet: string): string;
}
