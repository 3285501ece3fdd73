/**
 * Expressions of policies: what they may name, how they are compiled and evaluated. Objects are dynamically typed, as upstream.
 * `authorizer` is not there: an expression that uses it does not compile. Source: Kubernetes' admission/plugin/cel.
 */
import { Environment } from '@marcbachmann/cel-js';
import { addKubernetesFunctions } from '../schema/cel-environment.ts';
import { type Compiled, compile, evaluationProblem } from '../schema/cel-program.ts';
import { withoutLiterals } from './object-literals.ts';
import { addStructures } from './structures.ts';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What an expression sees: `object`, `oldObject`, `request`, `params`, `namespaceObject`. */
export type Inputs = Readonly<Record<string, unknown>>;

export interface Expression {
  readonly text: string;
  /** What the real server says behind the path of the field; absent when it compiles. */
  readonly problem?: string;
  readonly type?: string;
  /** Throws ExpressionError. */
  evaluate(inputs: Inputs): unknown;
}

/** An expression that cannot be evaluated with these inputs; the message is the real server's. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly expression: string;

  constructor(expression: string, why: string) {
    super(`expression '${expression}' resulted in error: ${why}`);
    this.expression = expression;
  }
}

export interface Surroundings {
  readonly hasParams: boolean;
  /** Structures and patches can be made. */
  readonly hasPatchTypes?: boolean;
  readonly variables?: readonly NamedExpression[];
}

/** The variables of one evaluation: each is evaluated when it is first asked for, and once. */
class Variables {}

/** A policy's expressions, which share its variables. */
export class Expressions {
  readonly #surroundings: Surroundings;
  readonly #variables: { readonly name: string; readonly compiled: Compiled }[] = [];
  /** Of the variables, in their order; undefined for one that compiles. */
  readonly variableProblems: readonly (string | undefined)[];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.variableProblems = (surroundings.variables ?? []).map(({ name, expression }) => {
      const compiled = this.#compile(expression);
      this.#variables.push({ name, compiled });
      return problemOf(compiled, undefined);
    });
  }

  /** `wanted`: types that it may have; absent: any. Surrounding space is kept, so that columns are right. */
  compile(text: string, wanted?: readonly string[]): Expression {
    const compiled = this.#compile(text);
    const problem = problemOf(compiled, wanted);
    return {
      text,
      ...(problem === undefined ? {} : { problem }),
      ...(compiled.type === undefined ? {} : { type: compiled.type }),
      evaluate: (inputs) => {
        if (problem !== undefined) throw new ExpressionError(text, problem);
        try {
          return compiled.evaluate?.({ ...inputs, jsonpatch: {}, variables: this.#evaluated(inputs) });
        } catch (error) {
          throw new ExpressionError(text, whyNot(error));
        }
      },
    };
  }

  #compile(text: string): Compiled {
    return compile(this.#environment(), this.#surroundings.hasPatchTypes ? withoutLiterals(text) : text);
  }

  #environment(): Environment {
    const { hasParams, hasPatchTypes = false } = this.#surroundings;
    const environment = new Environment({
      enableOptionalTypes: true,
      // Members of a structure have types of their own.
      homogeneousAggregateLiterals: !hasPatchTypes,
    });
    for (const name of ['object', 'oldObject', 'request', 'namespaceObject']) environment.registerVariable(name, 'dyn');
    if (hasParams) environment.registerVariable('params', 'dyn');
    if (hasPatchTypes) addStructures(environment);
    const fields = Object.fromEntries(this.#variables.map(({ name, compiled }) => [name, compiled.type ?? 'dyn']));
    environment.registerType('kubernetes.variables', { ctor: Variables, fields });
    environment.registerVariable('variables', 'kubernetes.variables');
    addKubernetesFunctions(environment);
    return environment;
  }

  #evaluated(inputs: Inputs): Variables {
    const variables = new Variables();
    for (const { name, compiled } of this.#variables) {
      let known: { readonly value: unknown } | undefined;
      const get = () => {
        known ??= { value: evaluateVariable(name, compiled, { ...inputs, jsonpatch: {}, variables }) };
        return known.value;
      };
      Object.defineProperty(variables, name, { get, enumerable: true });
    }
    return variables;
  }
}

/** At run time the real server does not say which overload is missing. */
function whyNot(error: unknown): string {
  const problem = evaluationProblem(error);
  return problem.startsWith('no such overload') ? 'no such overload' : problem;
}

function evaluateVariable(name: string, { error, evaluate }: Compiled, inputs: Inputs): unknown {
  try {
    if (error !== undefined) throw new Error(error);
    return evaluate?.(inputs);
  } catch (problem) {
    throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${whyNot(problem)}`);
  }
}

function problemOf({ error, type = 'dyn' }: Compiled, wanted: readonly string[] | undefined): string | undefined {
  if (error !== undefined) return `compilation failed: ${error}`;
  if (wanted === undefined || wanted.includes(type)) return undefined;
  const found = type.replaceAll('<', '(').replaceAll('>', ')');
  return wanted.length === 1
    ? `must evaluate to ${wanted[0]} but got ${found}`
    : `must evaluate to one of [${wanted.join(' ')}] but got ${found}`;
}
