/** Finds the scenarios: each file below `scenarios/` is one, named by its path (`overlap/forbid.ts` is `overlap-forbid`). */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from '../scenario/scenario.ts';

export interface CatalogueEntry {
  readonly name: string;
  readonly file: string;
  /** The first comment of the file: what the scenario shows and why. */
  readonly about: string;
}

export class UnknownScenarioError extends Error {
  override readonly name = 'UnknownScenarioError';
  readonly wanted: string;

  constructor(wanted: string, known: readonly string[]) {
    super(`there is no scenario "${wanted}"; "orrery list" shows them: ${known.join(', ')}`);
    this.wanted = wanted;
  }
}

/** All scenarios below the folder, by name. */
export function catalogue(folder: string): CatalogueEntry[] {
  // Installed as a package, the scenarios are JavaScript.
  const ending = extname(import.meta.url) === '.js' ? '.js' : '.ts';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
    .filter((file) => file.includes('/'));
  return files
    .map((file) => ({
      name: file.slice(0, -ending.length).replaceAll('/', '-'),
      file: join(folder, file),
      about: firstComment(readFileSync(join(folder, file), 'utf8')),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Those with one of the names, or whose name begins with it and `-` (a whole folder); all without names. */
export function choose(entries: readonly CatalogueEntry[], names: readonly string[]): CatalogueEntry[] {
  if (names.length === 0) return [...entries];
  const chosen = new Set<CatalogueEntry>();
  for (const name of names) {
    const found = entries.filter((entry) => entry.name === name || entry.name.startsWith(`${name}-`));
    if (found.length === 0) {
      throw new UnknownScenarioError(
        name,
        entries.map((entry) => entry.name),
      );
    }
    for (const entry of found) chosen.add(entry);
  }
  return entries.filter((entry) => chosen.has(entry));
}

export async function load(entry: CatalogueEntry): Promise<Scenario> {
  const module = (await import(pathToFileURL(entry.file).href)) as { default: Scenario };
  return module.default;
}

function firstComment(source: string): string {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source.trimStart())?.[1] ?? '';
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
