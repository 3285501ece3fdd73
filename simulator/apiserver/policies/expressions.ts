/**
 * Expressions of policies: what they may name, how they are compiled and evaluated. Objects are dynamically typed, as
 * upstream. Source: Kubernetes' admission/plugin/cel.
 */
import { type Environment, functionsOf } from '../../cel/check/declarations.ts';
import { DYN, struct, type Type, typeText } from '../../cel/check/types.ts';
import { Budget, OBJECT_COST_MAX } from '../../cel/cost.ts';
import { CostError, EvaluationError } from '../../cel/errors.ts';
import { kubernetesFunctions, kubernetesTypes } from '../../cel/library/kubernetes.ts';
import { compile, type Program } from '../../cel/program.ts';
import { CompileError } from '../../cel/syntax/issues.ts';
import { Structure, type Value } from '../../cel/values/value.ts';
import { MadeStructure, patchFunctions, structureType } from './structures.ts';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What an expression sees: `object`, `oldObject`, `request`, `params`, `namespaceObject`. */
export interface Inputs {
  readonly values: Readonly<Record<string, Value>>;
  /** What all expressions of one invocation may cost together. */
  readonly allowance: Allowance;
}

/** What may still be spent on an invocation. */
export class Allowance {
  #left: number;

  constructor(limit = OBJECT_COST_MAX) {
    this.#left = limit;
  }

  /** False when there is not so much left. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return this.#left >= 0;
  }
}

/** What all match conditions of a policy may cost together (RuntimeCELCostBudgetMatchConditions). */
export const CONDITIONS_COST_MAX = 2_500_000;

export interface Expression {
  readonly text: string;
  /** What the real server says behind the path of the field; absent when it compiles. */
  readonly problem?: string;
  readonly type?: string;
  /** Throws ExpressionError. */
  evaluate(inputs: Inputs): Value;
}

/** An expression that cannot be evaluated with these inputs; the message is the real server's. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError';
  readonly expression: string;

  constructor(expression: string, why: string, message = `expression '${expression}' resulted in error: ${why}`) {
    super(message);
    this.expression = expression;
  }
}

/** All that may be spent is spent: nothing else of the policy is asked. */
export class OverspentError extends ExpressionError {
  override readonly name = 'OverspentError';

  constructor(expression: string) {
    const why = 'validation failed due to running out of cost budget, no further validation rules will be run';
    super(expression, why, why);
  }
}

export interface Surroundings {
  readonly hasParams: boolean;
  /** Structures and patches can be made. */
  readonly hasPatchTypes?: boolean;
  readonly variables?: readonly NamedExpression[];
}

/** What real expressions may name and these may not. */
const missing: ReadonlyMap<string, string> = new Map([
  ['authorizer', 'not in Orrery: authorization checks in expressions (authorizer)'],
]);

interface Compiled {
  readonly program?: Program;
  readonly problem?: string;
}

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
    const type = compiled.program && typeText(compiled.program.type);
    return {
      text,
      ...(problem === undefined ? {} : { problem }),
      ...(type === undefined ? {} : { type }),
      evaluate: (inputs) => {
        if (problem !== undefined) throw new ExpressionError(text, problem);
        return this.#evaluate(text, compiled, inputs);
      },
    };
  }

  #compile(text: string): Compiled {
    try {
      const environment = this.#environment();
      return { program: compile(text, environment, (name, members) => new MadeStructure(name, members)) };
    } catch (error) {
      if (error instanceof CompileError) return { problem: `compilation failed: ${error.message}` };
      throw error;
    }
  }

  #environment(): Environment {
    const { hasParams, hasPatchTypes = false } = this.#surroundings;
    const names = ['object', 'oldObject', 'request', 'namespaceObject', ...(hasParams ? ['params'] : [])];
    const types = new Map(this.#variables.map(({ name, compiled }) => [name, compiled.program?.type ?? DYN]));
    const variables = struct('kubernetes.variables', (name) => types.get(name));
    return {
      functions: hasPatchTypes
        ? functionsOf([...kubernetesFunctions.values()].flat(), patchFunctions)
        : kubernetesFunctions,
      types: kubernetesTypes,
      variables: new Map<string, Type>([...names.map((name) => [name, DYN] as const), ['variables', variables]]),
      missing,
      ...(hasPatchTypes ? { structures: structureType } : {}),
    };
  }

  #evaluate(text: string, { program }: Compiled, inputs: Inputs): Value {
    const budget = new Budget();
    const variables = new PolicyVariables(this.#variables, inputs, budget);
    let found: Value | EvaluationError | CostError = null;
    try {
      found = program?.evaluate((name) => (name === 'variables' ? variables : inputs.values[name]), budget) ?? null;
    } catch (error) {
      if (!(error instanceof EvaluationError || error instanceof CostError)) throw error;
      found = error;
    }
    // Whatever came out: what has been spent is spent.
    if (!inputs.allowance.spend(budget.spent)) throw new OverspentError(text);
    if (found instanceof Error) throw new ExpressionError(text, whyNot(found));
    return found;
  }
}

/** The variables of one evaluation: each is evaluated when it is first asked for, and once. */
class PolicyVariables extends Structure {
  override readonly type = struct('kubernetes.variables', () => DYN);
  readonly #compiled: ReadonlyMap<string, Compiled>;
  readonly #inputs: Inputs;
  readonly #budget: Budget;
  readonly #known = new Map<string, Value>();

  constructor(variables: readonly { name: string; compiled: Compiled }[], inputs: Inputs, budget: Budget) {
    super();
    this.#compiled = new Map(variables.map(({ name, compiled }) => [name, compiled]));
    this.#inputs = inputs;
    this.#budget = budget;
  }

  override get(name: string): Value | undefined {
    const compiled = this.#compiled.get(name);
    if (compiled === undefined) return undefined;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const value = this.#evaluate(name, compiled);
    this.#known.set(name, value);
    return value;
  }

  #evaluate(name: string, { program, problem }: Compiled): Value {
    try {
      if (program === undefined) throw new EvaluationError(problem);
      const input = (asked: string): Value | undefined => (asked === 'variables' ? this : this.#inputs.values[asked]);
      return program.evaluate(input, this.#budget);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw new EvaluationError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${whyNot(error)}`);
    }
  }

  override names(): string[] {
    return [...this.#compiled.keys()];
  }

  override equals(other: Structure): boolean {
    return other === this;
  }
}

/** At run time the real server does not say which overload is missing. */
function whyNot({ message }: Error): string {
  return message.startsWith('no such overload') ? 'no such overload' : message;
}

function problemOf({ problem, program }: Compiled, wanted: readonly string[] | undefined): string | undefined {
  if (problem !== undefined || program === undefined) return problem;
  const found = program.type.kind === 'null' ? 'null_type' : typeText(program.type);
  if (wanted === undefined || wanted.includes(found)) return undefined;
  return wanted.length === 1
    ? `must evaluate to ${wanted[0]} but got ${found}`
    : `must evaluate to one of [${wanted.join(' ')}] but got ${found}`;
}
