/** Addresses of IPv4 and IPv6 as numbers and as texts; the text is Go's, which is RFC 5952's. */

export function bitsOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Of a text that is an address. */
export function readAddress(text: string): { readonly family: 4 | 6; readonly bits: bigint } {
  if (!text.includes(':')) return { family: 4, bits: v4Bits(text) };
  // The last 32 bits may be written as IPv4.
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const last = tail === undefined ? 0n : v4Bits(tail);
  const whole =
    tail === undefined
      ? text
      : `${text.slice(0, -tail.length)}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const [before = '', after] = whole.split('::');
  const [head, end] = [groups(before), groups(after ?? '')];
  const all = after === undefined ? head : [...head, ...Array<string>(8 - head.length - end.length).fill('0'), ...end];
  return { family: 6, bits: all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n) };
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function v4Bits(text: string): bigint {
  return text.split('.').reduce((bits, field) => (bits << 8n) | BigInt(field), 0n);
}

export function addressText(family: 4 | 6, bits: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const fields = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  const zeros = longestZeros(fields);
  if (zeros.length < 2) return fields.join(':');
  return `${fields.slice(0, zeros.start).join(':')}::${fields.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeros(fields: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < fields.length; start += 1) {
    let length = 0;
    while (fields[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}
