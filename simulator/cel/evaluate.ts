/** Makes a function of a checked expression. Source: cel-go interpreter/planner.go, interpretable.go, attributes.go. */

import type { Checked } from './check/checker.ts';
import type { Environment, Overload } from './check/declarations.ts';
import { fitsAll } from './check/fits.ts';
import { type Type, typeText } from './check/types.ts';
import type { Budget } from './cost.ts';
import { EvaluationError, noSuchOverload } from './errors.ts';
import type { Call, Expression, Fold, ListLiteral, MapLiteral, Select, StructLiteral } from './syntax/expression.ts';
import { CARRIED } from './syntax/macros.ts';
import { atIndex, hasMember, memberOf, optionalAt, optionalMember } from './values/access.ts';
import { typeOfValue } from './values/type-of.ts';
import { CelMap, isKey, isList, type Key, Optional, TypeValue, Uint, type Value } from './values/value.ts';

/** One evaluation: the given variables, those of folds, and what may be spent. */
export interface Frame {
  readonly input: (name: string) => Value;
  readonly budget: Budget;
  /** The variables of folds, each in its place. */
  readonly slots: (Value | EvaluationError | undefined)[];
}

export type Evaluate = (frame: Frame) => Value;

/** Makes structures of their members. */
export type MakeStructure = (name: string, members: ReadonlyMap<string, Value>) => Value;

export function plan(
  expression: Expression,
  checked: Checked,
  environment: Environment,
  make?: MakeStructure,
): Evaluate {
  return new Planner(checked, environment, make).plan(expression);
}

const LIST_COST = 10;
const MAP_COST = 30;
const STRUCT_COST = 40;

class Planner {
  readonly #checked: Checked;
  readonly #environment: Environment;
  readonly #make: MakeStructure | undefined;
  /** Where the variables of the folds around are, by name. */
  readonly #places = new Map<string, number[]>();
  #count = 0;

  constructor(checked: Checked, environment: Environment, make: MakeStructure | undefined) {
    this.#checked = checked;
    this.#environment = environment;
    this.#make = make;
  }

  plan(expression: Expression): Evaluate {
    const name = this.#checked.names.get(expression);
    if (name !== undefined) return this.#named(name);
    switch (expression.kind) {
      case 'literal':
        return () => expression.value;
      case 'identifier':
        return this.#named(expression.name);
      case 'select':
        return this.#select(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'struct':
        return this.#struct(expression);
      case 'fold':
        return this.#fold(expression);
    }
  }

