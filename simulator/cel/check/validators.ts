/**
 * What is wrong with arguments that are written out: a pattern, an instant, a duration. Source: cel-go
 * cel/validator.go.
 */
import { compilePattern, PatternSizeError, PatternSyntaxError } from '../../../patterns/re2.ts';
import { clauseProblem, clausesOf, isClause } from '../library/format-clauses.ts';
import { readDuration, readTimestamp } from '../library/time-text.ts';
import type { Call, Expression } from '../syntax/expression.ts';
import type { Issue } from '../syntax/issues.ts';
import { partsOf } from '../syntax/parts.ts';
import { DYN, type Type } from './types.ts';

const checks: ReadonlyMap<
  string,
  (call: Call) => { argument: Expression | undefined; fits: (text: string) => boolean }
> = new Map([
  ['duration', ({ args }) => ({ argument: args[0], fits: (text) => readDuration(text) !== undefined })],
  ['timestamp', ({ args }) => ({ argument: args[0], fits: (text) => readTimestamp(text) !== undefined })],
  ['matches', ({ target, args }) => ({ argument: target === undefined ? args[1] : args[0], fits: isPattern })],
]);

export function literalIssues(expression: Expression, types: ReadonlyMap<Expression, Type>): Issue[] {
  return partsOf(expression).flatMap((part) =>
    part.kind === 'call' ? [...callIssues(part), ...formatIssues(part, types)] : [],
  );
}

/** `'%d'.format([...])` with both written out. Source: cel-go ext/formatting.go, stringFormatValidator. */
function formatIssues({ name, target, args, at }: Call, types: ReadonlyMap<Expression, Type>): Issue[] {
  const [list] = args;
  if (name !== 'format' || target?.kind !== 'literal' || list?.kind !== 'list') return [];
  if (typeof target.value !== 'string') return [];
  const clauses = clausesOf(target.value);
  for (const [index, clause] of clauses.entries()) {
    const item = list.items[index]?.value;
    if (item === undefined) return [{ at, message: `index ${index} out of range` }];
    const problem = clauseProblem(clause, types.get(item) ?? DYN);
    if (problem !== undefined) return [{ at: isClause(clause) ? item.at : at, message: problem }];
  }
  if (clauses.length >= list.items.length) return [];
  const counts = `(expected ${clauses.length}, got ${list.items.length})`;
  return [{ at, message: `too many arguments supplied to string.format ${counts}` }];
}

function callIssues(call: Call): Issue[] {
  const { argument, fits } = checks.get(call.name)?.(call) ?? {};
  if (argument?.kind !== 'literal' || typeof argument.value !== 'string' || fits?.(argument.value)) return [];
  return [{ at: argument.at, message: `invalid ${call.name} argument` }];
}

function isPattern(text: string): boolean {
  try {
    compilePattern(text);
    return true;
  } catch (error) {
    // One that is too large is told of when it is used.
    if (error instanceof PatternSizeError) return true;
    if (error instanceof PatternSyntaxError) return false;
    throw error;
  }
}
