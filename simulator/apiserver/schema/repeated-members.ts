/** Members that a JSON text names twice: parsers keep the last one, the real server speaks of it (semantics 1.14). */
import { quote } from '../../../cron/go-text.ts';

const word = /[^\s,:{}[\]"]+/y;
const space = /\s*/y;
const string = /"(?:[^"\\]|\\.)*"/y;

/**
 * Paths such as `metadata.labels.a` or `spec.containers[0].name`, in the order of the text, which `JSON.parse` has read
 * as `value`.
 */
export function repeatedMembers(text: string, value: unknown): string[] {
  // Written out again it has the same length: nothing was lost.
  if (JSON.stringify(value)?.length === text.length) return [];
  const reader = new Reader(text);
  reader.value('');
  return [...new Set(reader.repeated)];
}

/**
 * The words on unknown and repeated members of a JSON text in the order in which a reader of the text comes upon them.
 */
export function inTextOrder(text: string, problems: readonly string[]): string[] {
  if (problems.length < 2) return [...problems];
  const reader = new Reader(text);
  reader.value('');
  const wanted = new Set(problems);
  const found = [...reader.words].filter((each) => wanted.delete(each));
  return [...found, ...wanted];
}

class Reader {
  readonly repeated: string[] = [];
  /** What could be wrong with each member, as it is met. */
  readonly words = new Set<string>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    this.#skip(space);
    const first = this.#text[this.#at];
    if (first === '{') this.#object(path);
    else if (first === '[') this.#list(path);
    else this.#skip(first === '"' ? string : word);
    this.#skip(space);
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#at++;
    this.#skip(space);
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      const name = JSON.parse(this.#skip(string)) as string;
      const inner = path === '' ? name : `${path}.${name}`;
      if (seen.has(name)) this.repeated.push(inner);
      this.words.add(`${seen.has(name) ? 'duplicate' : 'unknown'} field ${quote(inner)}`);
      seen.add(name);
      this.#skip(space);
      this.#at++;
      this.value(inner);
      this.#passComma();
    }
    this.#at++;
  }

  #list(path: string): void {
    this.#at++;
    this.#skip(space);
    for (let index = 0; this.#at < this.#text.length && this.#text[this.#at] !== ']'; index++) {
      this.value(`${path}[${index}]`);
      this.#passComma();
    }
    this.#at++;
  }

  #passComma(): void {
    if (this.#text[this.#at] === ',') this.#at++;
    this.#skip(space);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
