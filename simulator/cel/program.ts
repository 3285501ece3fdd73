/** From the text of an expression to a function: read, checked, made ready. */
import { check } from './check/checker.ts';
import type { Environment } from './check/declarations.ts';
import type { Type } from './check/types.ts';
import { literalIssues } from './check/validators.ts';
import { Budget } from './cost.ts';
import { EvaluationError } from './errors.ts';
import { type MakeStructure, plan } from './evaluate.ts';
import type { Expression } from './syntax/expression.ts';
import { CompileError } from './syntax/issues.ts';
import { parse } from './syntax/parser.ts';
import { partsOf } from './syntax/parts.ts';
import type { Value } from './values/value.ts';

/** Values of variables; asked for when an expression comes to them. */
export type Variables = (name: string) => Value | undefined;

export interface Program {
  readonly source: string;
  readonly type: Type;
  /** Names of variables that the expression uses. */
  readonly uses: ReadonlySet<string>;
  /** Throws EvaluationError, CostError. */
  evaluate(variables: Variables, budget?: Budget): Value;
}

/** Reads the expression and checks its types. Throws CompileError. */
export function compile(source: string, environment: Environment, make?: MakeStructure): Program {
  const expression = parse(source);
  const checked = check(expression, environment);
  const issues = checked.issues.length > 0 ? checked.issues : literalIssues(expression, checked.types);
  if (issues.length > 0) throw new CompileError(source, issues);
  const run = plan(expression, checked, environment, make);
  return {
    source,
    type: checked.type,
    uses: namesIn(expression),
    evaluate: (variables, budget = new Budget()) => {
      const input = (name: string): Value => {
        const value = variables(name);
        if (value === undefined) throw new EvaluationError(`no such attribute(s): ${name}`);
        return value;
      };
      return run({ input, budget, slots: [] });
    },
  };
}

function namesIn(expression: Expression): ReadonlySet<string> {
  return new Set(partsOf(expression).flatMap((part) => (part.kind === 'identifier' ? [part.name] : [])));
}
