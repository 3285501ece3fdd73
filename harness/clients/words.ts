/** Words in braces, and parts of documents by path. Pure. */
import { isObject } from '../../fabric/http/index.ts';

/** Thrown when a text names what nobody has kept. */
export class UnknownWordError extends Error {
  override readonly name = 'UnknownWordError';
}

export type Words = Readonly<Record<string, string>>;

/** The text with words in place of `{name}`. Throws UnknownWordError. */
export function filledText(text: string, words: Words): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (Object.hasOwn(words, name)) return words[name] ?? whole;
    throw new UnknownWordError(`${whole} is not known yet`);
  });
}

/** The same in all texts of a JSON value. */
export function filled(value: unknown, words: Words): unknown {
  if (typeof value === 'string') return filledText(value, words);
  if (Array.isArray(value)) return value.map((each) => filled(each, words));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, words)]));
}

/** `tasks.0.name` of a document; an empty path is the whole. */
export function partAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((found, step) => {
    if (Array.isArray(found)) return found[Number(step)];
    return isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }, value);
}
