/**
 * The formats that the API server checks in custom resources (kube-openapi's strfmt); other formats mean nothing to it.
 */
import { ownMember } from '../../../world/members.ts';

type Check = (text: string) => boolean;

const matches =
  (pattern: RegExp): Check =>
  (text) =>
    pattern.test(text);

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  return date.getUTCMonth() === Number(parts[2]) - 1 && date.getUTCDate() === Number(parts[3]);
}

function isDateTime(text: string): boolean {
  const parts = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.exec(text);
  if (parts === null || !isDate(parts[1] ?? '')) return false;
  return Number(parts[2]) < 24 && Number(parts[3]) < 60 && Number(parts[4]) < 60;
}

const secondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a Go duration (`1h30m`, `-1.5s`, `0`); undefined when the text is none. */
export function goDurationSeconds(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    seconds += Number(amount) * (ownMember(secondsPerUnit, unit ?? '') ?? 0);
  }
  return sign * seconds;
}

/** Go durations, and a number with a unit in words (`3 days`, `1w`). */
function isDuration(text: string): boolean {
  if (goDurationSeconds(text) !== undefined) return true;
  const units =
    'ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|weeks?|wks?';
  return new RegExp(`^(\\d+)\\s*(${units})$`, 'i').test(text.trim());
}

function isUri(text: string): boolean {
  return text.startsWith('/') ? !/[\s<>"{}|\\^`]/.test(text) : /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/.test(text);
}

function isEmail(text: string): boolean {
  const address = /<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+$/.test(address);
}

const octet = '(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
const isIpv4 = matches(new RegExp(`^${octet}(\\.${octet}){3}$`));

function isIpv6(text: string): boolean {
  if (!text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const tail = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  if (tail !== null && !isIpv4(tail[2] ?? '')) return false;
  const whole = tail === null ? text : `${tail[1]}0:0`;
  const halves = whole.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

function isCidr(text: string): boolean {
  const parts = /^(.+)\/(\d{1,3})$/.exec(text);
  if (parts === null) return false;
  const bits = Number(parts[2]);
  return (isIpv4(parts[1] ?? '') && bits <= 32) || (isIpv6(parts[1] ?? '') && bits <= 128);
}

function isBase64(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function isIsbn(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{9}[\dX]$/.test(digits) ? isIsbn10(digits) : isIsbn13(digits);
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce((all, digit, index) => all + (10 - index) * (digit === 'X' ? 10 : Number(digit)), 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((all, digit, index) => all + (index % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

/** Length and Luhn's sum. */
function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^\d]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((all, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

const uuid = (version: string): Check =>
  matches(
    new RegExp(
      `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version === '' ? '[0-9a-f]' : version}[0-9a-f]{3}-?${version === '4' || version === '5' ? '[89ab]' : '[0-9a-f]'}[0-9a-f]{3}-?[0-9a-f]{12}$`,
      'i',
    ),
  );

const color = '(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';

const checks: Readonly<Record<string, Check>> = {
  bsonobjectid: matches(/^[0-9a-fA-F]{24}$/),
  uri: isUri,
  email: isEmail,
  hostname: matches(/^[a-zA-Z0-9\u00a0-\uffff]([a-zA-Z0-9\u00a0-\uffff-]{0,61}[a-zA-Z0-9\u00a0-\uffff])?$/),
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isCidr,
  mac: matches(/^([0-9a-fA-F]{2}([:-])([0-9a-fA-F]{2}\2){4,6}[0-9a-fA-F]{2}|([0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4})$/),
  uuid: uuid(''),
  uuid3: uuid('3'),
  uuid4: uuid('4'),
  uuid5: uuid('5'),
  isbn: isIsbn,
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: matches(new RegExp(`^rgb\\(\\s*${color}\\s*,\\s*${color}\\s*,\\s*${color}\\s*\\)$`)),
  byte: isBase64,
  password: () => true,
  date: isDate,
  duration: isDuration,
  'date-time': isDateTime,
  datetime: isDateTime,
  'k8s-short-name': matches(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
  'k8s-long-name': (text) =>
    text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

/** True when the text is of that format, or the format is none that the server knows. */
export function hasFormat(text: string, format: string): boolean {
  return ownMember(checks, format)?.(text) ?? true;
}
