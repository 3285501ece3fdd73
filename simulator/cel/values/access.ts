/**
 * Members and items of values: `a.b`, `a[0]`, `a.?b`, `a[?0]`, `has(a.b)`. Source: cel-go interpreter/attributes.go.
 */
import { typeText } from '../check/types.ts';
import { EvaluationError, noSuchOverload } from '../errors.ts';
import { typeOfValue } from './type-of.ts';
import { CelMap, isList, type List, Optional, Structure, Uint, type Value } from './value.ts';

export function memberOf(value: Value, field: string): Value {
  if (value instanceof Optional) return optionalMember(value, field);
  const found = lookUp(value, field);
  if (found === undefined) throw new EvaluationError(`no such key: ${field}`);
  return found;
}

export function hasMember(value: Value, field: string): boolean {
  if (value instanceof Optional) return value.value !== undefined && hasMember(value.value, field);
  return lookUp(value, field) !== undefined;
}

export function optionalMember(value: Value, field: string): Optional {
  if (value instanceof Optional) return value.value === undefined ? value : optionalMember(value.value, field);
  const found = lookUp(value, field);
  return found === undefined ? Optional.none : new Optional(found);
}

function lookUp(value: Value, field: string): Value | undefined {
  if (value instanceof CelMap || value instanceof Structure) return value.get(field);
  throw noSuchOverload();
}

export function atIndex(value: Value, key: Value): Value {
  if (value instanceof Optional) return optionalAt(value, key);
  if (value instanceof CelMap) {
    const found = value.get(key);
    if (found === undefined) throw new EvaluationError(`no such key: ${keyText(key)}`);
    return found;
  }
  if (isList(value)) return itemAt(value, key);
  if (value instanceof Structure && typeof key === 'string') return memberOf(value, key);
  throw noSuchOverload();
}

function itemAt(list: List, key: Value): Value {
  const index = indexOf(key);
  if (index === undefined) throw new EvaluationError(`unsupported index type '${typeText(typeOfValue(key))}' in list`);
  const found = index < 0 ? undefined : list[index];
  if (found === undefined) throw new EvaluationError(`index out of bounds: ${index}`);
  return found;
}

function indexOf(key: Value): number | undefined {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  return typeof key === 'number' && Number.isInteger(key) ? key : undefined;
}

export function optionalAt(value: Value, key: Value): Optional {
  if (value instanceof Optional) return value.value === undefined ? value : optionalAt(value.value, key);
  if (isList(value)) {
    const index = indexOf(key);
    const found = index === undefined || index < 0 ? undefined : value[index];
    return found === undefined ? Optional.none : new Optional(found);
  }
  if (value instanceof CelMap) {
    const found = value.get(key);
    return found === undefined ? Optional.none : new Optional(found);
  }
  if (typeof key === 'string') return optionalMember(value, key);
  throw noSuchOverload();
}

function keyText(key: Value): string {
  return key instanceof Uint ? String(key.value) : String(key);
}
