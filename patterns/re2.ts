/**
 * Regular expressions that come from clients: RE2, as Go's package regexp reads it, in time linear in the text. The
 * language's own engine is for our own patterns alone: one of a client could stop the process.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { classNamed } from './classes.ts';
import { piecesOf, stepsOf } from './pieces.ts';

/** Go refuses the pattern; the message is Go's (`error parsing regexp: ...`). */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
  readonly pattern: string;

  constructor(pattern: string, message: string) {
    super(message);
    this.pattern = pattern;
  }
}

/** The pattern is none that Go refuses, but too large to be played here. */
export class PatternSizeError extends Error {
  override readonly name = 'PatternSizeError';
  readonly steps: number;

  constructor(steps: number) {
    super(`not in Orrery: the pattern compiles to some ${steps} steps, at most ${STEPS_MAX} are taken`);
    this.steps = steps;
  }
}

/** Steps of a compiled pattern; the work for one character grows with them. */
const STEPS_MAX = 20_000;

export interface PatternOptions {
  readonly ignoreCase?: boolean;
  /** `^` and `$` at each line. */
  readonly multiline?: boolean;
  /** `.` takes a line feed. */
  readonly dotAll?: boolean;
}

export class Pattern {
  readonly source: string;
  readonly #compiled: RE2JS;

  constructor(source: string, compiled: RE2JS) {
    this.source = source;
    this.#compiled = compiled;
  }

  /** Whether it occurs in the text. */
  test(text: string): boolean {
    return this.#compiled.test(text);
  }

  /** All that it finds, at most `limit`; as Go's FindAllString, nothing empty right behind another match. */
  findAll(text: string, limit = Number.POSITIVE_INFINITY): string[] {
    const found: string[] = [];
    const matcher = this.#compiled.matcher(text);
    let position = 0;
    let lastEnd = -1;
    while (found.length < limit && position <= text.length && matcher.find(position)) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (end > start || start !== lastEnd) found.push(text.slice(start, end));
      lastEnd = end;
      position = end > position ? end : after(text, position);
    }
    return found;
  }
}

/** The next place between two characters. */
function after(text: string, position: number): number {
  return position + ((text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1);
}

const compiled = new Map<string, Pattern>();
const KEPT_MAX = 1000;

/** Reads the pattern; it is kept for the next time. Throws PatternSyntaxError, PatternSizeError. */
export function compilePattern(source: string, options: PatternOptions = {}): Pattern {
  const flags = flagsOf(options);
  const key = `${flags} ${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = new Pattern(source, compile(source, flags));
  if (compiled.size >= KEPT_MAX) compiled.clear();
  compiled.set(key, made);
  return made;
}

function flagsOf({ ignoreCase = false, multiline = false, dotAll = false }: PatternOptions): number {
  return (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (multiline ? RE2JS.MULTILINE : 0) | (dotAll ? RE2JS.DOTALL : 0);
}

function compile(source: string, flags: number): RE2JS {
  const pieces = piecesOf(source);
  const steps = stepsOf(pieces);
  if (steps > STEPS_MAX) throw new PatternSizeError(steps);
  try {
    return RE2JS.compile(pieces.map(asEngineReads).join(''), flags);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new PatternSyntaxError(source, goMessage(error.message, source));
  }
}

/**
 * The engine knows classes by one name only, `\p{ASCII}` not at all, and takes no name of a group twice; Go does all
 * three.
 */
function asEngineReads(piece: string): string {
  if (/^\(\?P?<\w+>$/.test(piece)) return '(';
  return piece.replace(/\\([pP])\{(\^?)([^}]*)\}/g, (whole, letter: string, not: string, name: string) => {
    if (name.toLowerCase() === 'ascii') {
      const ascii = (letter === 'P') === (not === '^') ? '[:ascii:]' : '[:^ascii:]';
      return piece.startsWith('[') ? ascii : `[${ascii}]`;
    }
    const known = classNamed(name);
    return known === undefined ? whole : `\\${letter}{${not}${known}}`;
  });
}

/** The engine says what Go says, without the end of some messages. */
function goMessage(message: string, source: string): string {
  if (message.endsWith('trailing backslash at end of expression')) return `${message}: \`\``;
  return message.endsWith('expression nests too deeply') ? `${message}: \`${source}\`` : message;
}
