/** YAML, which few ask for: the library is loaded when the first does. */
import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');

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

/** The value with the last of repeated members, and the words on these. Throws the library's error for text that is no YAML. */
export function parseYamlObject(text: string): { value: unknown; repeated: string[] } {
  const { parseDocument, LineCounter } = library();
  const lineCounter = new LineCounter();
  const strict = parseDocument(text, { lineCounter });
  const repeats = strict.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const [other] = strict.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (other) throw other;
  const value: unknown = repeats.length === 0 ? strict.toJS() : parseDocument(text, { uniqueKeys: false }).toJS();
  const lines = repeats.map(({ pos: [start] }) => {
    const name = /^[^:\s]+/.exec(text.slice(start))?.[0] ?? '';
    return `\n  line ${lineCounter.linePos(start).line}: key ${JSON.stringify(name)} already set in map`;
  });
  return { value, repeated: lines.length === 0 ? [] : [`yaml: unmarshal errors:${lines.join('')}`] };
}

/** Throws the library's error for text that is no YAML. */
export function parseYaml(text: string): unknown {
  return library().parse(text);
}
