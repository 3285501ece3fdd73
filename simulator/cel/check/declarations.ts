/** Functions that expressions may call, declared by signatures, and the environment of an expression. */
import type { Budget } from '../cost.ts';
import type { Value } from '../values/value.ts';
import { readType, splitTypes, type Type } from './types.ts';

/** What a function does. Throws EvaluationError. */
export type Apply = (args: readonly Value[], budget: Budget) => Value;

/** What a call costs, as Kubernetes counts it. */
export type CallCost = (args: readonly Value[], result: Value) => number;

export interface Overload {
  readonly name: string;
  readonly isMethod: boolean;
  /** With the target of a method before the others. */
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly apply: Apply;
  readonly cost: CallCost;
}

const nominal: CallCost = () => 1;

/** `fn('sets.contains', 'list<T>, list<T> -> bool', ...)` */
export function fn(name: string, signature: string, apply: Apply, cost: CallCost = nominal): Overload {
  return overload(name, signature, apply, cost, false);
}

/** As `fn`, for `a.name(b)`; the first parameter is the target. */
export function method(name: string, signature: string, apply: Apply, cost: CallCost = nominal): Overload {
  return overload(name, signature, apply, cost, true);
}

function overload(name: string, signature: string, apply: Apply, cost: CallCost, isMethod: boolean): Overload {
  const [parameters = '', result = ''] = signature.split('->');
  return { name, isMethod, parameters: splitTypes(parameters).map(readType), result: readType(result), apply, cost };
}

export type Functions = ReadonlyMap<string, readonly Overload[]>;

/** All overloads by the name of their function. */
export function functionsOf(...libraries: readonly (readonly Overload[])[]): Functions {
  const functions = new Map<string, Overload[]>();
  for (const one of libraries.flat()) {
    const known = functions.get(one.name) ?? [];
    known.push(one);
    functions.set(one.name, known);
  }
  return functions;
}

/** What an expression may name. */
export interface Environment {
  readonly functions: Functions;
  /** Variables and their types. */
  readonly variables: ReadonlyMap<string, Type>;
  /** Types by the names that expressions have for them. */
  readonly types: ReadonlyMap<string, Type>;
  /** Structures that expressions may make: `Object.spec{...}`. */
  readonly structures?: (name: string) => Type | undefined;
  /** Names that Kubernetes knows and we do not, with what is said then. */
  readonly missing?: ReadonlyMap<string, string>;
  /** Items of a list literal may have different types. */
  readonly allowsMixedLiterals?: boolean;
}
