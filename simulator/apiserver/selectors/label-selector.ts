/**
 * Label selectors: a lexer and a parser, so that what cannot be parsed is refused in the words of the real server.
 * Models apimachinery's pkg/labels/selector.go; semantics 1.7.
 */
import { quote } from '../../../cron/go-text.ts';
import { ownMember } from '../../../world/members.ts';
import { badRequest } from '../errors.ts';
import { labelValueReasons, qualifiedName } from '../schema/names.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const endOfString = '';
const symbols = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'];
const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];

interface Token {
  readonly text: string;
  /** False for symbols and for the end. */
  readonly isWord: boolean;
}

export interface RequiredLabel {
  readonly key: string;
  readonly value: string;
}

export interface LabelSelector {
  readonly matches: LabelTest;
  /** A label that whatever matches has, if the selector says so: then not all objects have to be looked at. */
  readonly required?: RequiredLabel;
}

interface Requirement {
  readonly test: LabelTest;
  readonly equal?: RequiredLabel;
}

/** `a=b,c in (d,e),!f`; undefined when the text is empty. 400 when it cannot be parsed. */
export function parseLabelSelector(text: string | undefined): LabelSelector | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const requirements = new Parser(tokensOf(text)).selector();
  const required = requirements.find(({ equal }) => equal)?.equal;
  return {
    matches: (labels) => requirements.every(({ test }) => test(labels)),
    ...(required === undefined ? {} : { required }),
  };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const symbol = symbols.find((each) => rest.startsWith(each));
    const found = symbol ?? /^[^\s=!(),<>]+/.exec(rest)?.[0] ?? rest;
    tokens.push({ text: found, isWord: symbol === undefined });
    rest = rest.slice(found.length).trimStart();
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  selector(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (isEnd(first)) return requirements;
      if (!first.isWord && first.text !== '!') throw found(first, "!, identifier, or 'end of string'");
      requirements.push(this.#requirement());
      const next = this.#take();
      if (isEnd(next)) return requirements;
      if (next.isWord || next.text !== ',') throw found(next, "',' or 'end of string'");
      const after = this.#peek();
      if (!after.isWord && after.text !== '!') throw found(after, "identifier after ','");
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { text: endOfString, isWord: false };
  }

  #take(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #requirement(): Requirement {
    const isAbsent = this.#peek().text === '!';
    if (isAbsent) this.#take();
    const word = this.#take();
    if (!word.isWord) throw inRequirement(found(word, 'identifier').message);
    const key = word.text;
    checkKey(key);
    if (isAbsent) return { test: (labels) => ownMember(labels, key) === undefined };
    const next = this.#peek();
    if (isEnd(next) || next.text === ',') return { test: (labels) => ownMember(labels, key) !== undefined };
    return this.#comparison(key);
  }

  #comparison(key: string): Requirement {
    const operator = this.#take();
    switch (operator.text) {
      case 'in':
      case 'notin': {
        const values = this.#values();
        values.forEach((value, index) => {
          checkValue(key, value, index);
        });
        const isIn = (labels: Labels) => values.includes(ownMember(labels, key) as string);
        return { test: operator.text === 'in' ? isIn : (labels) => !isIn(labels) };
      }
      case '=':
      case '==':
        return equals(key, this.#value());
      case '!=': {
        const { test } = equals(key, this.#value());
        return { test: (labels) => !test(labels) };
      }
      case '>':
      case '<':
        return { test: ordered(key, operator.text, this.#value()) };
      default:
        throw inRequirement(found(operator, operators.join(', ')).message);
    }
  }

  #value(): string {
    const next = this.#peek();
    if (isEnd(next) || (!next.isWord && next.text === ',')) return '';
    this.#take();
    if (!next.isWord) throw inRequirement(found(next, 'identifier').message);
    return next.text;
  }

  /** `(a,b)`; an empty place between commas is an empty value. */
  #values(): string[] {
    const opening = this.#take();
    if (opening.text !== '(') throw inRequirement(`found '${opening.text}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.isWord) {
        values.push(token.text);
        const next = this.#take();
        if (next.text === ')') return values;
        if (next.text !== ',') throw inRequirement(found(next, "',' or ')'").message);
      } else if (token.text === ',' || (token.text === ')' && this.#isAfterComma())) values.push('');
      else if (token.text === ')' && values.length === 0) values.push('');
      else if (token.text !== ')') throw inRequirement(found(token, "',', ')' or identifier").message);
      if (!token.isWord && token.text === ')') return values;
    }
  }

  #isAfterComma(): boolean {
    return this.#tokens[this.#at - 2]?.text === ',';
  }
}

function isEnd(token: Token): boolean {
  return !token.isWord && token.text === endOfString;
}

function found(token: Token, expected: string) {
  return badRequest(`found '${token.text}', expected: ${expected}`);
}

function inRequirement(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}

function checkKey(key: string): void {
  const [reason] = qualifiedName(key);
  if (reason !== undefined) throw inRequirement(`<nil>: Invalid value: ${quote(key)}: ${reason}`);
}

function checkValue(key: string, value: string, index: number): void {
  const [reason] = labelValueReasons(value);
  if (reason === undefined) return;
  throw inRequirement(`values[${index}][${key}]: Invalid value: ${quote(value)}: ${reason}`);
}

function equals(key: string, value: string): Requirement {
  checkValue(key, value, 0);
  return { test: (labels) => ownMember(labels, key) === value, equal: { key, value } };
}

const wholeNumber = /^[-+]?\d+$/;

function ordered(key: string, operator: '>' | '<', value: string): LabelTest {
  if (!wholeNumber.test(value)) {
    const why = `for 'Gt', 'Lt' operators, the value must be an integer`;
    throw inRequirement(`values[0]: Invalid value: ${quote(value)}: ${why}`);
  }
  const limit = Number(value);
  return (labels) => {
    const label = ownMember(labels, key);
    if (label === undefined || !wholeNumber.test(label)) return false;
    return operator === '>' ? Number(label) > limit : Number(label) < limit;
  };
}
