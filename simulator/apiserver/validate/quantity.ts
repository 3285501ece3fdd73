/**
 * Quantities (`500m`, `1.5Gi`, `2e3`): parse, compare, round up, canonical text. Amounts are whole nano-units in a
 * bigint, so nothing is lost; finer input is rounded away from zero, as the API server does.
 */

export type QuantityFormat = 'decimal' | 'binary' | 'exponent';

export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const nanosPerUnit = 1_000_000_000n;
const decimalSuffixes: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** Texts that were read of late: a cluster has few amounts, in very many places. */
const known = new Map<string, Quantity>();
const knownMax = 1000;

/** Undefined when the text is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const before = known.get(text);
  if (before) return before;
  const quantity = readQuantity(text);
  if (quantity) {
    if (known.size >= knownMax) known.clear();
    known.set(text, quantity);
  }
  return quantity;
}

function readQuantity(text: string): Quantity | undefined {
  const parts = pattern.exec(text);
  if (!parts) return undefined;
  const [, sign, digits = '', suffix = '', exponent] = parts;
  const magnitude = suffix.endsWith('i')
    ? scaled(digits, 0, 1024n ** BigInt(binarySuffixes.indexOf(suffix)))
    : scaled(digits, exponent === undefined ? decimalExponent(suffix) : Number(exponent), 1n);
  const format = suffix.endsWith('i') ? 'binary' : exponent === undefined ? 'decimal' : 'exponent';
  return { nanos: sign === '-' ? -magnitude : magnitude, format };
}

function decimalExponent(suffix: string): number {
  return decimalSuffixes.find(([name]) => name === suffix)?.[1] ?? 0;
}

/** digits x 10^exponent x factor in nano-units, rounded up. */
function scaled(digits: string, exponent: number, factor: bigint): bigint {
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}` || '0') * factor;
  const power = Math.max(-60, Math.min(60, exponent)) + 9 - fraction.length;
  return power >= 0 ? mantissa * 10n ** BigInt(power) : ceilingDivide(mantissa, 10n ** BigInt(-power));
}

function ceilingDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** Negative, zero or positive, as in a sort. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos === b.nanos ? 0 : a.nanos < b.nanos ? -1 : 1;
}

export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** Rounds away from zero to whole thousandths: what the server does with every amount of a resource. */
export function roundUpToMilli(quantity: Quantity): Quantity {
  const sign = quantity.nanos < 0n ? -1n : 1n;
  return { ...quantity, nanos: sign * ceilingDivide(sign * quantity.nanos, 1_000_000n) * 1_000_000n };
}

/** True when the amount has a fraction of a unit. */
export function isFractional(quantity: Quantity): boolean {
  return quantity.nanos % nanosPerUnit !== 0n;
}

/** The amount in whole units, rounded up. */
export function wholeUnits(quantity: Quantity): bigint {
  return quantity.nanos >= 0n ? ceilingDivide(quantity.nanos, nanosPerUnit) : quantity.nanos / nanosPerUnit;
}

/** The largest suffix without a fraction: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5Gi` is `512Mi`. */
export function canonicalQuantity(quantity: Quantity): string {
  const magnitude = quantity.nanos < 0n ? -quantity.nanos : quantity.nanos;
  const sign = quantity.nanos < 0n ? '-' : '';
  const binary = quantity.format === 'binary' && magnitude >= 1024n * nanosPerUnit;
  if (binary) return `${sign}${binaryText(ceilingDivide(magnitude, nanosPerUnit))}`;
  return `${sign}${decimalText(magnitude, quantity.format === 'exponent')}`;
}

function binaryText(units: bigint): string {
  let power = 0;
  let rest = units;
  while (power < binarySuffixes.length - 1 && rest % 1024n === 0n) {
    rest /= 1024n;
    power += 1;
  }
  return `${rest}${binarySuffixes[power]}`;
}

function decimalText(nanos: bigint, asExponent: boolean): string {
  if (nanos === 0n) return '0';
  let power = 0;
  let rest = nanos;
  while (power < decimalSuffixes.length - 1 && rest % 1000n === 0n) {
    rest /= 1000n;
    power += 1;
  }
  const [suffix, exponent] = decimalSuffixes[power] ?? ['', 0];
  if (!asExponent) return `${rest}${suffix}`;
  return exponent === 0 ? `${rest}` : `${rest}e${exponent}`;
}
