/** One rule, compiled. */
import { BOOL, STRING, sameType } from '../../cel/check/types.ts';
import { Budget } from '../../cel/cost.ts';
import { CostError, EvaluationError } from '../../cel/errors.ts';
import { type Program as CelProgram, compile } from '../../cel/program.ts';
import { CompileError } from '../../cel/syntax/issues.ts';
import { Optional, type Value } from '../../cel/values/value.ts';
import { environmentOf } from './cel-types.ts';
import type { JsonObject } from './json.ts';
import type { Schema } from './schema-node.ts';
import { isTrue, textOf } from './schema-node.ts';

export interface Program {
  readonly rule: JsonObject;
  readonly text: string;
  /** Compares with the stored object, so runs on updates only (unless the old value is optional). */
  readonly usesOld: boolean;
  readonly oldIsOptional: boolean;
  /**
   * In the words of the real server: `compilation failed: ERROR: <input>:1:20: undefined field 'zz'` ...; absent when
   * it compiles.
   */
  readonly problem?: string;
  readonly messageProblem?: string;
  run(self: Value, old: Value | undefined): Outcome;
  /** The text of messageExpression; `value` is undefined when there is none, or none that can be shown. */
  message(self: Value, old: Value | undefined): Outcome;
}

/** What came out, and what it cost. */
export type Outcome =
  | { readonly value: Value | undefined; readonly cost: number }
  | { readonly error: EvaluationError | CostError; readonly cost: number };

interface Compiled {
  readonly program?: CelProgram;
  readonly problem?: string;
}

function compiled(text: string, schema: Schema, oldIsOptional: boolean): Compiled {
  const environment = environmentOf(schema, oldIsOptional);
  if (environment === undefined) return { problem: 'failed to convert to declType for CEL validation rules' };
  try {
    return { program: compile(text, environment) };
  } catch (error) {
    if (error instanceof CompileError) return { problem: `compilation failed: ${error.message}` };
    throw error;
  }
}

/** Compiles a rule for values of that schema. */
export function compileRule(rule: JsonObject, schema: Schema): Program {
  const oldIsOptional = isTrue(rule, 'optionalOldSelf');
  const text = (textOf(rule, 'rule') ?? '').trim();
  const { program, problem = typeProblem(program) } = compiled(textOf(rule, 'rule') ?? '', schema, oldIsOptional);
  const expression = textOf(rule, 'messageExpression') ?? '';
  const message = expression.trim() === '' ? {} : compiled(expression, schema, oldIsOptional);
  const messageProblem = messageProblemOf(message);
  const variables = (self: Value, old: Value | undefined) => (name: string) =>
    name === 'self' ? self : oldIsOptional ? new Optional(old) : old;
  return {
    rule,
    text,
    usesOld: program?.uses.has('oldSelf') ?? false,
    oldIsOptional,
    ...(problem === undefined ? {} : { problem }),
    ...(messageProblem === undefined ? {} : { messageProblem }),
    run: (self, old) => outcome(program, variables(self, old)),
    message: (self, old) => shownMessage(outcome(message.program, variables(self, old))),
  };
}

function typeProblem(program: CelProgram | undefined): string | undefined {
  return program !== undefined && !sameType(program.type, BOOL) ? 'cel expression must evaluate to a bool' : undefined;
}

function messageProblemOf({ program, problem }: Compiled): string | undefined {
  if (problem !== undefined) return `messageExpression ${problem}`;
  const isText = program === undefined || sameType(program.type, STRING);
  return isText ? undefined : 'messageExpression must evaluate to a string';
}

function outcome(program: CelProgram | undefined, variables: (name: string) => Value | undefined): Outcome {
  const budget = new Budget();
  try {
    return { value: program?.evaluate(variables, budget), cost: budget.spent };
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof CostError) return { error, cost: budget.spent };
    throw error;
  }
}

const MESSAGE_BYTES_MAX = 5 * 1024;

function shownMessage(found: Outcome): Outcome {
  if ('error' in found) return found;
  const text = typeof found.value === 'string' ? found.value.trim() : '';
  const isShown = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= MESSAGE_BYTES_MAX;
  return { value: isShown ? text : undefined, cost: found.cost };
}
