/** How long versions are kept, for watches and for reads of the past. Source: semantics 1.5. */

export const historyMs = 5 * 60_000;
