/**
 * `Object{spec: Object.spec{replicas: 3}}` and `JSONPatch{op: "add"}`: literals of structures, which the evaluator does not read,
 * written as calls that it does. Pure.
 */

/** What such a literal becomes a call of. */
export const structureCall = 'structure__';

const word = /[A-Za-z_]\w*/y;
const space = /(?:\s|\/\/[^\n]*)*/y;
/** Quoted in any of CEL's ways. */
const quoted = /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y;
const structure = /(?:Object(?:\.\w+)*|JSONPatch)(?=\s*\{)/y;
const member = /(\??)\s*([A-Za-z_]\w*)(?=\s*:)/y;

/** The expression in the evaluator's language. What has no such literal stays as it is. */
export function withoutLiterals(expression: string): string {
  return new Rewriter(expression).rewrite();
}

class Rewriter {
  readonly #text: string;
  #position = 0;
  /** What closes each bracket that is open: `)`, `]`, `}`, or `})` of a structure. */
  readonly #open: string[] = [];
  #result = '';
  /** At the place of a member's name, within a structure. */
  #expectsMember = false;

  constructor(text: string) {
    this.#text = text;
  }

  rewrite(): string {
    while (this.#position < this.#text.length) this.#step();
    return this.#result;
  }

  #step(): void {
    const before = this.#result;
    this.#copy(space);
    if (this.#expectsMember && this.#takeMember()) return;
    this.#expectsMember = false;
    if (this.#copy(quoted)) return;
    if (this.#takeStructure()) return;
    if (this.#copy(word)) return;
    if (this.#position < this.#text.length) this.#takeSign();
    else if (this.#result === before) this.#position = this.#text.length;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#position = pattern.lastIndex;
    return found;
  }

  #copy(pattern: RegExp): boolean {
    const [text = ''] = this.#match(pattern) ?? [];
    this.#result += text;
    return text !== '';
  }

  #takeMember(): boolean {
    const [, optional = '', name = ''] = this.#match(member) ?? [];
    if (name === '') return false;
    this.#result += `${optional}"${name}"`;
    this.#expectsMember = false;
    return true;
  }

  #takeStructure(): boolean {
    if (/[\w.]$/.test(this.#result)) return false;
    const [name] = this.#match(structure) ?? [];
    if (name === undefined) return false;
    this.#match(space);
    this.#position += 1;
    this.#open.push('})');
    this.#result += `${structureCall}("${name}", {`;
    this.#expectsMember = true;
    return true;
  }

  #takeSign(): void {
    const sign = this.#text[this.#position] ?? '';
    this.#position += 1;
    const closing = { '(': ')', '[': ']', '{': '}' }[sign];
    if (closing !== undefined) this.#open.push(closing);
    if (sign === ',' && this.#open.at(-1) === '})') this.#expectsMember = true;
    this.#result += ')]}'.includes(sign) ? (this.#open.pop() ?? sign) : sign;
  }
}
