/** Kubernetes' library `quantity`. Source: Kubernetes' cel/library/quantity.go. */
import { parseQuantity } from '../../apiserver/validate/quantity.ts';
import { fn, method, type Overload } from '../check/declarations.ts';
import { opaque } from '../check/types.ts';
import { sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { INT_MAX, INT_MIN, Opaque, type Value } from '../values/value.ts';

export const QUANTITY = opaque('kubernetes.Quantity');

const NANOS = 1_000_000_000n;

class CelQuantity extends Opaque {
  override readonly type = QUANTITY;
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    super();
    this.nanos = nanos;
  }

  override equals(other: Opaque): boolean {
    return other instanceof CelQuantity && other.nanos === this.nanos;
  }
}

const nanosOf = (value: Value | undefined): bigint => (value as CelQuantity).nanos;

function read(text: Value | undefined): CelQuantity {
  const quantity = parseQuantity(text as string);
  if (quantity !== undefined) return new CelQuantity(quantity.nanos);
  throw new EvaluationError(
    text === ''
      ? 'unable to parse quantity: empty string'
      : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function asInteger(nanos: bigint): bigint | undefined {
  const value = nanos / NANOS;
  return nanos % NANOS === 0n && value >= INT_MIN && value <= INT_MAX ? value : undefined;
}

function order(one: bigint, other: bigint): bigint {
  return one < other ? -1n : one > other ? 1n : 0n;
}

function integer(nanos: bigint): bigint {
  const value = asInteger(nanos);
  if (value === undefined) throw new EvaluationError('cannot convert value to integer');
  return value;
}

const parseCost = ([text = '']: readonly Value[]): number => traversal(sizeOf(text));
const Q = 'kubernetes.Quantity';

export const quantities: readonly Overload[] = [
  fn('quantity', `string -> ${Q}`, ([text]) => read(text), parseCost),
  fn('isQuantity', 'string -> bool', ([text]) => parseQuantity(text as string) !== undefined, parseCost),
  fn('sign', `${Q} -> int`, ([value]) => order(nanosOf(value), 0n)),
  method('isGreaterThan', `${Q}, ${Q} -> bool`, ([one, other]) => nanosOf(one) > nanosOf(other)),
  method('isLessThan', `${Q}, ${Q} -> bool`, ([one, other]) => nanosOf(one) < nanosOf(other)),
  method('compareTo', `${Q}, ${Q} -> int`, ([one, other]) => order(nanosOf(one), nanosOf(other))),
  method('asApproximateFloat', `${Q} -> double`, ([value]) => Number(nanosOf(value)) / Number(NANOS)),
  method('asInteger', `${Q} -> int`, ([value]) => integer(nanosOf(value))),
  method('isInteger', `${Q} -> bool`, ([value]) => asInteger(nanosOf(value)) !== undefined),
  method('add', `${Q}, ${Q} -> ${Q}`, ([one, other]) => new CelQuantity(nanosOf(one) + nanosOf(other))),
  method('add', `${Q}, int -> ${Q}`, ([one, other]) => new CelQuantity(nanosOf(one) + (other as bigint) * NANOS)),
  method('sub', `${Q}, ${Q} -> ${Q}`, ([one, other]) => new CelQuantity(nanosOf(one) - nanosOf(other))),
  method('sub', `${Q}, int -> ${Q}`, ([one, other]) => new CelQuantity(nanosOf(one) - (other as bigint) * NANOS)),
];
