/**
 * The formats of names, keys and labels. Each check answers with the reasons for a refusal, in the API server's words;
 * no reasons means that the text is fine. Lengths are bytes.
 */
import { isIP } from 'node:net';

/** Names are limited in characters, keys and values of labels in bytes: so say the messages; both count bytes. */
function tooLongFor(value: string, limit: number, unit: 'bytes' | 'characters'): string[] {
  return Buffer.byteLength(value) > limit ? [`must be no more than ${limit} ${unit}`] : [];
}

export function inclusiveRange(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

function byPattern(words: string, pattern: string, examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  const prefix = examples.length === 0 ? '(' : `(e.g. ${shown}`;
  return `${words} ${prefix}regex used for validation is '${pattern}')`;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const keyName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${keyName})?`;
const dataKey = '[-._a-zA-Z0-9]+';
const headerName = '[-A-Za-z0-9]+';
const urlPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

const labelPattern = whole(label);
const subdomainPattern = whole(subdomain);
const label1035Pattern = whole(label1035);
const keyNamePattern = whole(keyName);
const labelValuePattern = whole(labelValue);
const dataKeyPattern = whole(dataKey);
const headerNamePattern = whole(headerName);
const urlPathPattern = whole(urlPath);

const labelWords =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const label1035Words =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const keyWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const keyExamples = ['MyName', 'my.name', '123-abc'];

/** A DNS label: at most 63 characters. */
export function dnsLabel(value: string): string[] {
  const reasons = tooLongFor(value, 63, 'characters');
  if (labelPattern.test(value)) return reasons;
  if (subdomainPattern.test(value)) return [...reasons, 'must not contain dots'];
  return [...reasons, byPattern(labelWords, label, ['my-name', '123-abc'])];
}

/** A DNS subdomain: labels with dots between them, at most 253 characters. */
export function dnsSubdomain(value: string): string[] {
  const reasons = tooLongFor(value, 253, 'characters');
  return subdomainPattern.test(value) ? reasons : [...reasons, byPattern(subdomainWords, subdomain, ['example.com'])];
}

/** A DNS label that begins with a letter (service names, kinds in lower case). */
export function dns1035Label(value: string): string[] {
  const reasons = tooLongFor(value, 63, 'characters');
  return label1035Pattern.test(value)
    ? reasons
    : [...reasons, byPattern(label1035Words, label1035, ['my-name', 'abc-123'])];
}

/** A label's key, also called a qualified name: `[prefix/]name`. */
export function qualifiedName(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    const words = byPattern(`a valid label key ${keyWords}`, keyName, keyExamples);
    return [`${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? '';
  return [...prefixReasons(parts), ...keyNameReasons(name)];
}

function prefixReasons(parts: readonly string[]): string[] {
  const prefix = parts[0];
  if (parts.length < 2 || prefix === undefined) return [];
  if (prefix === '') return ['prefix part must be non-empty'];
  return dnsSubdomain(prefix).map((reason) => `prefix part ${reason}`);
}

function keyNameReasons(name: string): string[] {
  const reasons =
    name === '' ? ['name part must be non-empty'] : tooLongFor(name, 63, 'bytes').map((text) => `name part ${text}`);
  return keyNamePattern.test(name) ? reasons : [...reasons, `name part ${byPattern(keyWords, keyName, keyExamples)}`];
}

/** A label's value: at most 63 characters, may be empty. */
export function labelValueReasons(value: string): string[] {
  const words =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const reasons = tooLongFor(value, 63, 'bytes');
  return labelValuePattern.test(value)
    ? reasons
    : [...reasons, byPattern(words, labelValue, ['MyValue', 'my_value', '12345'])];
}

/** A key of a ConfigMap or Secret. */
export function configKey(value: string): string[] {
  const words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const reasons = tooLongFor(value, 253, 'characters');
  if (!dataKeyPattern.test(value)) reasons.push(byPattern(words, dataKey, ['key.name', 'KEY_NAME', 'key-name']));
  if (value === '.') reasons.push("must not be '.'");
  else if (value === '..') reasons.push("must not be '..'");
  else if (value.startsWith('..')) reasons.push("must not start with '..'");
  return reasons;
}

/** An environment variable's name: since 1.34 any printable ASCII but `=`. */
export function environmentName(value: string): string[] {
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function portNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [inclusiveRange(1, 65535)];
}

export function portName(name: string): string[] {
  const reasons = tooLongFor(name, 15, 'characters');
  if (!/^[-a-z0-9]+$/.test(name)) {
    reasons.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) reasons.push('must contain at least one letter (a-z)');
  if (name.includes('--')) reasons.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) reasons.push('must not begin or end with a hyphen');
  return reasons;
}

export function httpHeaderName(name: string): string[] {
  const words = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return headerNamePattern.test(name) ? [] : [byPattern(words, headerName, ['X-Header-Name'])];
}

/** The part behind the domain in `example.com/path`. */
export function domainPath(path: string): string[] {
  return urlPathPattern.test(path) ? [] : [byPattern('Invalid path', urlPath, [])];
}

/** A user or group id of a container: 0 to the largest 32-bit integer. */
export function userId(id: number): string[] {
  return id >= 0 && id <= 2147483647 ? [] : [inclusiveRange(0, 2147483647)];
}

/** Names of roles and bindings: anything that fits into one segment of a URL path. */
export function pathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Reasons against an address of version 4 or 6. */
export function ipAddress(text: string): string[] {
  return isIP(text) === 0 ? ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'] : [];
}

/** Reasons against a block of addresses: `10.1.0.0/16`. */
export function addressBlock(text: string): string[] {
  const [address = '', length = '', ...more] = text.split('/');
  const version = isIP(address);
  const isBlock =
    version > 0 && more.length === 0 && /^\d+$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
  return isBlock ? [] : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
}
