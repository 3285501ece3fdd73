/** IP addresses, and which of them are not of the public network (RFC 6890 and its IPv6 counterparts). Pure. */

/** First bytes and how many bits of them count. */
const insideIpv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];
const insideIpv6: readonly (readonly [string, number])[] = [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
/** Their last 32 bits are an IPv4 address: mapped, compatible and translated ones (RFC 4291 2.5.5, RFC 6052). */
const carriers: readonly (readonly [string, number])[] = [
  ['::ffff:0:0', 96],
  ['::', 96],
  ['64:ff9b::', 96],
];

export function isAddress(text: string): boolean {
  return bytesOf(text) !== undefined;
}

/** Whether it belongs to this machine, a private network or a link. IPv4 within IPv6 is judged as IPv4. */
export function isInsideAddress(text: string): boolean {
  const bytes = bytesOf(text);
  if (!bytes) return false;
  if (bytes.length === 4) return isIn(bytes, insideIpv4);
  return isIn(bytes, insideIpv6) || (isIn(bytes, carriers) && isIn(bytes.slice(12), insideIpv4));
}

function isIn(bytes: readonly number[], ranges: readonly (readonly [string, number])[]): boolean {
  return ranges.some(([range, bits]) => {
    const base = bytesOf(range) ?? [];
    return bytes.length === base.length && bitsOf(bytes).startsWith(bitsOf(base).slice(0, bits));
  });
}

function bitsOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** 4 or 16 bytes; undefined when the text is no address. */
function bytesOf(text: string): number[] | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
}

function ipv4Bytes(text: string): number[] | undefined {
  const parts = text.split('.');
  const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === 4 && parts.every(isByte) ? parts.map(Number) : undefined;
}

function ipv6Bytes(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const first = groupBytes(head);
  const last = tail === undefined ? [] : groupBytes(tail);
  if (!first || !last) return undefined;
  const missing = 16 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...first, ...Array.from({ length: missing }, () => 0), ...last];
}

/** The last group may be an IPv4 address. */
function groupBytes(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 && group.includes('.') ? ipv4Bytes(group) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}
