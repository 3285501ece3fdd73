/** Reads a scenario from its file. What is wrong with a file is told with its line, and is nobody else's trouble. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { definitionFaults } from '../scenario/check-definition.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { placeWords, positionIn } from '../scenario/source-position.ts';
import { thrownWords } from './thrown.ts';

/** A file that gives no scenario. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, what: string) {
    super(`${placeWords({ file, line })}: ${what}`);
    this.file = file;
    this.line = line;
  }
}

/** What is imported at the top waits for nothing but other files. */
const importMs = 30_000;

/** Throws a ScenarioFileError. */
export async function readScenario(file: string): Promise<Scenario> {
  const module = await imported(file);
  const faults = definitionFaults(module);
  if (faults.length > 0) throw new ScenarioFileError(file, lineOf(file, /^\s*export\s+default\b/), faults.join('; '));
  const { default: definition } = module as { default: Pick<Scenario, 'title' | 'play'> & Partial<Scenario> };
  const { title, needs = [], fabric = {} } = definition;
  return { title, needs, fabric, play: (stage) => definition.play(stage) };
}

async function imported(file: string): Promise<object> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const what = `it is not loaded after ${importMs / 1000} s: something at its top waits for ever`;
    timer = setTimeout(
      () => reject(new ScenarioFileError(file, lineOf(file, /^\s*(?:.*=\s*)?await\b/), what)),
      importMs,
    );
  });
  try {
    return await Promise.race([import(pathToFileURL(file).href), late]);
  } catch (error) {
    throw error instanceof ScenarioFileError ? error : asFileError(file, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Named is the line of the scenario's own file that led there; what it imports may be to blame. */
function asFileError(file: string, error: unknown): ScenarioFileError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const own = positionIn(stack, (candidate) => candidate === file)?.line;
  const other = positionIn(stack, (candidate) => candidate !== file && !candidate.includes('/node_modules/'));
  if (own !== undefined) return new ScenarioFileError(file, own, thrownWords(error));
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(stack)?.[1];
  const line = missing === undefined ? undefined : lineOf(file, new RegExp(`['"].*${escaped(lastPart(missing))}['"]`));
  const where = other && missing === undefined ? ` (at ${placeWords(other)})` : '';
  return new ScenarioFileError(file, line, `${thrownWords(error)}${where}`);
}

function lastPart(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The first line that looks so, from 1. */
function lineOf(file: string, pattern: RegExp): number | undefined {
  try {
    const index = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => pattern.test(line));
    return index < 0 ? undefined : index + 1;
  } catch {
    return undefined;
  }
}
