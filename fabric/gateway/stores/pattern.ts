/**
 * The patterns of `$regex`. MongoDB takes PCRE; here they are RE2's, by every store alike: what RE2 lacks (look-around,
 * references back) is refused.
 */
import { compilePattern, type Pattern, PatternSizeError, PatternSyntaxError } from '../../../patterns/re2.ts';

/** A pattern that MongoDB would refuse as well, or that RE2 has no means for. */
export class FilterPatternError extends Error {
  override readonly name = 'FilterPatternError';
  readonly pattern: unknown;

  constructor(pattern: unknown, why: string) {
    super(`$regex ${JSON.stringify(pattern)}: ${why}`);
    this.pattern = pattern;
  }
}

/** `u` means nothing: patterns are always read as Unicode. */
const KNOWN_OPTIONS = 'imsux';

/** Compiles what stands behind `$regex` and `$options`. Throws FilterPatternError. */
export function filterPattern(pattern: unknown, options: unknown = ''): Pattern {
  if (typeof pattern !== 'string') throw new FilterPatternError(pattern, 'has to be a string');
  if (typeof options !== 'string') throw new FilterPatternError(pattern, '$options has to be a string');
  const unknown = [...options].find((letter) => !KNOWN_OPTIONS.includes(letter));
  if (unknown !== undefined) {
    throw new FilterPatternError(pattern, `$options knows i, m, s, u and x, not ${JSON.stringify(unknown)}`);
  }
  try {
    return compilePattern(options.includes('x') ? withoutSpace(pattern) : pattern, {
      ignoreCase: options.includes('i'),
      multiline: options.includes('m'),
      dotAll: options.includes('s'),
    });
  } catch (error) {
    if (error instanceof PatternSizeError) throw new FilterPatternError(pattern.slice(0, 100), error.message);
    if (!(error instanceof PatternSyntaxError)) throw error;
    throw new FilterPatternError(pattern, `${error.message} (patterns are RE2's: no look-around, no references back)`);
  }
}

/** The option `x`, which RE2 has not: space and comments mean nothing, but in classes, quotations and escapes. */
function withoutSpace(pattern: string): string {
  const parts = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*(?:\]|$)|#[^\n]*(?:\n|$)|\s+/g;
  return pattern.replace(parts, (part) => (/^(?:#|\s)/.test(part) ? '' : part));
}
