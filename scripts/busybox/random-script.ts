/**
 * Small scripts that are made up from a seed: every form of the grammar, over few names and values, so that they meet.
 */
import { seededRandom } from './seeded.ts';

interface Choice {
  pick<T>(items: readonly T[]): T;
  below(count: number): number;
}

export function randomScript(seed: number): string {
  const choice = seededRandom(seed);
  const lines = Array.from({ length: 1 + choice.below(4) }, () => command(choice, 3));
  const options = choice.pick([
    '',
    '',
    '',
    '',
    'set -e\n',
    'set -u\n',
    'set -o pipefail\n',
    'set -f\n',
    'IFS=:\n',
    'set -- a "b c" d\n',
  ]);
  return `${options}touch f1 f2 g.txt\n${lines.join('\n')}\necho "end $? $x"`;
}

function command(choice: Choice, depth: number): string {
  if (depth === 0) return simple(choice);
  const inner = () => command(choice, depth - 1);
  return choice.pick<() => string>([
    () => simple(choice),
    () => simple(choice),
    () => simple(choice),
    () => `x=${word(choice)}`,
    () => `x=${word(choice)} y=${word(choice)}; ${simple(choice)}`,
    () => `${inner()} && ${inner()}`,
    () => `${inner()} || ${inner()}`,
    () => `! ${simple(choice)}`,
    () => `${inner()}; ${inner()}`,
    () => `{ ${inner()}; }`,
    () => `( ${inner()} )`,
    () => `${group(choice, inner)} | ${filter(choice)}`,
    () => `${group(choice, inner)} | ${filter(choice)} | ${filter(choice)}`,
    () => `if ${condition(choice)}; then ${inner()}; else ${inner()}; fi`,
    () => `for x in ${words(choice)}; do ${inner()}; done`,
    () =>
      `k=0; while [ $k -lt 3 ]; do k=$((k+1)); ${inner()}; ${choice.pick(['', '[ $k = 2 ] && break;', '[ $k = 1 ] && continue;'])} echo r$k; done`,
    () =>
      `case ${word(choice)} in ${pattern(choice)}) ${inner()};; ${pattern(choice)}|x) ${inner()};; *) echo other;; esac`,
    () => `f() { ${inner()}; ${choice.pick(['return 3', 'local y=1', ':'])}; }; f ${words(choice)}`,
    () => `${inner()} > out; cat out`,
    () => `cat <<E\n${choice.pick(['a', '$x', `\${y:-b}`, '$((1+2))', '\\$x', '$(echo s)', '"q"', "'q'"])}\nE`,
    () => `printf 'a b\\nc d e\\n' | while read ${choice.pick(['x', 'x y', '-r x', 'x y z'])}; do echo "[$x|$y]"; done`,
    () => `eval ${word(choice)}; echo $?`,
    () => `trap 'echo trapped' EXIT`,
    () => `set -- ${words(choice)}; echo $# "$1"`,
  ])();
}

/** What can be redirected or piped as one. */
function group(choice: Choice, inner: () => string): string {
  return choice.pick([() => simple(choice), () => `{ ${inner()}; }`, () => `( ${inner()} )`])();
}

function simple(choice: Choice): string {
  return choice.pick<() => string>([
    () => `echo ${words(choice)}`,
    () => `echo ${words(choice)}`,
    () => `printf '%s,' ${words(choice)}`,
    () => `printf '<%s>\\n' ${words(choice)}`,
    () => `for w in ${words(choice)}; do printf '<%s>' "$w"; done`,
    () => `echo $((${arithmetic(choice, 3)}))`,
    () => `test ${word(choice)} ${choice.pick(['=', '!='])} ${word(choice)}; echo $?`,
    () => 'false',
    () => 'true',
    () => '(exit 3)',
    () => `expr ${choice.below(9)} ${choice.pick(['+', '-', "'*'", '/', '%', '<', '='])} ${1 + choice.below(9)}`,
    () => 'ls nofile 2>/dev/null',
    () => `seq ${choice.below(4)}`,
    () => 'nosuchcmd 2>/dev/null',
  ])();
}

