/** What an image runs, read from its Dockerfile: for programs that run on this machine, without an image. Pure. */
import { jsonOrUndefined } from '../../http/index.ts';

/**
 * Entry point and command of the last stage (Dockerfile reference, ENTRYPOINT and CMD: the last of each holds; a form
 * that is no JSON list is given to a shell, and a shell as entry point takes no command). undefined when there is none.
 */
export function commandOf(dockerfile: string): readonly string[] | undefined {
  let entry: readonly string[] = [];
  let command: readonly string[] = [];
  let isShellEntry = false;
  for (const { keyword, rest } of instructionsOf(dockerfile)) {
    if (keyword === 'FROM') {
      [entry, command, isShellEntry] = [[], [], false];
    } else if (keyword === 'ENTRYPOINT') {
      [entry, command] = [wordsOf(rest), []];
      isShellEntry = execForm(rest) === undefined;
    } else if (keyword === 'CMD') {
      command = wordsOf(rest);
    }
  }
  const words = isShellEntry ? entry : [...entry, ...command];
  return words.length === 0 ? undefined : words;
}

interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** Comments are left out, lines that end with a backslash go on with the next. */
function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const joined = lines.join('\n').replace(/\\[ \t]*\n/g, ' ');
  return joined.split('\n').flatMap((line) => {
    const [, keyword, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    return keyword === undefined || rest === undefined ? [] : [{ keyword: keyword.toUpperCase(), rest }];
  });
}

function wordsOf(rest: string): readonly string[] {
  return execForm(rest) ?? ['/bin/sh', '-c', rest];
}

function execForm(rest: string): readonly string[] | undefined {
  const value = jsonOrUndefined(rest);
  const isWords = Array.isArray(value) && value.every((word) => typeof word === 'string');
  return isWords ? (value as string[]) : undefined;
}