  #named(name: string): Evaluate {
    const place = this.#places.get(name)?.at(-1);
    if (place !== undefined) {
      return ({ slots, budget }) => {
        budget.charge(1);
        const value = slots[place];
        if (value instanceof EvaluationError) throw value;
        return value ?? null;
      };
    }
    const type = this.#environment.variables.has(name) ? undefined : this.#environment.types.get(name);
    if (type !== undefined) return () => new TypeValue(type);
    return ({ input, budget }) => {
      budget.charge(1);
      return input(name);
    };
  }

  #select({ operand, field, isTest, isOptional }: Select): Evaluate {
    const evaluate = this.plan(operand);
    if (isTest) return (frame) => hasMember(evaluate(frame), field);
    return (frame) => {
      const value = evaluate(frame);
      frame.budget.charge(1);
      return isOptional ? optionalMember(value, field) : memberOf(value, field);
    };
  }

  #call(call: Call): Evaluate {
    const args = call.args.map((argument) => this.plan(argument));
    const [first = nothing, second = nothing, third = nothing] = args;
    switch (call.name) {
      case '_&&_':
        return junction(args, false);
      case '_||_':
        return junction(args, true);
      case '_?_:_':
        return (frame) => (truth(first(frame)) ? second(frame) : third(frame));
      case '@not_strictly_false':
        return (frame) => {
          const value = attempt(first, frame);
          frame.budget.charge(1);
          return value !== false;
        };
      case '_[_]':
        return indexed(first, second, false);
      case '_[?_]':
        return indexed(first, second, true);
    }
    if (call.target !== undefined && (call.name === 'or' || call.name === 'orValue')) {
      const target = this.plan(call.target);
      return (frame) => alternative(target(frame), first, frame, call.name === 'or');
    }
    if (call.name === '_+_' && isCarried(call.args[0]) && call.args[1]?.kind === 'list') return appended(first, second);
    if (call.name === 'cel.@mapInsert') return inserted(first, second, args[2]);
    return this.#function(call, args);
  }

  #function(call: Call, args: readonly Evaluate[]): Evaluate {
    const overloads = this.#checked.overloads.get(call) ?? [];
    const isMethod = overloads[0]?.isMethod ?? false;
    const all = isMethod && call.target !== undefined ? [this.plan(call.target), ...args] : args;
    const types = (isMethod && call.target ? [call.target, ...call.args] : call.args).map((part) =>
      this.#checked.types.get(part),
    );
    const [only] = overloads;
    const isCertain = overloads.length === 1 && types.every((type) => type !== undefined && !hasDyn(type));
    return (frame) => {
      const values = all.map((evaluate) => evaluate(frame));
      const overload = isCertain && only !== undefined ? only : fitting(overloads, values, call.name);
      const result = overload.apply(values, frame.budget);
      frame.budget.charge(overload.cost(values, result));
      return result;
    };
  }

  #list({ items }: ListLiteral): Evaluate {
    const parts = items.map(({ value, isOptional }) => ({ evaluate: this.plan(value), isOptional }));
    // A list of literals costs nothing: it is made once.
    const isConstant = items.length > 0 && items.every(({ value }) => value.kind === 'literal');
    return (frame) => {
      const list: Value[] = [];
      for (const { evaluate, isOptional } of parts) {
        const value = present(evaluate(frame), isOptional);
        if (value !== undefined) list.push(value);
      }
      if (!isConstant) frame.budget.charge(LIST_COST);
      return list;
    };
  }

  #map({ entries }: MapLiteral): Evaluate {
    const parts = entries.map((entry) => ({ ...entry, key: this.plan(entry.key), value: this.plan(entry.value) }));
    return (frame) => {
      const map = new CelMap();
      for (const { key, value, isOptional } of parts) {
        const name = key(frame);
        const found = present(value(frame), isOptional);
        if (found === undefined) continue;
        // Of two entries with one key the last counts, as upstream.
        map.insert(asKey(name), found);
      }
      frame.budget.charge(MAP_COST);
      return map;
    };
  }

  #struct({ name, fields }: StructLiteral): Evaluate {
    const parts = fields.map((field) => ({ ...field, value: this.plan(field.value) }));
    return (frame) => {
      const members = new Map<string, Value>();
      for (const { name: field, value, isOptional } of parts) {
        const found = present(value(frame), isOptional);
        if (found !== undefined) members.set(field, found);
      }
      frame.budget.charge(STRUCT_COST);
      if (this.#make === undefined) throw new EvaluationError(`unknown type: ${name}`);
      return this.#make(name, members);
    };
  }

  /** The names stand for these places in what is made. */
  #within<T>(places: readonly (readonly [name: string, place: number])[], make: () => T): T {
    for (const [name, place] of places) this.#places.set(name, [...(this.#places.get(name) ?? []), place]);
    const made = make();
    for (const [name] of places) this.#places.get(name)?.pop();
    return made;
  }

  #place(): number {
    this.#count += 1;
    return this.#count - 1;
  }

  #fold(fold: Fold): Evaluate {
    const hasTwo = fold.secondVariable !== undefined;
    const [first, second, carried] = [this.#place(), this.#place(), this.#place()];
    const range = this.plan(fold.range);
    const start = this.plan(fold.start);
    const variables: [string, number][] = [
      [fold.carried, carried],
      [fold.variable, first],
      ...(fold.secondVariable === undefined ? [] : [[fold.secondVariable, second] as [string, number]]),
    ];
    const condition = this.#within(variables, () => this.plan(fold.condition));
    const step = this.#within(variables, () => this.plan(fold.step));
    const result = this.#within([[fold.carried, carried]], () => this.plan(fold.result));
    return (frame) => {
      const { slots, budget } = frame;
      const items = itemsOf(range(frame), hasTwo);
      slots[carried] = start(frame);
      for (const [one, other] of items) {
        budget.work(1);
        slots[first] = one;
        slots[second] = other;
        if (!truth(condition(frame))) break;
        slots[carried] = attempt(step, frame);
      }
      return result(frame);
    };
  }
}

