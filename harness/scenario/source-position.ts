/** Where in a file something stands, read from the stack of an error: whoever reads a report goes there next. */
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../package.ts';

export interface SourcePosition {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
}

/** Of the sources, or of what was built of them. */
const sourceFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url)))) + sep;
const scenariosFolder = `${sourceFolder}scenarios${sep}`;
/** Sentences stand behind a few frames of verbs and helpers. */
const framesMax = 40;

/** The first place in the stack whose file is wanted. */
export function positionIn(stack: string, isWanted: (file: string) => boolean): SourcePosition | undefined {
  return positionsIn(stack).find(({ file }) => isWanted(file));
}

function positionsIn(stack: string): SourcePosition[] {
  const frames = stack.matchAll(/(?<=^|[\s(])(?:(file:\/\/[^\s()]+?)|(\/[^()\n]+?)):(\d+)(?=[:)\s]|$)/gm);
  return [...frames].flatMap(([, url, path, line]) => {
    const file = url === undefined ? path : pathOf(url);
    return file === undefined ? [] : [{ file, line: Number(line) }];
  });
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** Of the scenario's own code, or of what it shares with others: below `scenarios/`, or outside of this package. */
export function isScenarioCode(file: string): boolean {
  if (/\.test\.\w+$/.test(file) || file.startsWith(scenariosFolder)) return true;
  return !file.startsWith(sourceFolder) && !file.includes(`${sep}node_modules${sep}`);
}

/**
 * Where the scenario called the verb that calls this: `scenarios/overlap/forbid.ts:24`; undefined when nobody can tell.
 */
export function calledFrom(): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = framesMax;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = before;
  return scenarioPlace(stack);
}

/** Where in the scenario's code the error came about. */
export function raisedAt(error: unknown): string | undefined {
  return error instanceof Error && typeof error.stack === 'string' ? scenarioPlace(error.stack) : undefined;
}

/** A sentence that several scenarios share stands in a file of its own: then both places are told. */
function scenarioPlace(stack: string): string | undefined {
  const own = positionsIn(stack).filter(({ file }) => isScenarioCode(file));
  const [first] = own;
  if (!first) return undefined;
  const caller = own.find(({ file }) => file !== first.file);
  return caller ? `${placeWords(first)}, called at ${placeWords(caller)}` : placeWords(first);
}

/** Relative to the package where it is inside of it. */
export function placeWords({ file, line }: { readonly file: string; readonly line?: number | undefined }): string {
  const inside = relative(packageFolder, file);
  const path = inside.startsWith('..') ? file : inside;
  return line === undefined ? path : `${path}:${line}`;
}
