/**
 * Whether what a file exports is a scenario: files may be JavaScript, and a misspelt need would make a scenario "not
 * here" everywhere.
 */
import { didYouMean } from '../../fabric/task/nearest-name.ts';
import { abilities } from '../environments/environment.ts';

/** Members of a definition, and what they must be. */
const members = { title: 'a text', needs: 'a list', fabric: 'an object', play: 'a function' } as const;

/** Of `fabric`, and what they must be. */
const settings = {
  startAt: 'a text',
  gateway: 'true or false',
  content: 'true or false',
  logTtlSeconds: 'a number',
  reportsPerSecond: 'a number',
  logRotation: 'an object',
} as const;

const rotation = { maximumFiles: 'a number', maximumFileBytes: 'a number', checkIntervalMs: 'a number' } as const;

type Kind = 'a text' | 'a list' | 'an object' | 'a function' | 'true or false' | 'a number';

/** All that is wrong with the module of a scenario, in words; empty when it is one. */
export function definitionFaults(module: object): string[] {
  if (!('default' in module)) return ['it has no default export: write export default scenario({ title, play })'];
  const definition: unknown = module.default;
  if (kindOf(definition) !== 'an object') {
    return [
      `its default export is ${kindOf(definition)}, not a scenario: write export default scenario({ title, play })`,
    ];
  }
  const { title, needs = [], fabric = {}, play } = definition as Record<string, unknown>;
  const faults = memberFaults('a scenario', definition as object, members);
  if (title === undefined) faults.push('it has no title: one sentence that is true when it passes');
  if (play === undefined) faults.push('it has no play: async play({ given, when, then }) { … }');
  if (Array.isArray(needs)) faults.push(...needFaults(needs));
  if (kindOf(fabric) !== 'an object') return faults;
  faults.push(...memberFaults('fabric', fabric as object, settings));
  const { logRotation = {} } = fabric as { logRotation?: unknown };
  if (kindOf(logRotation) === 'an object') {
    faults.push(...memberFaults('fabric.logRotation', logRotation as object, rotation));
  }
  return faults;
}

function memberFaults(what: string, value: object, known: Readonly<Record<string, Kind>>): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known);
      return [`${name} is no member of ${what}${didYouMean(name, names) || `: there are ${names.join(', ')}`}`];
    }
    const isRight = member === undefined || kindOf(member) === known[name];
    return isRight ? [] : [`${name} must be ${known[name]}, and is ${kindOf(member)}`];
  });
}

function needFaults(needs: readonly unknown[]): string[] {
  return needs
    .filter((need) => !abilities.some((ability) => ability === need))
    .map((need) => {
      const hint = didYouMean(String(need), abilities) || `: there are ${abilities.join(', ')}`;
      return `no environment has ${JSON.stringify(need)}, which it needs${hint}`;
    });
}

function kindOf(value: unknown): Kind | string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const kinds: Record<string, Kind> = {
    string: 'a text',
    object: 'an object',
    function: 'a function',
    boolean: 'true or false',
    number: 'a number',
  };
  return kinds[typeof value] ?? typeof value;
}
