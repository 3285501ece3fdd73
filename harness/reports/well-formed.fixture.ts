/**
 * A strict check of XML without DTD: tags nest, attributes are quoted and unique, text has no bare `<` or `&`,
 * characters are those that XML 1.0 allows.
 */
const TOKEN = /<\?xml [^?]*\?>|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+/gy;
const ATTRIBUTE = /\s([\w:-]+)="([^"<]*)"/g;
const BARE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** What is wrong with the markup first; undefined when it is one well-formed element. */
export function malformation(markup: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  let end = 0;
  for (const match of markup.matchAll(TOKEN)) {
    const [text, closing, opening, attributes = '', empty] = match;
    end = match.index + text.length;
    if (closing !== undefined && open.pop() !== closing)
      return `</${closing}> closes what is not open, at ${match.index}`;
    if (opening !== undefined) {
      const found = attributeFault(attributes);
      if (found !== undefined) return `<${opening}>: ${found}`;
      if (open.length === 0) roots++;
      if (!empty) open.push(opening);
    }
    if (closing === undefined && opening === undefined && !text.startsWith('<') && textFault(text, open.length)) {
      return `bad text ${JSON.stringify(text.slice(0, 60))}`;
    }
  }
  if (end !== markup.length) return `no markup: ${JSON.stringify(markup.slice(end, end + 60))}`;
  if (open.length > 0) return `<${open.at(-1)}> is not closed`;
  return roots === 1 ? undefined : `${roots} root elements`;
}

function attributeFault(attributes: string): string | undefined {
  const seen = new Set<string>();
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (seen.has(name)) return `${name} twice`;
    if (BARE.test(value) || FORBIDDEN.test(value)) return `${name} has ${JSON.stringify(value)}`;
    seen.add(name);
  }
  return undefined;
}

function textFault(text: string, depth: number): boolean {
  return BARE.test(text) || FORBIDDEN.test(text) || (depth === 0 && text.trim() !== '');
}

/** HTML differs: it may hold any character. */
export function isWellFormed(html: string): boolean {
  return malformation(html.replaceAll(new RegExp(FORBIDDEN, 'gu'), '?')) === undefined;
}
