/**
 * Functions on texts: CEL's own and the extension `strings` at version 2, as Kubernetes has it. Source: cel-go
 * ext/strings.go.
 */
import { fn, method, type Overload } from '../check/declarations.ts';
import { type Budget, patternCost, sizeOf, textLength, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { CelMap, type List, type Value } from '../values/value.ts';
import { formatText } from './format-text.ts';
import { patternOf } from './patterns.ts';

const traversed = ([text = '']: readonly Value[]): number => traversal(sizeOf(text));
const traversedTwice = ([text = '']: readonly Value[]): number => traversal(sizeOf(text), 2);

function outOfRange(index: bigint): EvaluationError {
  return new EvaluationError(`index out of range: ${index}`);
}

/** In characters; most texts have as many as units. */
function characters(text: string, budget: Budget): readonly string[] {
  budget.work(text.length);
  return [...text];
}

function charAt(text: string, index: bigint, budget: Budget): string {
  const all = characters(text, budget);
  if (index < 0n || index > all.length) throw outOfRange(index);
  return all[Number(index)] ?? '';
}

function indexOf(text: string, part: string, offset: bigint, budget: Budget): bigint {
  if (part === '') return offset;
  if (offset < 0n) throw outOfRange(offset);
  const all = characters(text, budget);
  if (offset >= all.length) return -1n;
  const skipped = all.slice(0, Number(offset)).join('').length;
  const found = text.indexOf(part, skipped);
  return found < 0 ? -1n : BigInt(textLength(text.slice(0, found)));
}

function lastIndexOf(text: string, part: string, offset: bigint | undefined, budget: Budget): bigint {
  const all = characters(text, budget);
  if (part === '') return offset ?? BigInt(all.length);
  if (offset !== undefined && offset < 0n) throw outOfRange(offset);
  if (offset !== undefined && offset >= all.length) return -1n;
  const limit = offset === undefined ? text.length : all.slice(0, Number(offset)).join('').length;
  const found = text.lastIndexOf(part, limit);
  return found < 0 ? -1n : BigInt(textLength(text.slice(0, found)));
}

/** As Go's strings.Replace: an empty text is found before each character and at the end. */
function replace(text: string, from: string, to: string, limit: bigint, budget: Budget): string {
  const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
  const parts = from === '' ? ['', ...characters(text, budget), ''] : text.split(from);
  const count = Math.min(parts.length - 1, most);
  budget.work(text.length + count * to.length);
  const replaced = parts.slice(0, count + 1).join(to);
  return count + 1 >= parts.length ? replaced : `${replaced}${from}${parts.slice(count + 1).join(from)}`;
}

function split(text: string, by: string, limit: bigint, budget: Budget): Value {
  if (limit === 0n) return [];
  const parts = by === '' ? [...characters(text, budget)] : text.split(by);
  budget.work(parts.length);
  if (limit < 0n || parts.length <= limit) return parts;
  const most = Number(limit);
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(by)];
}

