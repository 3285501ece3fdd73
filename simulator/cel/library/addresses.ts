/** Kubernetes' libraries `ip` and `cidr`. Source: Kubernetes' cel/library/ip.go, cidr.go; Go's net/netip. */
import { isIPv4, isIPv6 } from 'node:net';
import { fn, method, type Overload } from '../check/declarations.ts';
import { opaque } from '../check/types.ts';
import { sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { Opaque, type Value } from '../values/value.ts';
import { addressText, bitsOf, readAddress } from './address-text.ts';

export const IP = opaque('net.IP');
export const CIDR = opaque('net.CIDR');

class CelIp extends Opaque {
  override readonly type = IP;
  readonly family: 4 | 6;
  readonly bits: bigint;

  constructor(family: 4 | 6, bits: bigint) {
    super();
    this.family = family;
    this.bits = bits;
  }

  override equals(other: Opaque): boolean {
    return other instanceof CelIp && other.family === this.family && other.bits === this.bits;
  }

  override get size(): number {
    return bitsOf(this.family) / 8;
  }

  override toString(): string {
    return addressText(this.family, this.bits);
  }

  /** The first bits, that many. */
  prefix(length: number): bigint {
    return this.bits >> BigInt(bitsOf(this.family) - length);
  }
}

class CelCidr extends Opaque {
  override readonly type = CIDR;
  readonly ip: CelIp;
  readonly length: number;

  constructor(ip: CelIp, length: number) {
    super();
    this.ip = ip;
    this.length = length;
  }

  override equals(other: Opaque): boolean {
    return other instanceof CelCidr && other.length === this.length && other.ip.equals(this.ip);
  }

  override get size(): number {
    return Math.ceil(this.length / 8);
  }

  override toString(): string {
    return `${this.ip}/${this.length}`;
  }

  contains(ip: CelIp): boolean {
    return ip.family === this.ip.family && ip.prefix(this.length) === this.ip.prefix(this.length);
  }

  masked(): CelCidr {
    const rest = BigInt(bitsOf(this.ip.family) - this.length);
    return new CelCidr(new CelIp(this.ip.family, (this.ip.bits >> rest) << rest), this.length);
  }
}

function readIp(text: string): CelIp {
  const shown = JSON.stringify(text);
  if (text.includes('%') && isIPv6(text)) {
    throw new EvaluationError(`IP address ${shown} with zone value is not allowed`);
  }
  const read = isIPv4(text) || isIPv6(text) ? readAddress(text) : undefined;
  if (read === undefined) {
    const why = `ParseAddr(${shown}): ${addressProblem(text)}`;
    throw new EvaluationError(`IP Address ${shown} parse error during conversion from string: ${why}`);
  }
  if (read.family === 6 && read.bits >> 32n === 0xffffn) {
    throw new EvaluationError(`IPv4-mapped IPv6 address ${shown} is not allowed`);
  }
  return new CelIp(read.family, read.bits);
}

/** The usual reasons of Go's netip.ParseAddr. */
function addressProblem(text: string): string {
  if (!/[.:%]/.test(text)) return 'unable to parse IP';
  if (text.includes(':')) return 'each colon-separated field must have at least one digit';
  const fields = text.split('.');
  if (fields.some((field) => /[^0-9]/.test(field)))
    return 'unexpected character (at '.concat(JSON.stringify(text), ')');
  if (fields.some((field) => Number(field) > 255)) return 'IPv4 field has value >255';
  if (fields.some((field) => /^0./.test(field))) return 'IPv4 field has octet with leading zero';
  return fields.length > 4 ? 'IPv4 address too long' : 'IPv4 address too short';
}

function readCidr(text: string): CelCidr {
  const prefix = 'network address parse error during conversion from string: ';
  const [, address = '', digits = ''] = /^(.*)\/(0|[1-9]\d{0,2})$/s.exec(text) ?? [];
  const read = isIPv4(address) || (isIPv6(address) && !address.includes('%')) ? readAddress(address) : undefined;
  if (read === undefined || Number(digits) > bitsOf(read.family)) {
    const why = text.includes('/') ? 'bad bits or address' : "no '/'";
    throw new EvaluationError(`${prefix}${prefix}netip.ParsePrefix(${JSON.stringify(text)}): ${why}`);
  }
  if (read.family === 6 && read.bits >> 32n === 0xffffn) {
    throw new EvaluationError(`${prefix}IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  }
  return new CelCidr(new CelIp(read.family, read.bits), Number(digits));
}

function can(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const ipOf = (value: Value | undefined): CelIp => (typeof value === 'string' ? readIp(value) : (value as CelIp));
const cidrOf = (value: Value | undefined): CelCidr =>
  typeof value === 'string' ? readCidr(value) : (value as CelCidr);
const containsCidr = (one: CelCidr, other: CelCidr): boolean => one.length <= other.length && one.contains(other.ip);

const isV4 = ({ family }: CelIp): boolean => family === 4;
const isLoopback = (ip: CelIp): boolean => (isV4(ip) ? ip.prefix(8) === 127n : ip.bits === 1n);
const isLocalUnicast = (ip: CelIp): boolean => (isV4(ip) ? ip.prefix(16) === 0xa9fen : ip.prefix(10) === 0x3fan);
const isMulticast = (ip: CelIp): boolean => (isV4(ip) ? ip.prefix(4) === 0xen : ip.prefix(8) === 0xffn);
const isLocalMulticast = (ip: CelIp): boolean =>
  isV4(ip) ? ip.prefix(24) === 0xe00000n : ip.prefix(8) === 0xffn && ((ip.bits >> 112n) & 0xfn) === 2n;

const properties: Readonly<Record<string, (ip: CelIp) => boolean>> = {
  isUnspecified: (ip) => ip.bits === 0n,
  isLoopback,
  isLinkLocalMulticast: isLocalMulticast,
  isLinkLocalUnicast: isLocalUnicast,
  isGlobalUnicast: (ip) =>
    ip.bits !== 0n &&
    !(isV4(ip) && ip.bits === 0xffffffffn) &&
    !isLoopback(ip) &&
    !isMulticast(ip) &&
    !isLocalUnicast(ip),
};

const parseCost = ([text = '']: readonly Value[]): number => traversal(sizeOf(text));

export const addresses: readonly Overload[] = [
  fn('ip', 'string -> net.IP', ([text]) => ipOf(text), parseCost),
  fn('isIP', 'string -> bool', ([text]) => can(() => ipOf(text)), parseCost),
  fn(
    'ip.isCanonical',
    'string -> bool',
    ([text]) => String(ipOf(text)) === text,
    ([text = '']) => traversal(sizeOf(text), 2),
  ),
  fn('string', 'net.IP -> string', ([ip]) => String(ip as CelIp)),
  method('family', 'net.IP -> int', ([ip]) => BigInt(ipOf(ip).family)),
  ...Object.entries(properties).map(([name, holds]) => method(name, 'net.IP -> bool', ([ip]) => holds(ipOf(ip)))),
  fn('cidr', 'string -> net.CIDR', ([text]) => cidrOf(text), parseCost),
  fn('isCIDR', 'string -> bool', ([text]) => can(() => cidrOf(text)), parseCost),
  fn('string', 'net.CIDR -> string', ([cidr]) => String(cidr as CelCidr)),
  ...['string', 'net.IP'].map((type) =>
    method(
      'containsIP',
      `net.CIDR, ${type} -> bool`,
      ([cidr, ip]) => cidrOf(cidr).contains(ipOf(ip)),
      ([cidr = null, ip = null]) => traversal(sizeOf(cidr), 2) + (typeof ip === 'string' ? traversal(sizeOf(ip)) : 0),
    ),
  ),
  ...['string', 'net.CIDR'].map((type) =>
    method(
      'containsCIDR',
      `net.CIDR, ${type} -> bool`,
      ([one, other]) => containsCidr(cidrOf(one), cidrOf(other)),
      ([one = null, other = null]) =>
        traversal(sizeOf(one), 2) +
        traversal(sizeOf(one)) +
        1 +
        (typeof other === 'string' ? traversal(sizeOf(other)) : 0),
    ),
  ),
  method('ip', 'net.CIDR -> net.IP', ([cidr]) => cidrOf(cidr).ip),
  method('prefixLength', 'net.CIDR -> int', ([cidr]) => BigInt(cidrOf(cidr).length)),
  method('masked', 'net.CIDR -> net.CIDR', ([cidr]) => cidrOf(cidr).masked()),
];
