/** Which types the clauses of `format` take, and what is said of others. Source: cel-go ext/formatting.go. */
import { type Type, typeText } from '../check/types.ts';

interface Clause {
  readonly takes: readonly string[];
  readonly rule: string;
}

const doubles = ['double', 'string'];
const all = 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';

const clauses: ReadonlyMap<string, Clause> = new Map([
  ['d', { takes: ['int', 'uint'], rule: 'decimal clause can only be used on integers' }],
  ['f', { takes: doubles, rule: 'fixed-point clause can only be used on doubles' }],
  ['e', { takes: doubles, rule: 'scientific clause can only be used on doubles' }],
  ['b', { takes: ['int', 'uint', 'bool'], rule: 'only integers and bools can be formatted as binary' }],
  ['o', { takes: ['int', 'uint'], rule: 'octal clause can only be used on integers' }],
  ...['x', 'X'].map((letter): [string, Clause] => [
    letter,
    {
      takes: ['int', 'uint', 'string', 'bytes'],
      rule: 'only integers, byte buffers, and strings can be formatted as hex',
    },
  ]),
  [
    's',
    {
      takes: [
        ...['string', 'bool', 'bytes', 'int', 'uint', 'double', 'map', 'list', 'type', 'duration', 'timestamp', 'null'],
      ],
      rule: `string clause can only be used on ${all}`,
    },
  ],
]);

/** The letters of the clauses, in order. */
export function clausesOf(format: string): string[] {
  return [...format.matchAll(/%(?:%|(?:\.\d*)?([\s\S]))/g)].flatMap(([, letter]) =>
    letter === undefined ? [] : [letter],
  );
}

export function isClause(letter: string): boolean {
  return clauses.has(letter);
}

/** Why the clause does not take the type; what is only known at run time is taken. */
export function clauseProblem(letter: string, type: Type): string | undefined {
  const clause = clauses.get(letter);
  if (clause === undefined) {
    return `could not parse formatting clause: unrecognized formatting clause "${letter}"`;
  }
  if (type.kind === 'dyn' || type.kind === 'error' || clause.takes.includes(type.kind)) return undefined;
  const name = type.parameters.length > 0 ? type.name : typeText(type);
  return `error during formatting: ${clause.rule}, was given ${name}`;
}
