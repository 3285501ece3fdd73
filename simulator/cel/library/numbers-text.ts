/** Doubles as Go writes them. */

/** As `%g`: the shortest form that is read back, with an exponent of two digits for the very large and the small. */
export function goDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e21)) return goExponent(value.toExponential());
  return String(value);
}

/** `1e+3` as Go writes it: `1e+03`. */
export function goExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** As `%.2f`: exactly what the double is, rounded to so many digits, halves to the even one. */
export function goFixed(value: number, digits: number): string {
  const { mantissa, exponent } = exactly(Math.abs(value));
  const scale = 10n ** BigInt(digits);
  const [numerator, denominator] =
    exponent >= 0 ? [mantissa * 2n ** BigInt(exponent) * scale, 1n] : [mantissa * scale, 2n ** BigInt(-exponent)];
  let rounded = numerator / denominator;
  const rest = (numerator % denominator) * 2n;
  if (rest > denominator || (rest === denominator && rounded % 2n === 1n)) rounded += 1n;
  const text = String(rounded).padStart(digits + 1, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The double as a whole number times a power of two. */
function exactly(value: number): { mantissa: bigint; exponent: number } {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}