const nothing: Evaluate = () => null;

/** The value, or the error that there is instead of one. */
function attempt(evaluate: Evaluate, frame: Frame): Value | EvaluationError {
  try {
    return evaluate(frame);
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload();
  return value;
}

/** `&&` and `||`: one term can decide, whatever is wrong with the others. */
function junction(terms: readonly Evaluate[], decides: boolean): Evaluate {
  return (frame) => {
    let problem: EvaluationError | undefined;
    for (const term of terms) {
      const value = attempt(term, frame);
      if (value === decides) return decides;
      if (value instanceof EvaluationError) problem ??= value;
      else if (typeof value !== 'boolean') problem ??= noSuchOverload();
    }
    if (problem !== undefined) throw problem;
    return !decides;
  };
}

function indexed(operand: Evaluate, index: Evaluate, isOptional: boolean): Evaluate {
  return (frame) => {
    const value = operand(frame);
    const key = index(frame);
    frame.budget.charge(1);
    return isOptional ? optionalAt(value, key) : atIndex(value, key);
  };
}

/** `a.or(b)` and `a.orValue(b)`: b is evaluated only when a is none. */
function alternative(value: Value, other: Evaluate, frame: Frame, isOptional: boolean): Value {
  if (!(value instanceof Optional)) throw noSuchOverload();
  if (value.value === undefined) return other(frame);
  return isOptional ? value : value.value;
}

function isCarried(expression: Expression | undefined): boolean {
  return expression?.kind === 'identifier' && expression.name === CARRIED;
}

/** `carried + [x]`: nobody else has seen the list yet, so that it can grow. */
function appended(carried: Evaluate, added: Evaluate): Evaluate {
  return (frame) => {
    const list = carried(frame) as Value[];
    const items = added(frame) as Value[];
    frame.budget.charge(1);
    list.push(...items);
    return list;
  };
}

/** `cel.@mapInsert(carried, key, value)`, or with a map of what is added. */
function inserted(carried: Evaluate, key: Evaluate, value: Evaluate | undefined): Evaluate {
  return (frame) => {
    const map = carried(frame) as CelMap;
    const name = key(frame);
    const added = value === undefined ? entriesOf(name) : [[asKey(name), value(frame)] as const];
    for (const [one, other] of added) {
      if (map.has(one)) throw new EvaluationError(`insert failed: key ${keyText(one)} already exists`);
      map.insert(one, other);
    }
    frame.budget.charge(1);
    return map;
  };
}

function entriesOf(value: Value): readonly (readonly [Key, Value])[] {
  if (!(value instanceof CelMap)) throw noSuchOverload();
  return value.entries();
}

function asKey(value: Value): Key {
  if (!isKey(value)) throw new EvaluationError(`unsupported key type: ${typeText(typeOfValue(value))}`);
  return value;
}

function keyText(key: Key): string {
  return String(key instanceof Uint ? key.value : key);
}

/** A value behind `?` has to be optional, and is left out when it is none. */
function present(value: Value, isOptional: boolean): Value | undefined {
  if (!isOptional) return value;
  if (!(value instanceof Optional)) {
    throw new EvaluationError('cannot initialize optional entry from non-optional value');
  }
  return value.value;
}

function itemsOf(range: Value, hasTwo: boolean): readonly (readonly [Value, Value])[] {
  if (range instanceof CelMap) return range.entries();
  if (!isList(range)) throw noSuchOverload();
  return range.map((item, index) => (hasTwo ? [BigInt(index), item] : [item, null]));
}

function hasDyn(type: Type): boolean {
  return type.kind === 'dyn' || type.parameters.some(hasDyn);
}

function fitting(overloads: readonly Overload[], values: readonly Value[], name: string): Overload {
  const found = overloads.find(({ parameters }) => fitsAll(values, parameters));
  if (found !== undefined) return found;
  if (/^[_@!-]/.test(name)) throw noSuchOverload();
  const types = values.map((value) => typeText(typeOfValue(value))).join(', ');
  throw new EvaluationError(`no such overload: ${name}(${types})`);
}
