/** Whole numbers as Go reads them. (Upstream: strconv.ParseInt with base 10 and 64 bits.) */

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** The number, or why it is none. */
export function parseGoInteger(text: string): bigint | { readonly problem: string } {
  const problem = (what: string) => ({ problem: `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${what}` });
  if (!/^[+-]?\d+$/.test(text)) return problem('invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  return value < least || value > most ? problem('value out of range') : value;
}
