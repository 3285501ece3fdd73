/**
 * An expression that was read: the tree that is checked and evaluated. Macros are gone: what they stand for is a fold.
 */
import type { Value } from '../values/value.ts';

interface Node {
  /** Where it stands in the source, in characters. */
  readonly at: number;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
}

export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
}

/** `operand.field`; with `isTest` `has(operand.field)`, with `isOptional` `operand.?field`. */
export interface Select extends Node {
  readonly kind: 'select';
  readonly operand: Expression;
  readonly field: string;
  readonly isTest: boolean;
  readonly isOptional: boolean;
}

/** A function, a method (with a target) or an operator (`_+_`). */
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly target?: Expression;
  readonly args: readonly Expression[];
}

export interface ListItem {
  readonly value: Expression;
  /** `[?x]`: left out when x is none. */
  readonly isOptional: boolean;
}

export interface ListLiteral extends Node {
  readonly kind: 'list';
  readonly items: readonly ListItem[];
}

export interface MapEntry {
  readonly key: Expression;
  readonly value: Expression;
  readonly isOptional: boolean;
}

export interface MapLiteral extends Node {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface StructField extends Node {
  readonly name: string;
  readonly value: Expression;
  readonly isOptional: boolean;
}

/** `Object.spec{replicas: 3}`. */
export interface StructLiteral extends Node {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly StructField[];
}

/** What macros become: over each item of a range, a value is carried on from step to step while the condition holds. */
export interface Fold extends Node {
  readonly kind: 'fold';
  readonly range: Expression;
  readonly variable: string;
  /** With two variables, the first is the index or the key, the second the value. */
  readonly secondVariable?: string;
  readonly carried: string;
  readonly start: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

export type Expression = Literal | Identifier | Select | Call | ListLiteral | MapLiteral | StructLiteral | Fold;

/** `a.b.c` as one name; undefined for what is none. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind !== 'select' || expression.isTest || expression.isOptional) return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}
