/** Gives an expression its type, and each call the overloads that it may mean. Source: cel-go checker/checker.go. */
import {
  type Call,
  type Expression,
  type Fold,
  qualifiedName,
  type Select,
  type StructLiteral,
} from '../syntax/expression.ts';
import type { Issue } from '../syntax/issues.ts';
import { typeOfValue } from '../values/type-of.ts';
import type { Environment, Overload } from './declarations.ts';
import {
  BOOL,
  DYN,
  ERROR,
  INT,
  isDyn,
  isOptional,
  listOf,
  mapOf,
  optionalOf,
  parameter,
  type Type,
  typeOf,
  typeText,
  withoutOptional,
} from './types.ts';
import { assign, assignAll, moreGeneral, type Substitutions, substitute } from './unify.ts';

/** What was found out of an expression and its parts. */
export interface Checked {
  readonly type: Type;
  readonly issues: readonly Issue[];
  /** The types of all parts. */
  readonly types: ReadonlyMap<Expression, Type>;
  /** The overloads that a call may mean, in order. */
  readonly overloads: ReadonlyMap<Expression, readonly Overload[]>;
  /** Parts that are names of variables or types: `google.protobuf.Timestamp`, `self`. */
  readonly names: ReadonlyMap<Expression, string>;
}

export function check(expression: Expression, environment: Environment): Checked {
  const checker = new Checker(environment);
  checker.check(expression);
  return checker.result(expression);
}

class Checker {
  readonly #environment: Environment;
  readonly #issues: Issue[] = [];
  readonly #types = new Map<Expression, Type>();
  readonly #overloads = new Map<Expression, Overload[]>();
  readonly #names = new Map<Expression, string>();
  #known: Substitutions = new Map();
  #count = 0;
  /** Variables of the folds around, the innermost last. */
  #scopes: ReadonlyMap<string, Type>[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  result(expression: Expression): Checked {
    const types = new Map([...this.#types].map(([part, type]) => [part, substitute(this.#known, type, true)]));
    return {
      type: types.get(expression) ?? ERROR,
      issues: this.#issues,
      types,
      overloads: this.#overloads,
      names: this.#names,
    };
  }

  check(expression: Expression): Type {
    const type = this.#typeOf(expression);
    this.#types.set(expression, type);
    return type;
  }

  #typeOf(expression: Expression): Type {
    switch (expression.kind) {
      case 'literal':
        return typeOfValue(expression.value);
      case 'identifier':
        return this.#identifier(expression, expression.name);
      case 'select':
        return this.#select(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression.items);
      case 'map':
        return this.#map(expression.entries);
      case 'struct':
        return this.#struct(expression);
      case 'fold':
        return this.#fold(expression);
    }
  }

