/** What a source imports of the project. Pure. */
import type { Source } from './source.ts';

const IMPORT = /\bfrom\s*'([^']+)'|\bimport\s*\(?\s*'([^']+)'/g;

export interface Import {
  /** Path from the root. */
  readonly target: string;
  readonly line: number;
}

/** Relative imports alone: of types too, and lazy ones. */
export function importsOf({ path, text }: Source): Import[] {
  const imports: Import[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? '';
    if (!specifier.startsWith('.')) continue;
    const line = text.slice(0, (match.index ?? 0) + match[0].length).split('\n').length;
    imports.push({ target: resolved(path, specifier), line });
  }
  return imports;
}

function resolved(path: string, specifier: string): string {
  const base = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') base.pop();
    else if (part !== '.') base.push(part);
  }
  return base.join('/');
}
