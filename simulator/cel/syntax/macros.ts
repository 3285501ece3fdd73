/**
 * Calls that are written as functions and read as folds: `has`, `all`, `map`, `optMap` ... with one variable and with
 * two. Source: cel-go parser/macro.go, ext/comprehensions.go, ext/lists.go, cel/library.go.
 */
import type { Call, Expression, Fold } from './expression.ts';

/** A macro cannot be made of these arguments. */
export class MacroError extends Error {
  override readonly name = 'MacroError';
  /** Where the wrong argument stands. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** The name that nobody can write: the value that a fold carries on. */
export const CARRIED = '@result';

type Expand = (target: Expression, args: readonly Expression[], at: number) => Expression;

/** By name and number of arguments. */
const methods: ReadonlyMap<string, Expand> = new Map<string, Expand>([
  ['all/2', oneVariable(allOf)],
  ['all/3', twoVariables(allOf)],
  ['exists/2', oneVariable(anyOf)],
  ['exists/3', twoVariables(anyOf)],
  ['exists_one/2', oneVariable(oneOf)],
  // With one variable, Kubernetes has the old name alone.
  ['exists_one/3', twoVariables(oneOf)],
  ['existsOne/3', twoVariables(oneOf)],
  ['map/2', oneVariable(listOf)],
  ['map/3', oneVariable(listOf)],
  ['filter/2', filter],
  ['transformList/3', twoVariables(listOf)],
  ['transformList/4', twoVariables(listOf)],
  ['transformMap/3', twoVariables(mapOf)],
  ['transformMap/4', twoVariables(mapOf)],
  ['transformMapEntry/3', twoVariables(mapOfEntries)],
  ['transformMapEntry/4', twoVariables(mapOfEntries)],
  ['optMap/2', (target, args, at) => whenPresent('optMap', target, args, at)],
  ['optFlatMap/2', (target, args, at) => whenPresent('optFlatMap', target, args, at)],
  ['sortBy/2', sortBy],
]);

/** What `target.name(args)` stands for; undefined when it is no macro. Throws MacroError. */
export function expandMethod(
  target: Expression,
  name: string,
  args: readonly Expression[],
  at: number,
): Expression | undefined {
  return methods.get(`${name}/${args.length}`)?.(target, args, at);
}

/** What `name(args)` stands for; undefined when it is no macro. Throws MacroError. */
export function expandCall(name: string, args: readonly Expression[], at: number): Expression | undefined {
  const [argument] = args;
  if (name !== 'has' || args.length !== 1 || argument === undefined) return undefined;
  if (argument.kind !== 'select' || argument.isOptional) {
    throw new MacroError(argument.at, 'invalid argument to has() macro');
  }
  return { ...argument, at, isTest: true };
}

/** What a fold does, when its variables are known: the parts that differ from macro to macro. */
type Steps = (
  rest: readonly Expression[],
  at: number,
  variable: string,
) => Pick<Fold, 'start' | 'condition' | 'step' | 'result'>;

function oneVariable(steps: Steps): Expand {
  return (range, [variable, ...rest], at) => {
    const name = variableName(variable, 'argument must be a simple name', at);
    return { kind: 'fold', at, range, variable: name, carried: CARRIED, ...steps(rest, at, name) };
  };
}

function twoVariables(steps: Steps): Expand {
  return (range, [first, second, ...rest], at) => {
    const name = variableName(first, 'argument must be an identifier', at);
    const other = variableName(second, 'argument must be an identifier', at);
    if (name === other) throw new MacroError(second?.at ?? at, `duplicate variable name: ${name}`);
    const parts = steps(rest, at, name);
    return { kind: 'fold', at, range, variable: name, secondVariable: other, carried: CARRIED, ...parts };
  };
}

function variableName(argument: Expression | undefined, problem: string, at: number): string {
  if (argument?.kind !== 'identifier' || argument.name.startsWith('.')) {
    throw new MacroError(argument?.at ?? at, problem);
  }
  if (argument.name === CARRIED || argument.name === '__result__') {
    throw new MacroError(argument.at, 'iteration variable overwrites accumulator variable');
  }
  return argument.name;
}

function call(at: number, name: string, ...args: Expression[]): Call {
  return { kind: 'call', at, name, args };
}

const carried = (at: number): Expression => ({ kind: 'identifier', at, name: CARRIED });
const literal = (at: number, value: boolean | bigint): Expression => ({ kind: 'literal', at, value });

function allOf([test = literal(0, true)]: readonly Expression[], at: number): ReturnType<Steps> {
  return {
    start: literal(at, true),
    condition: call(at, '@not_strictly_false', carried(at)),
    step: call(at, '_&&_', carried(at), test),
    result: carried(at),
  };
}

function anyOf([test = literal(0, true)]: readonly Expression[], at: number): ReturnType<Steps> {
  return {
    start: literal(at, false),
    condition: call(at, '@not_strictly_false', call(at, '!_', carried(at))),
    step: call(at, '_||_', carried(at), test),
    result: carried(at),
  };
}

function oneOf([test = literal(0, true)]: readonly Expression[], at: number): ReturnType<Steps> {
  return {
    start: literal(at, 0n),
    condition: literal(at, true),
    step: call(at, '_?_:_', test, call(at, '_+_', carried(at), literal(at, 1n)), carried(at)),
    result: call(at, '_==_', carried(at), literal(at, 1n)),
  };
}

/** With a test before the last argument, only what passes it is taken. */
function whenTested(rest: readonly Expression[], at: number, step: (last: Expression) => Expression): Expression {
  const last = rest.at(-1) ?? literal(at, true);
  const [test] = rest;
  return rest.length < 2 || test === undefined ? step(last) : call(at, '_?_:_', test, step(last), carried(at));
}

function listOf(rest: readonly Expression[], at: number): ReturnType<Steps> {
  return {
    start: { kind: 'list', at, items: [] },
    condition: literal(at, true),
    step: whenTested(rest, at, (value) =>
      call(at, '_+_', carried(at), { kind: 'list', at, items: [{ value, isOptional: false }] }),
    ),
    result: carried(at),
  };
}

function filter(range: Expression, [variable, test]: readonly Expression[], at: number): Expression {
  const name = variableName(variable, 'argument is not an identifier', at);
  const item: Expression = { kind: 'identifier', at, name };
  return {
    kind: 'fold',
    at,
    range,
    variable: name,
    carried: CARRIED,
    ...listOf(test === undefined ? [item] : [test, item], at),
  };
}

function mapOf(rest: readonly Expression[], at: number, variable: string): ReturnType<Steps> {
  const key: Expression = { kind: 'identifier', at, name: variable };
  return mapSteps(rest, at, (value) => call(at, 'cel.@mapInsert', carried(at), key, value));
}

function mapOfEntries(rest: readonly Expression[], at: number): ReturnType<Steps> {
  return mapSteps(rest, at, (entry) => call(at, 'cel.@mapInsert', carried(at), entry));
}

function mapSteps(rest: readonly Expression[], at: number, step: (last: Expression) => Expression): ReturnType<Steps> {
  return {
    start: { kind: 'map', at, entries: [] },
    condition: literal(at, true),
    step: whenTested(rest, at, step),
    result: carried(at),
  };
}

/** The value under a name, for one expression: a fold over nothing. */
function bound(name: string, value: Expression, result: Expression, at: number): Fold {
  return {
    kind: 'fold',
    at,
    range: { kind: 'list', at, items: [] },
    variable: '#unused',
    carried: name,
    start: value,
    condition: literal(at, false),
    step: { kind: 'identifier', at, name },
    result,
  };
}

function whenPresent(
  macro: 'optMap' | 'optFlatMap',
  target: Expression,
  [variable, value = literal(0, true)]: readonly Expression[],
  at: number,
): Expression {
  if (variable?.kind !== 'identifier') {
    throw new MacroError(variable?.at ?? at, `${macro}() variable name must be a simple identifier`);
  }
  // Upstream writes the target twice; once is enough, and keeps chains of these from doubling.
  const input: Expression = { kind: 'identifier', at, name: INPUT };
  const of = (name: string): Call => ({ kind: 'call', at, name, target: input, args: [] });
  const result = bound(variable.name, of('value'), value, at);
  const present = macro === 'optMap' ? call(at, 'optional.of', result) : result;
  return bound(INPUT, target, call(at, '_?_:_', of('hasValue'), present, call(at, 'optional.none')), at);
}

const INPUT = '@input';

function sortBy(target: Expression, [variable, key = literal(0, true)]: readonly Expression[], at: number): Expression {
  const name = variableName(variable, 'argument must be a simple name', at);
  const input: Expression = { kind: 'identifier', at, name: INPUT };
  const keys: Expression = { kind: 'fold', at, range: input, variable: name, carried: CARRIED, ...listOf([key], at) };
  return bound(INPUT, target, { kind: 'call', at, name: '@sortByAssociatedKeys', target: input, args: [keys] }, at);
}