  #issue(at: number, message: string): Type {
    this.#issues.push({ at, message });
    return ERROR;
  }

  #undeclared(at: number, name: string): Type {
    const missing = this.#environment.missing?.get(name);
    return this.#issue(at, missing ?? `undeclared reference to '${name}' (in container '')`);
  }

  #mismatch(at: number, wanted: Type, found: Type): Type {
    const known = (type: Type): string => typeText(type);
    return this.#issue(at, `expected type '${known(wanted)}' but found '${known(found)}'`);
  }

  #lookUp(name: string): Type | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index -= 1) {
      const type = this.#scopes[index]?.get(name);
      if (type !== undefined) return type;
    }
    const type = this.#environment.variables.get(name);
    if (type !== undefined) return type;
    const named = this.#environment.types.get(name);
    return named === undefined ? undefined : typeOf(named);
  }

  #identifier(expression: Expression, name: string): Type {
    const bare = name.replace(/^\./, '');
    const type = this.#lookUp(bare);
    if (type === undefined) return this.#undeclared(expression.at, name);
    this.#names.set(expression, bare);
    return type;
  }

  #select(expression: Select): Type {
    const name = qualifiedName(expression);
    const named = name === undefined ? undefined : this.#lookUp(name);
    if (name !== undefined && named !== undefined) {
      this.#names.set(expression, name);
      return named;
    }
    const type = this.#member(expression);
    return expression.isTest ? BOOL : type;
  }

  #member({ operand, field, at, isOptional: isAsked }: Select): Type {
    const operandType = substitute(this.#known, this.check(operand), false);
    const target = withoutOptional(operandType);
    const found = this.#memberOf(target, field, at);
    return isAsked || isOptional(operandType) ? optionalOf(found) : found;
  }

  #memberOf(target: Type, field: string, at: number): Type {
    if (target.kind === 'map') return target.parameters[1] ?? DYN;
    if (target.kind === 'struct') return target.member?.(field) ?? this.#issue(at, `undefined field '${field}'`);
    if (target.kind === 'parameter') {
      this.#assigns(DYN, target);
      return DYN;
    }
    if (!isDyn(target)) this.#issue(at, `type '${typeText(target)}' does not support field selection`);
    return DYN;
  }

  #assigns(one: Type, other: Type): boolean {
    const found = assign(this.#known, one, other);
    if (found !== undefined) this.#known = found;
    return found !== undefined;
  }

  #call(expression: Call): Type {
    const { name, target, args, at } = expression;
    const types = args.map((argument) => this.check(argument));
    const prefix = target === undefined ? undefined : qualifiedName(target);
    const whole = prefix === undefined ? name : `${prefix.replace(/^\./, '')}.${name}`;
    if (target === undefined || (prefix !== undefined && this.#environment.functions.has(whole))) {
      const functions = this.#environment.functions.get(whole.replace(/^\./, ''));
      if (functions === undefined) return this.#undeclared(at, whole);
      return this.#resolve(
        expression,
        functions.filter(({ isMethod }) => !isMethod),
        types,
        false,
      );
    }
    const targetType = this.check(target);
    const functions = this.#environment.functions.get(name);
    if (functions === undefined) return this.#undeclared(at, name);
    return this.#resolve(
      expression,
      functions.filter(({ isMethod }) => isMethod),
      [targetType, ...types],
      true,
    );
  }

  #resolve(expression: Call, candidates: readonly Overload[], types: readonly Type[], isMethod: boolean): Type {
    if (expression.name === '_&&_' || expression.name === '_||_') return this.#junction(expression, types);
    const fitting: Overload[] = [];
    let result: Type | undefined;
    for (const candidate of candidates) {
      const fresh = this.#instance(candidate);
      const found = assignAll(this.#known, types, fresh.parameters);
      if (found === undefined) continue;
      this.#known = found;
      fitting.push(candidate);
      const type = substitute(found, fresh.result, false);
      if (result === undefined) result = type;
      else if (!isDyn(result) && typeText(result) !== typeText(type)) result = DYN;
    }
    if (result !== undefined) {
      this.#overloads.set(expression, fitting);
      return result;
    }
    const shown = types.map((type) => typeText(substitute(this.#known, type, true)));
    const signature = isMethod ? `${shown[0]}.(${shown.slice(1).join(', ')})` : `(${shown.join(', ')})`;
    const name = candidates[0]?.name ?? expression.name;
    return this.#issue(expression.at, `found no matching overload for '${name}' applied to '${signature}'`);
  }

  #junction({ args }: Call, types: readonly Type[]): Type {
    let type = BOOL;
    for (const [index, found] of types.entries()) {
      if (this.#assigns(found, BOOL)) continue;
      type = this.#mismatch(args[index]?.at ?? 0, BOOL, substitute(this.#known, found, false));
    }
    return type;
  }

  /** The overload with parameters that nobody else has. */
  #instance({ parameters, result }: Overload): { parameters: Type[]; result: Type } {
    const fresh = new Map<string, Type>();
    const rename = (type: Type): void => {
      if (type.kind === 'parameter' && !fresh.has(type.name)) fresh.set(type.name, this.#variable());
      type.parameters.forEach(rename);
    };
    [...parameters, result].forEach(rename);
    if (fresh.size === 0) return { parameters: [...parameters], result };
    return { parameters: parameters.map((type) => substitute(fresh, type)), result: substitute(fresh, result) };
  }

  #variable(): Type {
    this.#count += 1;
    return parameter(`_var${this.#count - 1}`);
  }

  #list(items: readonly { value: Expression; isOptional: boolean }[]): Type {
    let joined: Type | undefined;
    for (const { value, isOptional: isAsked } of items) joined = this.#join(value, joined, this.#item(value, isAsked));
    return listOf(joined ?? this.#variable());
  }

  #map(entries: readonly { key: Expression; value: Expression; isOptional: boolean }[]): Type {
    let [keys, values]: [Type | undefined, Type | undefined] = [undefined, undefined];
    for (const { key, value, isOptional: isAsked } of entries) {
      keys = this.#join(key, keys, this.check(key));
      values = this.#join(value, values, this.#item(value, isAsked));
    }
    return mapOf(keys ?? this.#variable(), values ?? this.#variable());
  }

  /** The type of an item; one behind `?` has to be optional. */
  #item(value: Expression, isAsked: boolean): Type {
    const type = this.check(value);
    if (!isAsked) return type;
    const known = substitute(this.#known, type, false);
    if (!isOptional(known) && !isDyn(known)) this.#mismatch(value.at, optionalOf(known), known);
    return withoutOptional(known);
  }

  #join(item: Expression, before: Type | undefined, type: Type): Type {
    if (before === undefined) return type;
    if (this.#assigns(before, type)) return moreGeneral(before, type);
    if (this.#environment.allowsMixedLiterals) return DYN;
    const known = (part: Type): Type => substitute(this.#known, part, false);
    this.#mismatch(item.at, known(before), known(type));
    return DYN;
  }

  #struct({ name, fields, at }: StructLiteral): Type {
    const type = this.#environment.structures?.(name);
    if (type === undefined) {
      const named = this.#lookUp(name);
      if (named === undefined) return this.#undeclared(at, name);
      if (named.kind !== 'type') return this.#issue(at, `'${typeText(named)}' is not a type`);
      return this.#issue(at, `'${named.parameters[0]?.name}' is not a message type`);
    }
    for (const field of fields) {
      const found = this.#item(field.value, field.isOptional);
      const wanted = this.#memberOf(type, field.name, field.at);
      if (this.#assigns(wanted, found)) continue;
      const [declared, given] = [typeText(wanted), typeText(substitute(this.#known, found, false))];
      const message = `expected type of field '${field.name}' is '${declared}' but provided type is '${given}'`;
      this.#issue(field.at, message);
    }
    return type;
  }

  #fold(fold: Fold): Type {
    const range = substitute(this.#known, this.check(fold.range), false);
    const start = this.check(fold.start);
    const [first, second] = this.#itemTypes(fold, range);
    this.#scopes.push(new Map([[fold.carried, start]]));
    const variables = new Map([[fold.variable, first]]);
    if (fold.secondVariable !== undefined) variables.set(fold.secondVariable, second);
    this.#scopes.push(variables);
    this.#assert(fold.condition, BOOL);
    this.#assert(fold.step, start);
    this.#scopes.pop();
    const type = this.check(fold.result);
    this.#scopes.pop();
    return substitute(this.#known, type, false);
  }

  #itemTypes({ range, secondVariable }: Fold, type: Type): readonly [Type, Type] {
    const hasTwo = secondVariable !== undefined;
    const [first = DYN, second = DYN] = type.parameters;
    if (type.kind === 'list') return hasTwo ? [INT, first] : [first, DYN];
    if (type.kind === 'map') return [first, second];
    if (isDyn(type) || type.kind === 'parameter') {
      this.#assigns(DYN, type);
      return [DYN, DYN];
    }
    const message = `expression of type '${typeText(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
    return [this.#issue(range.at, message), ERROR];
  }

  #assert(expression: Expression, wanted: Type): void {
    const found = this.check(expression);
    if (this.#assigns(wanted, found)) return;
    this.#mismatch(expression.at, substitute(this.#known, wanted, false), substitute(this.#known, found, false));
  }
}
