/**
 * Reads an expression. Source: cel-go parser/gen/CEL.g4 and parser/parser.go; messages are those of its generated
 * parser.
 */
import type { Value } from '../values/value.ts';
import type { Expression, ListItem, MapEntry, StructField } from './expression.ts';
import { CompileError, type Issue } from './issues.ts';
import { type Token, tokensOf } from './lexer.ts';
import { bytesOf, doubleOf, intOf, textOf, uintOf } from './literals.ts';
import { expandCall, expandMethod, MacroError } from './macros.ts';

/** Parts within parts; deeper is refused, as upstream. */
const DEPTH_MAX = 250;
const LENGTH_MAX = 100_000;

const operands =
  "'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";

/** Of these, a stronger one binds before a weaker one. */
const strengths: ReadonlyMap<string, number> = new Map([
  ...['<', '<=', '>=', '>', '==', '!=', 'in'].map((sign) => [sign, 1] as const),
  ...['+', '-'].map((sign) => [sign, 2] as const),
  ...['*', '/', '%'].map((sign) => [sign, 3] as const),
]);

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** The tree of the expression. Throws CompileError. */
export function parse(source: string): Expression {
  const length = [...source].length;
  if (length > LENGTH_MAX) {
    const message = `expression code point size exceeds limit: size: ${length}, limit ${LENGTH_MAX}`;
    throw new CompileError('', [{ at: 0, message }]);
  }
  return new Parser(source).parse();
}

