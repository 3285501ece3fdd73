/**
 * One compiled rule.
 */
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { environmentFor } from './cel-environment.ts';
import type { JsonObject } from './json.ts';
import type { Schema } from './schema-node.ts';
import { isTrue, textOf } from './schema-node.ts';

export interface Program {
  readonly rule: JsonObject;
  readonly text: string;
  /** Compares with the stored object, so runs on updates only (unless the old value is optional). */
  readonly usesOld: boolean;
  readonly oldIsOptional: boolean;
  /** In the words of the real server: `ERROR: <input>:1:20: undefined field 'zz'` ...; absent when the rule compiles. */
  readonly compileError?: string;
  readonly resultType?: string;
  run(self: unknown, old: unknown): unknown;
  /** The text of messageExpression; undefined when there is none or it fails. */
  message(self: unknown, old: unknown): string | undefined;
  readonly messageError?: string;
  readonly messageType?: string;
}

function usesVariable(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((part) => usesVariable(part, name));
  if (typeof node !== 'object' || node === null || !('op' in node)) return false;
  const { op, args } = node as ASTNode;
  return op === 'id' ? args === name : usesVariable(args, name);
}

const placeholder =
  "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Text and zero-based column of an error, translated from the evaluator's words to those of the real server. */
function translated(error: ParseError | CelTypeError, rule: string): { text: string; column: number } {
  const start = error.range?.start ?? 0;
  const summary = error.summary;
  const unknownField = /^No such key: (.+)$/.exec(summary)?.[1];
  if (unknownField !== undefined) return { text: `undefined field '${unknownField}'`, column: start - 1 };
  const unknownName = /^Unknown variable: (.+)$/.exec(summary)?.[1];
  if (unknownName !== undefined)
    return { text: `undeclared reference to '${unknownName}' (in container '')`, column: start };
  const overload = /^no such overload: (.+?) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in|&&|\|\|) (.+)$/.exec(summary);
  if (overload !== null) {
    const [, left, operator = '', right] = overload;
    const text = `found no matching overload for '_${operator}_' applied to '(${left}, ${right})'`;
    return { text, column: rule.indexOf(` ${operator} `, start) + 1 };
  }
  const call = /^found no matching overload for '(?:.+\.)?(\w+)\(/.exec(summary)?.[1];
  if (call !== undefined) {
    return {
      text: `undeclared reference to '${call}' (in container '')`,
      column: rule.indexOf(`${call}(`, start) + call.length,
    };
  }
  return { text: summary === 'Unexpected token: EOF' ? placeholder : summary, column: start };
}

function errorText(error: ParseError | CelTypeError, rule: string): string {
  const { text, column } = translated(error, rule);
  return `ERROR: <input>:1:${column + 1}: ${text}\n | ${rule}\n | ${'.'.repeat(Math.max(0, column))}^`;
}

/** An expression that was read; `error` is in the words of the real server. */
export interface Compiled {
  readonly error?: string;
  readonly type?: string;
  readonly ast?: unknown;
  readonly evaluate?: (context: object) => unknown;
}

/** Reads the expression and checks its types. */
export function compile(environment: Environment, expression: string): Compiled {
  // The evaluator has this macro, Kubernetes has not.
  const bind = /\bcel\.bind\(/.exec(expression);
  if (bind !== null) {
    const text = `ERROR: <input>:1:${bind.index + 1}: undeclared reference to 'cel' (in container '')`;
    return { error: `${text}\n | ${expression}\n | ${'.'.repeat(bind.index)}^` };
  }
  try {
    const parsed = environment.parse(expression);
    const checked = parsed.check();
    if (checked.error !== undefined) return { error: errorText(checked.error, expression), ast: parsed.ast };
    return { type: checked.type ?? 'dyn', ast: parsed.ast, evaluate: (context) => parsed(context) };
  } catch (error) {
    if (error instanceof ParseError || error instanceof CelTypeError) return { error: errorText(error, expression) };
    throw error;
  }
}

const none = new WeakMap<Environment, (context: object) => unknown>();

/** An empty or a filled optional, by whether there is an old value. */
function optional(environment: Environment, old: unknown): unknown {
  if (old === undefined) {
    const make = none.get(environment) ?? environment.parse('optional.none()');
    none.set(environment, make);
    return make({});
  }
  return environment.clone().registerVariable('oldValue', 'dyn').evaluate('optional.of(oldValue)', { oldValue: old });
}

/** Compiles a rule for values of that schema. */
export function compileRule(rule: JsonObject, schema: Schema): Program {
  const oldIsOptional = isTrue(rule, 'optionalOldSelf');
  const text = (textOf(rule, 'rule') ?? '').trim();
  const environment = environmentFor(schema, oldIsOptional);
  const condition = compile(environment, text);
  const expression = textOf(rule, 'messageExpression')?.trim() ?? '';
  const message: Compiled = expression === '' ? {} : compile(environment, expression);
  const context = (self: unknown, old: unknown): object => ({
    self,
    oldSelf: oldIsOptional ? optional(environment, old) : old,
  });
  return {
    rule,
    text,
    usesOld: condition.error === undefined && usesVariable(condition.ast, 'oldSelf'),
    oldIsOptional,
    ...(condition.error === undefined ? {} : { compileError: condition.error }),
    ...(condition.type === undefined ? {} : { resultType: condition.type }),
    ...(message.error === undefined ? {} : { messageError: message.error }),
    ...(message.type === undefined ? {} : { messageType: message.type }),
    run: (self, old) => condition.evaluate?.(context(self, old)),
    message: (self, old) => {
      try {
        const result = message.evaluate?.(context(self, old));
        return typeof result === 'string' && result.trim() !== '' && !result.includes('\n') ? result : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** Why a rule could not be evaluated, in the words of the real server. */
export function evaluationProblem(error: unknown): string {
  if (!(error instanceof EvaluationError)) return error instanceof Error ? error.message : String(error);
  const key = /^No such key: (?!index)(.+)$/.exec(error.summary)?.[1];
  if (key !== undefined) return `no such key: ${key}`;
  const index = /index (-?\d+) >= size/.exec(error.summary)?.[1];
  if (index !== undefined) return `index out of bounds: ${index}`;
  const target = /^(int|double|bool|duration|timestamp)\(\) /.exec(error.summary)?.[1];
  if (target === 'int' || target === 'double' || target === 'bool')
    return `type conversion error from 'string' to '${target}'`;
  return error.summary;
}
