/** Text as Go's standard library splits and quotes it; messages and field counts depend on it. */

/** Go's `unicode.IsSpace`. JavaScript's `\s` has U+FEFF, which Go does not, and lacks U+0085. */
const space = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]+`);
const outerSpaces = new RegExp(`^[${space}]+|[${space}]+$`, 'g');

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return text.replace(outerSpaces, '');
}

/** `strings.Fields`: the words between runs of white space. */
export function splitFields(text: string): string[] {
  return text.split(spaces).filter((word) => word !== '');
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** `strconv.Quote`, as `%q` prints: control characters are escaped, printable ones stay. */
export function quote(text: string): string {
  let quoted = '';
  for (const character of text) quoted += escapes[character] ?? escapeUnprintable(character);
  return `"${quoted}"`;
}

function escapeUnprintable(character: string): string {
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** The quoting of Go's `time` package: everything that is not plain ASCII is shown as its bytes. */
export function quoteBytes(text: string): string {
  let quoted = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte >= 0x80) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += character === '"' || character === '\\' ? `\\${character}` : character;
  }
  return `"${quoted}"`;
}