/** Ends the reading at the first thing that does not fit. */
class Unreadable extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.issue = issue;
  }
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #issues: Issue[];
  #position = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    const { tokens, issues } = tokensOf(source);
    this.#tokens = tokens;
    this.#issues = issues;
  }

  parse(): Expression {
    try {
      const expression = this.#expression();
      if (this.#token().kind !== 'end') this.#unexpected('<EOF>', this.#peek(1).kind === 'end');
      if (this.#issues.length === 0) return expression;
    } catch (error) {
      if (error instanceof Unreadable) this.#issues.push(error.issue);
      else if (error instanceof MacroError) this.#issues.push({ at: error.at, message: error.message });
      else throw error;
    }
    throw new CompileError(this.#source, this.#issues);
  }

  #token(): Token {
    return this.#peek(0);
  }

  #peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)] ?? { kind: 'end', text: '', at: 0 };
  }

  #take(): Token {
    const token = this.#token();
    this.#position += 1;
    return token;
  }

  #isSign(sign: string, ahead = 0): boolean {
    const { kind, text } = this.#peek(ahead);
    return kind === 'sign' && text === sign;
  }

  #takeSign(sign: string): Token | undefined {
    return this.#isSign(sign) ? this.#take() : undefined;
  }

  #expect(sign: string): Token {
    if (this.#isSign(sign)) return this.#take();
    if (this.#token().kind === 'end') {
      throw this.#unreadable(this.#token().at, `Syntax error: missing '${sign}' at '<EOF>'`);
    }
    return this.#unexpected(`'${sign}'`, this.#isSign(sign, 1));
  }

  #unexpected(expected: string, isExtraneous: boolean): never {
    const { at, text } = this.#token();
    const what = isExtraneous ? 'extraneous' : 'mismatched';
    throw this.#unreadable(at, `Syntax error: ${what} input '${text}' expecting ${expected}`);
  }

  #unreadable(at: number, message: string): Unreadable {
    return new Unreadable({ at, message });
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#tooDeep();
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #tooDeep(): Unreadable {
    return this.#unreadable(0, `expression recursion limit exceeded: ${DEPTH_MAX}`);
  }

  #expression(): Expression {
    return this.#deeper(() => {
      const condition = this.#junction('||');
      const question = this.#takeSign('?');
      if (question === undefined) return condition;
      const yes = this.#junction('||');
      this.#expect(':');
      return { kind: 'call', at: question.at, name: '_?_:_', args: [condition, yes, this.#expression()] };
    });
  }

  /** `a || b || c` is one call with all its terms. */
  #junction(sign: '||' | '&&'): Expression {
    const term = (): Expression => (sign === '||' ? this.#junction('&&') : this.#binary(1));
    const terms = [term()];
    let at: number | undefined;
    while (this.#isSign(sign)) {
      at ??= this.#token().at;
      this.#take();
      terms.push(term());
    }
    const [only] = terms;
    if (at === undefined && only !== undefined) return only;
    return { kind: 'call', at: at ?? 0, name: `_${sign}_`, args: terms };
  }

  #binary(strength: number): Expression {
    if (strength > 3) return this.#unary();
    let left = this.#binary(strength + 1);
    for (let chained = 1; ; chained += 1) {
      const { kind, text, at } = this.#token();
      if (kind !== 'sign' || strengths.get(text) !== strength) return left;
      if (chained > DEPTH_MAX) throw this.#tooDeep();
      this.#take();
      const name = text === 'in' ? '@in' : `_${text}_`;
      left = { kind: 'call', at, name, args: [left, this.#binary(strength + 1)] };
    }
  }

  #unary(): Expression {
    const first = this.#token();
    if (this.#isSign('-') && ['int', 'double'].includes(this.#peek(1).kind)) return this.#member(this.#number());
    if (!this.#isSign('!') && !this.#isSign('-')) return this.#member(this.#primary());
    let count = 0;
    while (this.#takeSign(first.text)) count += 1;
    if (this.#token().kind === 'end') this.#signAtEnd(first.text);
    const operand = this.#deeper(() => this.#member(this.#primary()));
    if (count % 2 === 0) return operand;
    return { kind: 'call', at: first.at, name: `${first.text}_`, args: [operand] };
  }

  /** The generated parser has words of its own for these. */
  #signAtEnd(sign: string): never {
    const { at } = this.#token();
    if (sign === '!') this.#unexpected(`{${operands}}`, true);
    this.#issues.push({ at, message: `Syntax error: no viable alternative at input '${sign}'` });
    this.#unexpected(`{${operands}}`, false);
  }

  #member(first: Expression): Expression {
    let expression = first;
    for (let chained = 1; ; chained += 1) {
      if (chained > DEPTH_MAX) throw this.#tooDeep();
      const dot = this.#takeSign('.');
      const bracket = dot ? undefined : this.#takeSign('[');
      if (dot) expression = this.#selected(expression, dot);
      else if (bracket) expression = this.#indexed(expression, bracket);
      else return expression;
    }
  }

  #selected(operand: Expression, dot: Token): Expression {
    const isOptional = this.#takeSign('?') !== undefined;
    const field = this.#token();
    if (field.kind === 'quoted') throw this.#unreadable(field.at, "unsupported syntax: '`'");
    if (field.kind !== 'identifier') {
      if (field.kind === 'end') this.#unexpected("{'?', IDENTIFIER, ESC_IDENTIFIER}", false);
      throw this.#unreadable(field.at, `Syntax error: no viable alternative at input '.${field.text}'`);
    }
    this.#take();
    const open = isOptional ? undefined : this.#takeSign('(');
    if (open === undefined) {
      return { kind: 'select', at: dot.at, operand, field: field.text, isTest: false, isOptional };
    }
    const args = this.#arguments();
    return (
      expandMethod(operand, field.text, args, open.at) ?? {
        kind: 'call',
        at: open.at,
        name: field.text,
        target: operand,
        args,
      }
    );
  }

  #indexed(operand: Expression, bracket: Token): Expression {
    const name = this.#takeSign('?') ? '_[?_]' : '_[_]';
    const index = this.#expression();
    this.#expect(']');
    return { kind: 'call', at: bracket.at, name, args: [operand, index] };
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#takeSign(')')) return args;
    do args.push(this.#expression());
    while (this.#takeSign(','));
    this.#expect(')');
    return args;
  }

  #primary(): Expression {
    const token = this.#token();
    switch (token.kind) {
      case 'identifier':
        return this.#named('', token);
      case 'int':
      case 'double':
        return this.#number();
      case 'uint':
        return this.#literal(uintOf(token.text), 'invalid uint literal');
      case 'string':
        return this.#literal(textOf(token.text), 'unable to unescape string');
      case 'bytes':
        return this.#literal(bytesOf(token.text), 'unable to unescape string');
      case 'sign':
        return this.#signed(token);
      default:
        return this.#unexpected(`{${operands}}`, false);
    }
  }

  #signed(token: Token): Expression {
    if (token.text === 'true' || token.text === 'false') return this.#literal(token.text === 'true', '');
    if (token.text === 'null') return this.#literal(null, '');
    if (token.text === '(') return this.#nested();
    if (token.text === '[') return this.#list();
    if (token.text === '{') return this.#map();
    if (token.text === '.' && this.#peek(1).kind === 'identifier') {
      this.#take();
      return this.#named('.', this.#token());
    }
    const { kind, text } = this.#peek(1);
    const canGoOn =
      kind !== 'end' && (kind !== 'sign' || ['[', '{', '(', '-', '!', 'true', 'false', 'null'].includes(text));
    return this.#unexpected(`{${operands}}`, canGoOn);
  }

  #literal(value: Value | undefined, problem: string): Expression {
    const { at } = this.#take();
    if (value === undefined) throw this.#unreadable(at, problem);
    return valueLiteral(at, value);
  }

  #number(): Expression {
    const minus = this.#takeSign('-');
    const token = this.#take();
    const text = `${minus ? '-' : ''}${token.text}`;
    const value = token.kind === 'double' ? doubleOf(text) : intOf(text);
    const at = minus?.at ?? token.at;
    if (value === undefined) throw this.#unreadable(at, `invalid ${token.kind} literal`);
    return valueLiteral(at, value);
  }

  #nested(): Expression {
    this.#take();
    const inner = this.#expression();
    this.#expect(')');
    return inner;
  }

  #named(dot: '' | '.', token: Token): Expression {
    this.#take();
    const whole = this.#structureName(token);
    if (whole !== undefined) return this.#struct(`${dot}${whole}`);
    if (reserved.has(token.text)) throw this.#unreadable(token.at, `reserved identifier: ${token.text}`);
    const open = this.#takeSign('(');
    if (open === undefined) return { kind: 'identifier', at: token.at, name: `${dot}${token.text}` };
    const args = this.#arguments();
    return expandCall(token.text, args, open.at) ?? { kind: 'call', at: open.at, name: `${dot}${token.text}`, args };
  }

  /** `a.b.C` when `{` follows; it is read then. */
  #structureName(first: Token): string | undefined {
    let ahead = 0;
    let name = first.text;
    while (this.#isSign('.', ahead) && this.#peek(ahead + 1).kind === 'identifier') {
      name += `.${this.#peek(ahead + 1).text}`;
      ahead += 2;
    }
    if (!this.#isSign('{', ahead)) return undefined;
    this.#position += ahead;
    return name;
  }

  #list(): Expression {
    const { at } = this.#take();
    const items = this.#separated<ListItem>(']', () => {
      const isOptional = this.#takeSign('?') !== undefined;
      return { isOptional, value: this.#expression() };
    });
    return { kind: 'list', at, items };
  }

  #map(): Expression {
    const { at } = this.#take();
    if (this.#token().kind === 'end') {
      this.#unexpected(
        `{${operands.replace("'{', '('", "'{', '}', '('").replace("'.', '-', '!'", "'.', ',', '-', '!', '?'")}}`,
        false,
      );
    }
    const entries = this.#separated<MapEntry>('}', () => {
      const isOptional = this.#takeSign('?') !== undefined;
      const key = this.#expression();
      this.#expect(':');
      return { isOptional, key, value: this.#expression() };
    });
    return { kind: 'map', at, entries };
  }

  #struct(name: string): Expression {
    const { at } = this.#take();
    const fields = this.#separated<StructField>('}', () => {
      const isOptional = this.#takeSign('?') !== undefined;
      const field = this.#take();
      if (field.kind !== 'identifier') {
        throw this.#unreadable(
          field.at,
          `Syntax error: mismatched input '${field.text}' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}`,
        );
      }
      const colon = this.#expect(':');
      return { isOptional, name: field.text, at: colon.at, value: this.#expression() };
    });
    return { kind: 'struct', at, name: name.replace(/^\./, ''), fields };
  }

  /** Items up to the closing sign; a comma may stand at the end, or alone. */
  #separated<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    if (this.#takeSign(',')) {
      this.#expect(close);
      return items;
    }
    while (!this.#isSign(close)) {
      items.push(read());
      if (!this.#takeSign(',')) break;
    }
    if (this.#token().kind === 'end') this.#unexpected(`{'${close}', ','}`, false);
    this.#expect(close);
    return items;
  }
}

function valueLiteral(at: number, value: Value): Expression {
  return { kind: 'literal', at, value };
}
