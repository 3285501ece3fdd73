/** The words and signs of an expression. Source: cel-go parser/gen/CEL.g4. */
import type { Issue } from './issues.ts';

export type TokenKind = 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'identifier' | 'quoted' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** In characters. */
  readonly at: number;
}

/** Words that are signs of the language, never names. */
const KEYWORDS = new Set(['true', 'false', 'null', 'in']);

const escapeSequence = String.raw`\\(?:[abfnrtv"'\\?\x60]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;

/** Quoted in any way, raw or with escapes. */
const raw = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*'`;
const escaped = [
  `"""(?:${escapeSequence}|[^\\\\])*?"""`,
  `'''(?:${escapeSequence}|[^\\\\])*?'''`,
  `"(?:${escapeSequence}|[^\\\\"\\n\\r])*"`,
  `'(?:${escapeSequence}|[^\\\\'\\n\\r])*'`,
].join('|');

const patterns: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /(?:[\t\f\r\n ]|\/\/[^\n]*)+/y],
  ['bytes', new RegExp(`[bB][rR](?:${raw})`, 'y')],
  ['bytes', new RegExp(`[bB](?:${escaped})`, 'y')],
  ['string', new RegExp(`[rR](?:${raw})`, 'y')],
  ['string', new RegExp(`(?:${escaped})`, 'y')],
  ['double', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['int', /0x[0-9a-fA-F]+|\d+/y],
  ['identifier', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['quoted', /`[A-Za-z0-9_.\-/ ]+`/y],
  ['sign', /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y],
];

const halfEscape = String.raw`\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?[\s\S]?`;

/** The beginning of a token that does not go on, with the character at which that shows. */
const broken: readonly RegExp[] = [
  new RegExp(`"(?:${escapeSequence}|[^\\\\"\\n\\r])*${halfEscape}`, 'y'),
  new RegExp(`'(?:${escapeSequence}|[^\\\\'\\n\\r])*${halfEscape}`, 'y'),
  /"[^"\n\r]*|'[^'\n\r]*/y,
  /[=&|][\s\S]?/uy,
];

/** The tokens, the last of kind `end`; what is no token is an issue and left out. */
export function tokensOf(source: string): { tokens: Token[]; issues: Issue[] } {
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  let [position, at] = [0, 0];
  while (position < source.length) {
    const [kind, text] = next(source, position);
    if (kind === undefined) issues.push({ at, message: `Syntax error: token recognition error at: '${shown(text)}'` });
    else if (kind !== 'space') tokens.push({ kind: KEYWORDS.has(text) ? 'sign' : kind, text, at });
    position += text.length;
    at += lengthOf(text);
  }
  tokens.push({ kind: 'end', text: '<EOF>', at });
  return { tokens, issues };
}

function next(source: string, position: number): [TokenKind | 'space' | undefined, string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) return [kind, found];
  }
  for (const pattern of broken) {
    pattern.lastIndex = position;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) return [undefined, found];
  }
  return [undefined, String.fromCodePoint(source.codePointAt(position) ?? 0)];
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function shown(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}
