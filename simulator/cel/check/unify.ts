/** Which type may stand for which, with parameters that are found on the way. Source: cel-go checker/types.go. */
import { DYN, isDyn, isOptional, listOf, mapOf, opaque, sameType, type Type, typeOf } from './types.ts';

/** What is known of the parameters, by name. */
export type Substitutions = ReadonlyMap<string, Type>;

/** What is known of the parameters when `one` stands for `other`; undefined when it cannot. */
export function assign(known: Substitutions, one: Type, other: Type): Substitutions | undefined {
  return assignAll(known, [one], [other]);
}

export function assignAll(
  known: Substitutions,
  ones: readonly Type[],
  others: readonly Type[],
): Substitutions | undefined {
  const found = new Map(known);
  return allFit(found, ones, others) ? found : undefined;
}

function allFit(found: Map<string, Type>, ones: readonly Type[], others: readonly Type[]): boolean {
  return ones.length === others.length && ones.every((one, index) => fits(found, one, others[index] ?? DYN));
}

function fits(found: Map<string, Type>, one: Type, other: Type): boolean {
  if (other.kind === 'parameter') {
    const { isValid, isKnown } = substitutes(found, one, other);
    if (isValid) return true;
    if (isKnown) return false;
  }
  if (one.kind === 'parameter') return substitutes(found, other, one).isValid;
  if (isDyn(one) || isDyn(other)) return true;
  if (one.kind === 'null') return isNullable(other);
  if (other.kind === 'null') return isNullable(one);
  if (one.kind !== other.kind) return false;
  if (one.kind === 'type') return true;
  if (one.kind === 'list' || one.kind === 'map' || one.kind === 'opaque') {
    return one.name === other.name && allFit(found, one.parameters, other.parameters);
  }
  return one.name === other.name;
}

function isNullable({ kind }: Type): boolean {
  return ['null', 'opaque', 'struct', 'duration', 'timestamp'].includes(kind);
}

/** Whether the parameter may stand for the type; what is found is kept. */
function substitutes(
  found: Map<string, Type>,
  type: Type,
  parameter: Type,
): { readonly isValid: boolean; readonly isKnown: boolean } {
  if (sameType(type, parameter)) return { isValid: true, isKnown: true };
  const known = found.get(parameter.name);
  if (known !== undefined) {
    if (sameType(type, known)) return { isValid: true, isKnown: true };
    if (!fits(found, type, known)) return { isValid: false, isKnown: true };
    const general = moreGeneral(type, known);
    if (!occurs(found, parameter, general)) found.set(parameter.name, general);
    return { isValid: true, isKnown: true };
  }
  if (occurs(found, parameter, type)) return { isValid: false, isKnown: false };
  found.set(parameter.name, type);
  return { isValid: true, isKnown: false };
}

function occurs(found: Substitutions, parameter: Type, within: Type): boolean {
  if (sameType(parameter, within)) return true;
  if (within.kind === 'parameter') {
    const known = found.get(within.name);
    return known !== undefined && occurs(found, parameter, known);
  }
  return within.parameters.some((part) => occurs(found, parameter, part));
}

/** Of two types that fit, the one that says less. */
export function moreGeneral(one: Type, other: Type): Type {
  return saysNoMore(one, other) ? one : other;
}

function saysNoMore(one: Type, other: Type): boolean {
  if (one.kind === 'dyn' || one.kind === 'parameter') return true;
  if (other.kind === 'dyn' || other.kind === 'parameter' || one.kind !== other.kind) return false;
  if (one.kind === 'type') return true;
  if (one.parameters.length === 0) return sameType(one, other);
  return (
    one.name === other.name &&
    one.parameters.length === other.parameters.length &&
    one.parameters.every((part, index) => saysNoMore(part, other.parameters[index] ?? DYN))
  );
}

/** The type with what is known put in; with `isLast`, what is still unknown is dyn. */
export function substitute(known: Substitutions, type: Type, isLast = false): Type {
  if (type.kind === 'parameter') {
    const found = known.get(type.name);
    if (found !== undefined) return substitute(known, found, isLast);
    return isLast ? DYN : type;
  }
  if (type.parameters.length === 0) return type;
  const [first = DYN, second = DYN] = type.parameters.map((part) => substitute(known, part, isLast));
  if (type.kind === 'list') return listOf(first);
  if (type.kind === 'map') return mapOf(first, second);
  if (type.kind === 'type') return typeOf(first);
  if (isOptional(type)) return opaque(type.name, first);
  return opaque(type.name, ...type.parameters.map((part) => substitute(known, part, isLast)));
}
