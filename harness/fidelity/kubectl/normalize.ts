/**
 * Makes what kubectl printed comparable: what each cluster draws by itself becomes a placeholder, numbered by first
 * appearance in the case, so that "the same uid as before" is still compared. Gaps between columns become two blanks:
 * their width follows from what stands in them.
 */
import type { Target } from './play.ts';
import type { Output } from './transcript.ts';

type Rule = readonly [pattern: RegExp, kind: string, by?: 'name'];

/**
 * Numbered: which of them is the same counts. The first group, when there is one, is kept; the second is replaced. By
 * name: those that follow the same name are numbered by themselves, so that it does not matter whether `a-x7kq9` or
 * `b-mz2vd` is printed first.
 */
const DRAWN: readonly Rule[] = [
  [/()([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g, 'uid'],
  [/(resourceVersion"?: ?"?)(\d+)(?=")/g, 'version'],
  [/(Resource Version: +)(\d+)$/gm, 'version'],
  [/([a-z0-9]\.)([0-9a-f]{16})\b/g, 'event'],
  [/\b([a-z0-9][a-z0-9.-]*-)([bcdfghjklmnpqrstvwxz2456789]{5})\b(?![-.]?[a-z])/g, 'suffix', 'name'],
];

/** Told, not numbered: they differ from run to run. */
const TOLD: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/g, '<time>'],
  [/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?(?: [+-]\d{4})?(?: UTC)?/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|UTC)/g, '<time>'],
  // Notes of kubectl on how its own watches went, which depends on chance.
  [/^I\d{4} \d{2}:\d{2}:\d{2}\.\d+ +\d+ reflector.*\n/gm, ''],
  [/^([EWI])\d{4} \d{2}:\d{2}:\d{2}\.\d+ +\d+ /gm, '$1 '],
  [/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g, '<certificate>'],
  [/(?<=[a-z]-)2\d{7}\b/g, '<minute>'],
  [/\b10\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, '<address>'],
  [/\b127\.0\.0\.1(?::\d+)?\b/g, '<address>'],
  [/(?<=Port"?: )\d{5}\b/g, '<port>'],
  // Ages and durations: alone in a cell, or behind a word of describe. `<unknown>` and `<invalid>` stay.
  [/(?<=^|\s|\()(?:\d+[smhd]){1,2}(?=$|[\s),])/gm, '<age>'],
  // How often an event came together with its like depends on when they came.
  [/<age> \(x\d+ over <age>\)/g, '<age>'],
  [/(?<=\S) {2,}/g, '  '],
  [/ +$/gm, ''],
];

export function normalize(outputs: readonly Output[], target: Target): Output[] {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const placeholder = (kind: string, value: string, name = '') => {
    const key = `${kind} ${name}${value}`;
    const group = `${kind} ${name}`;
    const count = (counts.get(group) ?? 0) + (known.has(key) ? 0 : 1);
    counts.set(group, count);
    const found = known.get(key) ?? `<${kind} ${count}>`;
    known.set(key, found);
    return found;
  };
  const text = (printed: string, placeholderOf: typeof placeholder) => {
    const own = printed.replaceAll(target.url, '<server>').replaceAll(new URL(target.url).host, '<address>');
    const told = TOLD.reduce((result, [pattern, word]) => result.replaceAll(pattern, word), own);
    return DRAWN.reduce(
      (result, [pattern, kind, by]) =>
        result.replaceAll(pattern, (_all, before: string, value: string) => {
          return `${before}${placeholderOf(kind, value, by === 'name' ? before : '')}`;
        }),
      told,
    );
  };
  return outputs.map((output) => {
    const told = text(output.out, placeholder);
    const lines = output.exit === 'ended' ? withoutRepeated(told) : told;
    // What a refusal names comes and goes with its words: only that it is a uid counts.
    const err = causesInOrder(text(output.err, (kind) => `<${kind}>`));
    return { ...output, out: output.sorted ? sortLines(lines) : lines, err };
  });
}

/** Go goes through the properties of a schema in any order. */
function causesInOrder(lines: string): string {
  return lines.replaceAll(/(?:^\* .*\n){2,}/gm, (causes) => `${causes.trimEnd().split('\n').sort().join('\n')}\n`);
}

/**
 * A watch shows a row for each change of the object, also for one that changes no cell: how many these are depends on
 * chance.
 */
function withoutRepeated(lines: string): string {
  const all = lines.trimEnd().split('\n');
  return all.filter((line, index) => line !== all[index - 1]).join('\n');
}

function sortLines(text: string): string {
  return `${text.trimEnd().split('\n').sort().join('\n')}\n`;
}
