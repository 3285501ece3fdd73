/** The command tree as completion needs it: what may follow each chain of words. Pure. */
import type { Command, OptionDefinition } from '../command.ts';

export interface Node {
  /** Words from the program's name on, without it: `tasks`, `list`. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly summary: string }[];
  readonly options: readonly CompletedOption[];
}

export interface CompletedOption {
  /** `--limit`. */
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** A node for each chain of words that leads to a command or an area; the first one is the program itself. */
export function nodesOf(
  commands: readonly Command[],
  areas: Readonly<Record<string, string>>,
  common: readonly OptionDefinition[],
): Node[] {
  const paths = new Map<string, readonly string[]>([['', []]]);
  for (const { path } of commands) {
    for (let length = 1; length <= path.length; length++)
      paths.set(path.slice(0, length).join(' '), path.slice(0, length));
  }
  return [...paths.values()].map((path) => nodeAt(path, commands, areas, common));
}

function nodeAt(
  path: readonly string[],
  commands: readonly Command[],
  areas: Readonly<Record<string, string>>,
  common: readonly OptionDefinition[],
): Node {
  const below = commands.filter(
    (command) => command.path.length > path.length && path.every((word, i) => command.path[i] === word),
  );
  const words = new Map<string, string>();
  for (const command of below) {
    const word = command.path[path.length] ?? '';
    const isLeaf = command.path.length === path.length + 1;
    if (isLeaf || !words.has(word)) words.set(word, isLeaf ? command.summary : (areas[word] ?? word));
  }
  const own = commands.find((command) => command.path.join(' ') === path.join(' '));
  return {
    path,
    words: [...words].map(([word, summary]) => ({ word, summary })),
    options: [...(own?.options ?? []), ...common].map(optionOf),
  };
}

function optionOf({ flags, description, choices = [] }: OptionDefinition): CompletedOption {
  const names = flags.match(/-{1,2}[\w-]+/g) ?? [];
  return {
    long: names.find((name) => name.startsWith('--')) ?? '',
    short: names.find((name) => /^-\w$/.test(name)),
    description,
    takesValue: /[<[]/.test(flags),
    choices,
  };
}
