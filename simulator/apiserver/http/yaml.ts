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

/** Throws the library's error for text that is no YAML. */
export function parseYaml(text: string): unknown {
  return library().parse(text);
}
