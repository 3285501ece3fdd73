/**
 * Finds the scenarios: each file below `scenarios/` is one, named by its path (`overlap/forbid.ts` is
 * `overlap-forbid`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Scenario } from '../scenario/scenario.ts';
import { placeWords } from '../scenario/source-position.ts';
import { readScenario, ScenarioFileError } from './scenario-file.ts';
import { thrownWords } from './thrown.ts';

export interface CatalogueEntry {
  readonly name: string;
  readonly file: string;
  /** The first comment of the file: what the scenario shows and why. */
  readonly about: string;
  /** Why it cannot be played, where that is known without looking into it. */
  readonly fault?: string;
}

export class UnknownScenarioError extends Error {
  override readonly name = 'UnknownScenarioError';
  readonly wanted: string;

  constructor(wanted: string, known: readonly string[]) {
    super(`there is no scenario "${wanted}"; "orrery list" shows them: ${known.join(', ')}`);
    this.wanted = wanted;
  }
}

/** All scenarios below the folder, by name. Tests and what several scenarios share (`.test`, `.fixture`) are none. */
export function catalogue(folder: string): CatalogueEntry[] {
  // Installed as a package, the scenarios are JavaScript.
  const ending = extname(import.meta.url) === '.js' ? '.js' : '.ts';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !/\.(?:test|spec|fixture|d)\.[jt]s$/.test(file))
    .filter((file) => file.includes('/'));
  const entries = files.map((file) => entryOf(file.slice(0, -ending.length), join(folder, file)));
  return entries
    .map((entry) => ({ ...entry, ...namesakeFault(entry, entries) }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function entryOf(path: string, file: string): CatalogueEntry {
  const name = path.replaceAll('/', '-');
  try {
    return { name, file, about: firstComment(readFileSync(file, 'utf8')) };
  } catch (error) {
    return { name, file, about: '', fault: `it cannot be read: ${thrownWords(error)}` };
  }
}

/** `a/b-c.ts` and `a/b/c.ts` have one name, and nobody could say which of them is meant. */
function namesakeFault(entry: CatalogueEntry, entries: readonly CatalogueEntry[]): { readonly fault?: string } {
  const other = entries.find(({ name, file }) => name === entry.name && file !== entry.file);
  if (!other) return {};
  return { fault: `its name ${entry.name} is that of ${placeWords({ file: other.file })} too: rename one of them` };
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

/** Throws a ScenarioFileError. */
export async function load(entry: CatalogueEntry): Promise<Scenario> {
  if (entry.fault !== undefined) throw new ScenarioFileError(entry.file, undefined, entry.fault);
  return readScenario(entry.file);
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
