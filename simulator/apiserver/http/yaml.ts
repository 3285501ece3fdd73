/** YAML, which few ask for: the library is loaded when the first does. */
import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');
type Document = ReturnType<Yaml['parseDocument']>;
type LineCounter = InstanceType<Yaml['LineCounter']>;

let loaded: Yaml | undefined;

function library(): Yaml {
  loaded ??= createRequire(import.meta.url)('yaml') as Yaml;
  return loaded;
}

/** As Go's writer has it: keys sorted, lists not indented, times and words like `on` quoted. */
const form = {
  version: '1.1',
  indentSeq: false,
  sortMapEntries: true,
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;

export function yamlText(object: object): string {
  return library().stringify(object, form);
}

/**
 * The value with the last of repeated members, and the words on these. Throws the library's error for text that is no
 * YAML.
 */
export function parseYamlObject(text: string): { value: unknown; repeated: string[] } {
  const { LineCounter } = library();
  const lineCounter = new LineCounter();
  const document = parsedDocument(text, lineCounter);
  const lines = repeatedKeys(document.contents).map(({ name, start }) => {
    return `\n  line ${lineCounter.linePos(start).line}: key ${JSON.stringify(name)} already set in map`;
  });
  return {
    value: document.toJS(),
    repeated: lines.length === 0 ? [] : [`yaml: unmarshal errors:${lines.join('')}`],
  };
}

/** Throws the library's error for text that is no YAML. */
export function parseYaml(text: string): unknown {
  return parseYamlObject(text).value;
}

/**
 * The library compares each key of a map with each before it, which takes minutes for some ten thousand, and calls
 * itself for each level: keys are compared here, and a text that is nested too deep is not given to it.
 */
function parsedDocument(text: string, lineCounter: LineCounter): Document {
  const { parseDocument } = library();
  refuseDepth(text);
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw error;
  return document;
}

/** Each level is two of the parser's at most; its own words are for the stack that would end. */
const levelsMax = 2_500;
const shortCharacters = 10_000;

function refuseDepth(text: string): void {
  if (text.length < shortCharacters) return;
  const { Lexer, Parser } = library();
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > levelsMax) throw new RangeError(stackOver);
  }
}

/** What V8 says of a stack that has ended. */
export const stackOver = 'Maximum call stack size exceeded';

interface RepeatedKey {
  readonly name: string;
  readonly start: number;
}

/** Keys that their map has before, in the order of the text. */
function repeatedKeys(node: unknown): RepeatedKey[] {
  const { isMap, isScalar, isSeq, isPair } = library();
  const found: RepeatedKey[] = [];
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (isPair(next)) waiting.push(next.value, next.key);
    else if (isSeq(next)) for (const item of [...next.items].reverse()) waiting.push(item);
    else if (isMap(next)) {
      const known = new Set<unknown>();
      for (const { key } of next.items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) found.push({ name: String(key.value), start: key.range?.[0] ?? 0 });
        known.add(key.value);
      }
      for (const item of [...next.items].reverse()) waiting.push(item);
    }
  }
  return found.sort((one, other) => one.start - other.start);
}
