/** Completion for zsh: `source <(fabric completion zsh)`, or a file `_fabric` on the fpath. Pure. */
import type { Node } from './tree.ts';

export function zshScript(nodes: readonly Node[]): string {
  return `#compdef fabric
# Completion of fabric for zsh. Made by: fabric completion zsh
_fabric() {
  local chain="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${chain} \${word}" in
${nodes
  .slice(1)
  .map(({ path }) => `      "${keyOf(path)}") chain="${keyOf(path)}" ;;`)
  .join('\n')}
    esac
  done
  local -a commands flags
  case "\${chain}" in
${nodes.map(nodeCase).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o flag flags
  elif (( \${#commands} )); then _describe command commands
  else _files
  fi
}
if [[ \${funcstack[1]} == _fabric ]]; then _fabric "$@"; else compdef _fabric fabric; fi
`;
}

function keyOf(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join('');
}

function nodeCase({ path, words, options }: Node): string {
  const commands = words.map(({ word, summary }) => item(word, summary));
  const flags = options.map(({ long, description }) => item(long, description));
  return `    "${keyOf(path)}") commands=(${commands.join(' ')}); flags=(${flags.join(' ')}) ;;`;
}

/** In single quotes; a colon parts a word from its description. */
function item(word: string, description: string): string {
  const text = `${word.replaceAll(':', '\\:')}:${description}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
