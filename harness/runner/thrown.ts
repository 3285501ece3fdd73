/** Whatever was thrown, in words. Scenarios may throw anything, and that must not end the one who reads it. */
import { inspect } from 'node:util';

export function thrownWords(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return `${inspected(thrown)} was thrown, which is no Error`;
}

function inspected(value: unknown): string {
  try {
    return inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY }).slice(0, 500);
  } catch {
    return 'something that cannot be shown';
  }
}
