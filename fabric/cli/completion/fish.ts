/** Completion for fish: `fabric completion fish | source`. Pure. */
import type { CompletedOption, Node } from './tree.ts';

export function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.flatMap((node) => {
    const condition = conditionOf(node);
    return [
      ...node.words.map(
        ({ word, summary }) => `complete -c fabric -f -n ${quoted(condition)} -a ${quoted(word)} -d ${quoted(summary)}`,
      ),
      ...node.options.map((option) => optionLine(condition, option)),
    ];
  });
  return `# Completion of fabric for fish. Made by: fabric completion fish
function __fabric_at
    # The words that are no flags, behind the program's name, are those.
    set -l words (commandline -opc)[2..-1]
    set -l chain (string match -v -- '-*' $words)
    test "$chain[1..$argv[1]]" = "$argv[2..-1]"; and test (count $chain) -ge $argv[1]
end
${lines.join('\n')}
`;
}

/** True where these words stand, and in an area none of those that may follow. */
function conditionOf({ path, words }: Node): string {
  const here = path.length === 0 ? 'true' : `__fabric_at ${path.length} ${path.join(' ')}`;
  const next = words.map(({ word }) => word).join(' ');
  return next === '' ? here : `${here}; and not __fish_seen_subcommand_from ${next}`;
}

function optionLine(condition: string, { long, short, description, takesValue, choices }: CompletedOption): string {
  const names = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
  return `complete -c fabric -n ${quoted(condition)} ${names}${value} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