function filter(choice: Choice): string {
  return choice.pick([
    ...[
      'cat',
      'wc -l',
      'sort',
      'sort -r',
      'tr a-m A-M',
      'head -n 1',
      'tail -n 1',
      'grep a',
      'grep -v a',
      'grep -c .',
      'uniq -c',
      'rev',
    ],
    ...[
      "sed 's/a/X/g'",
      'sed -n 1p',
      "sed '$d'",
      'cut -c1-3',
      'cut -d, -f1',
      'tr -d ,',
      'od -c',
      "sed -E 's/(.)(.)/\\2\\1/'",
      'tac',
    ],
    ...[
      'while read l; do echo "($l)"; done',
      '{ read l; echo "1:$l"; cat; }',
      'xargs echo',
      'base64',
      'nl',
      "grep -o '[a-c]*'",
    ],
  ]);
}

function condition(choice: Choice): string {
  return choice.pick([
    ...[
      'true',
      'false',
      '[ -n "$x" ]',
      '[ -z "$y" ]',
      '[ "$x" = a ]',
      '[ $# -gt 1 ]',
      'test -f f1',
      '[ ! -d f1 ]',
      '[ a = a -a b = c ]',
    ],
    ...['[[ "$x" == a* ]]', 'case "$x" in ?) true;; *) false;; esac', 'echo a | grep -q a'],
  ]);
}

function words(choice: Choice): string {
  return Array.from({ length: 1 + choice.below(3) }, () => word(choice)).join(' ');
}

function word(choice: Choice): string {
  return Array.from({ length: 1 + choice.below(2) }, () => part(choice, 2)).join('');
}

function part(choice: Choice, depth: number): string {
  const inner = () => (depth === 0 ? 'a' : part(choice, depth - 1));
  return choice.pick<() => string>([
    () => choice.pick(['a', 'b', 'abc', '1', '-n', 'a:b', '=', '.']),
    () => choice.pick(['"a b"', "'a  b'", '"$x"', "'$x'", '\\$x', '\\ ', '""', "''", '"a\\"b"', "$'a\\tb'"]),
    () => choice.pick(['$x', `\${y}`, '$@', '"$@"', '$*', '"$*"', '$#', '$1', `"\${2}"`, '$?', `\${#x}`, '"$y"']),
    () => `\${x${choice.pick([':-', '-', ':+', '+', ':=', '='])}${inner()}}`,
    () => `"\${y${choice.pick([':-', '-', ':+', '+'])}${inner()}}"`,
    () => `\${x${choice.pick(['#', '##', '%', '%%'])}${pattern(choice)}}`,
    () => `"\${x${choice.pick(['/', '//'])}${choice.pick(['a', 'b', '?', 'a*'])}/${choice.pick(['Z', '', 'zz'])}}"`,
    () => `\${x:${choice.below(3)}:${choice.below(3)}}`,
    () => `$(echo ${inner()})`,
    () => `"$(printf '%s\\n' ${inner()} b)"`,
    () => `\`echo ${choice.pick(['a', '$x', 'b c'])}\``,
    () => `$((${arithmetic(choice, 2)}))`,
    () => choice.pick(['f*', '?1', '[fg]*', '*.txt', 'nomatch*', '"f*"', '\\*']),
    () => choice.pick(['~', '{a,b}', 'a#b', '!', '%', '@', '+', ',']),
  ])();
}

function pattern(choice: Choice): string {
  return choice.pick([
    'a',
    'a*',
    '*',
    '?',
    '[ab]',
    '[!a]*',
    '*b',
    '"a"',
    "'*'",
    '*a*',
    '[a-c]?',
    '\\*',
    '$x',
    '"$x"',
    '""',
    '*[[:digit:]]',
  ]);
}

function arithmetic(choice: Choice, depth: number): string {
  if (depth === 0) return choice.pick(['1', '2', '7', 'i', 'n=3', '0x10', '010', '-5']).replace('n=3', '(n=3)');
  const inner = () => arithmetic(choice, depth - 1);
  return choice.pick<() => string>([
    () => inner(),
    () =>
      `${inner()} ${choice.pick(['+', '-', '*', '<', '>', '==', '!=', '&&', '||', '&', '|', '^', '<<', '<=', '/', '%', ','])} ${inner()}`,
    () => `(${inner()})`,
    () => `${choice.pick(['-', '!', '~', '+'])} ${inner()}`,
    () => `${inner()} ? (${inner().replaceAll(/[-+]{2}|=/g, '+')}) : (${inner().replaceAll(/[-+]{2}|=/g, '+')})`,
    () => choice.pick(['i+=2', 'i++', '++i', 'n=i*2', 'i--']).replace(/^(.*)$/, '($1)'),
  ])();
}
