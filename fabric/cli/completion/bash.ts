/** Completion for bash: `source <(fabric completion bash)`. Pure. */
import type { CompletedOption, Node } from './tree.ts';

export function bashScript(nodes: readonly Node[]): string {
  const values = nodes.flatMap((node) =>
    node.options.filter(({ choices }) => choices.length > 0).map((option) => valueCase(node, option)),
  );
  return `# Completion of fabric for bash. Made by: fabric completion bash
_fabric() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word
  local -a words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  for word in "\${words[@]}"; do
    case "\${path} \${word}" in
${nodes.slice(1).map(pathCase).join('\n')}
    esac
  done
  COMPREPLY=()
  case "\${path} \${previous}" in
${values.join('\n')}
  esac
  local candidates=""
  case "\${path}" in
${nodes.map(candidatesCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "\${candidates}" -- "\${current}"))
  # A word that is no flag may be a file.
  if [[ \${#COMPREPLY[@]} -eq 0 && \${current} != -* ]]; then COMPREPLY=($(compgen -f -- "\${current}")); fi
}
complete -o filenames -F _fabric fabric
`;
}

function keyOf(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join('');
}

function pathCase({ path }: Node): string {
  return `      "${keyOf(path)}") path="${keyOf(path)}" ;;`;
}

function candidatesCase({ path, words, options }: Node): string {
  const all = [...words.map(({ word }) => word), ...options.map(({ long }) => long)];
  return `    "${keyOf(path)}") candidates="${all.join(' ')}" ;;`;
}

function valueCase({ path }: Node, { long, choices }: CompletedOption): string {
  return `    "${keyOf(path)} ${long}") COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "\${current}")); return ;;`;
}
