/** Kubernetes' library `regex`, and the patterns of `matches`: RE2. Source: Kubernetes' cel/library/regex.go. */
import { compilePattern, type Pattern, PatternSizeError, PatternSyntaxError } from '../../../patterns/re2.ts';
import { method, type Overload } from '../check/declarations.ts';
import { patternCost, sizeOf } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import type { Value } from '../values/value.ts';

/** The pattern, ready to be used. Throws EvaluationError. */
export function patternOf(source: string, prefix = ''): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternSizeError) throw new EvaluationError(error.message);
    if (error instanceof PatternSyntaxError) throw new EvaluationError(`${prefix}${error.message}`);
    throw error;
  }
}

const cost = ([text = '', pattern = '']: readonly Value[]): number => patternCost(sizeOf(text), sizeOf(pattern));

function findAll(text: Value | undefined, pattern: Value | undefined, limit: bigint): string[] {
  const compiled = patternOf(pattern as string, 'Illegal regex: ');
  return compiled.findAll(text as string, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit));
}

export const patterns: readonly Overload[] = [
  method('find', 'string, string -> string', ([text, pattern]) => findAll(text, pattern, 1n)[0] ?? '', cost),
  method('findAll', 'string, string -> list<string>', ([text, pattern]) => findAll(text, pattern, -1n), cost),
  method(
    'findAll',
    'string, string, int -> list<string>',
    ([text, pattern, limit]) => findAll(text, pattern, limit as bigint),
    cost,
  ),
];
