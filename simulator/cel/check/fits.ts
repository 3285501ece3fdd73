/** Whether values fit the parameters of an overload: asked at run time, where the checker knew no types. */
import { typeOfValue } from '../values/type-of.ts';
import type { Value } from '../values/value.ts';
import type { Type } from './types.ts';

export function fitsAll(values: readonly Value[], parameters: readonly Type[]): boolean {
  return values.length === parameters.length && values.every((value, index) => fits(value, parameters[index]));
}

function fits(value: Value, parameter: Type | undefined): boolean {
  if (parameter === undefined || parameter.kind === 'parameter' || parameter.kind === 'dyn') return true;
  const { kind, name } = typeOfValue(value);
  return kind === parameter.kind && (kind === 'struct' || name === parameter.name);
}