function substring(text: string, start: bigint, end: bigint | undefined, budget: Budget): string {
  const all = characters(text, budget);
  if (end !== undefined && start > end) {
    throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0n || start > all.length) throw outOfRange(start);
  if (end !== undefined && end > all.length) throw outOfRange(end);
  return all.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

/** What Unicode counts as space, which is not all that the language trims. */
const SPACES = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACES.has(text[start] ?? '')) start += 1;
  while (end > start && SPACES.has(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

function ascii(text: string, pattern: RegExp, change: (sign: string) => string): string {
  return text.replace(pattern, change);
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  return `"${text.toWellFormed().replace(/[\x07\b\f\n\r\t\v\\"]/g, (sign) => escapes[sign] ?? sign)}"`;
}

function join(list: List, by: string, budget: Budget): string {
  for (const item of list) {
    if (typeof item !== 'string') throw new EvaluationError('no such overload');
    budget.work(1 + item.length + by.length);
  }
  return list.join(by);
}

const size = (value: Value): bigint => BigInt(sizeOf(value));
const sized = ['string', 'bytes', 'list<A>', 'map<A, B>'];

export const texts: readonly Overload[] = [
  ...sized.flatMap((type) => [
    fn('size', `${type} -> int`, ([value = null]) => (value instanceof CelMap ? BigInt(value.size) : size(value))),
    method('size', `${type} -> int`, ([value = null]) => (value instanceof CelMap ? BigInt(value.size) : size(value))),
  ]),
  method(
    'contains',
    'string, string -> bool',
    ([text, part]) => (text as string).includes(part as string),
    ([text = '', part = '']) => traversal(sizeOf(text)) * traversal(sizeOf(part)),
  ),
  method('endsWith', 'string, string -> bool', ([text, end]) => (text as string).endsWith(end as string), traversed),
  method('startsWith', 'string, string -> bool', ([text, by]) => (text as string).startsWith(by as string), traversed),
  ...[fn, method].map((declare) =>
    declare(
      'matches',
      'string, string -> bool',
      ([text, pattern]) => patternOf(pattern as string).test(text as string),
      ([text = '', pattern = '']) => patternCost(sizeOf(text), sizeOf(pattern)),
    ),
  ),
  method('charAt', 'string, int -> string', ([text, at], budget) => charAt(text as string, at as bigint, budget)),
  method(
    'indexOf',
    'string, string -> int',
    ([text, part], budget) => indexOf(text as string, part as string, 0n, budget),
    traversed,
  ),
  method(
    'indexOf',
    'string, string, int -> int',
    ([text, part, offset], budget) => indexOf(text as string, part as string, offset as bigint, budget),
    traversed,
  ),
  method(
    'lastIndexOf',
    'string, string -> int',
    ([text, part], budget) => lastIndexOf(text as string, part as string, undefined, budget),
    traversed,
  ),
  method(
    'lastIndexOf',
    'string, string, int -> int',
    ([text, part, offset], budget) => lastIndexOf(text as string, part as string, offset as bigint, budget),
    traversed,
  ),
  method(
    'lowerAscii',
    'string -> string',
    ([text]) => ascii(text as string, /[A-Z]+/g, (part) => part.toLowerCase()),
    traversed,
  ),
  method(
    'upperAscii',
    'string -> string',
    ([text]) => ascii(text as string, /[a-z]+/g, (part) => part.toUpperCase()),
    traversed,
  ),
  method(
    'replace',
    'string, string, string -> string',
    ([text, from, to], budget) => replace(text as string, from as string, to as string, -1n, budget),
    traversedTwice,
  ),
  method(
    'replace',
    'string, string, string, int -> string',
    ([text, from, to, limit], budget) => replace(text as string, from as string, to as string, limit as bigint, budget),
    traversedTwice,
  ),
  method(
    'split',
    'string, string -> list<string>',
    ([text, by], budget) => split(text as string, by as string, -1n, budget),
    traversedTwice,
  ),
  method(
    'split',
    'string, string, int -> list<string>',
    ([text, by, limit], budget) => split(text as string, by as string, limit as bigint, budget),
    traversedTwice,
  ),
  method(
    'substring',
    'string, int -> string',
    ([text, start], budget) => substring(text as string, start as bigint, undefined, budget),
    traversed,
  ),
  method(
    'substring',
    'string, int, int -> string',
    ([text, start, end], budget) => substring(text as string, start as bigint, end as bigint, budget),
    traversed,
  ),
  method('trim', 'string -> string', ([text]) => trim(text as string), traversed),
  method(
    'format',
    'string, list<dyn> -> string',
    ([text, args], budget) => formatText(text as string, args as List, budget),
    traversed,
  ),
  fn('strings.quote', 'string -> string', ([text]) => quote(text as string), traversed),
  method('join', 'list<string> -> string', ([list], budget) => join(list as List, '', budget), joinCost),
  method(
    'join',
    'list<string>, string -> string',
    ([list, by], budget) => join(list as List, by as string, budget),
    joinCost,
  ),
];

function joinCost(_args: readonly Value[], result: Value): number {
  return traversal(sizeOf(result), 2);
}
