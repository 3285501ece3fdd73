/** The value of a literal as it is written. Source: cel-go parser/unescape.go. */
import { INT_MAX, INT_MIN, UINT_MAX, Uint } from '../values/value.ts';

/** The number; undefined when it is out of range. */
export function intOf(text: string): bigint | undefined {
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  return value < INT_MIN || value > INT_MAX ? undefined : value;
}

export function uintOf(text: string): Uint | undefined {
  const value = BigInt(text.replace(/[uU]$/, ''));
  return value > UINT_MAX ? undefined : new Uint(value);
}

export function doubleOf(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
};

/** The text of a string literal, prefix and quotes included; undefined when an escape is none. */
export function textOf(literal: string): string | undefined {
  const { body, isRaw } = unquoted(literal);
  if (isRaw) return body;
  const parts = escapes(body);
  return parts?.map((part) => (typeof part === 'string' ? part : String.fromCodePoint(part.code))).join('');
}

/** The bytes of a bytes literal; `\x` and octal escapes are bytes there, not characters. */
export function bytesOf(literal: string): Uint8Array | undefined {
  const { body, isRaw } = unquoted(literal);
  const parts = isRaw ? [body] : escapes(body, true);
  if (parts === undefined) return undefined;
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part.code])))),
  );
}

function unquoted(literal: string): { body: string; isRaw: boolean } {
  const prefix = /^[rRbB]*/.exec(literal)?.[0] ?? '';
  const quoted = literal.slice(prefix.length);
  const quote = /^(?:"""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(quote, quoted.length - quote).replace(/\r\n?/g, '\n');
  return { body, isRaw: /[rR]/.test(prefix) };
}

type Part = string | { readonly code: number };

function escapes(body: string, isBytes = false): Part[] | undefined {
  const parts: Part[] = [];
  const piece =
    /[^\\]+|\\(?:([abfnrtv\\'"`?])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y;
  while (piece.lastIndex < body.length) {
    const found = piece.exec(body);
    if (found === null) return undefined;
    const [whole, letter, byte, short, long, octal] = found;
    if (letter !== undefined) parts.push(simple[letter] ?? letter);
    else if (!whole.startsWith('\\')) parts.push(whole);
    else {
      const code = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
      const isUnicode = short !== undefined || long !== undefined;
      if (isUnicode && (isBytes || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))) return undefined;
      parts.push({ code });
    }
  }
  return parts;
}
