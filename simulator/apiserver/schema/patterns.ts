/**
 * Patterns of schemas and rules are RE2's; they run on the language's own engine after the few places where the two differ have been
 * translated. What RE2 refuses (look-around, references back) is refused here as well.
 */

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const compiled = new Map<string, RegExp | undefined>();

function translated(pattern: string): { source: string; flags: string } {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern
    .slice(leading?.[0].length ?? 0)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  return { source, flags: leading?.[1] ?? '' };
}

/** The pattern, ready to test; undefined when RE2 would refuse it. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  let expression: RegExp | undefined;
  const unsupported = /\(\?(=|!|<=|<!)|\\[1-9]/.test(pattern.replaceAll('\\\\', ''));
  if (!unsupported) {
    const { source, flags } = translated(pattern);
    expression = attempt(source, `u${flags}`) ?? attempt(source, flags);
  }
  compiled.set(pattern, expression);
  return expression;
}

function attempt(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
