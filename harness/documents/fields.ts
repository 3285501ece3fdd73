/**
 * Reads documents that people write: faults, settings of the clock, lists of images. Each field that is asked for is
 * checked; at the end, what nobody asked for is refused, with the field that was probably meant. All that is wrong is
 * told at once.
 */
import { inspect } from 'node:util';
import { didYouMean } from '../../fabric/task/nearest-name.ts';

export interface FieldIssue {
  readonly field: string;
  /** Readable behind the field's name. */
  readonly message: string;
}

export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly issues: readonly FieldIssue[];

  constructor(issues: readonly FieldIssue[]) {
    super(issues.map(({ field, message }) => `${field} ${message}`).join('; '));
    this.issues = issues;
  }
}

export type Document = Readonly<Record<string, unknown>>;

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class Fields {
  readonly #document: Document;
  /** What the document is: `a fault of kind loss`. */
  readonly #what: string;
  readonly #asked = new Set<string>();
  readonly #issues: FieldIssue[] = [];

  constructor(document: Document, what: string) {
    this.#document = document;
    this.#what = what;
  }

  has(field: string): boolean {
    this.#asked.add(field);
    return Object.hasOwn(this.#document, field) && this.#document[field] !== undefined;
  }

  /** `{[field]: text}`, or nothing when it is absent. */
  optionalText<Field extends string>(field: Field): Partial<Record<Field, string>> {
    if (!this.has(field)) return {};
    const value = this.#document[field];
    if (typeof value === 'string' && value !== '') return { [field]: value } as Record<Field, string>;
    this.#refuse(field, 'a text that is not empty');
    return {};
  }

  /** What it returns counts only if `end` does not throw. */
  wholeNumber(field: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
    const value = this.#read(field);
    const isRight = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
    if (isRight) return value;
    const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
    this.#refuse(field, `a whole number ${range}`);
    return minimum;
  }

  /** A share of all cases, 0 to 1. */
  probability(field: string): number {
    const value = this.#read(field);
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    this.#refuse(field, 'a number from 0 to 1');
    return 0;
  }

  optionalTrue(field: string): boolean {
    if (!this.has(field)) return false;
    const value = this.#document[field];
    if (typeof value !== 'boolean') this.#refuse(field, 'true or false');
    return value === true;
  }

  /** One of the words; a refusal names those that are `told`. */
  oneOf<T extends string>(field: string, words: readonly [T, ...T[]], told: readonly string[] = words): T {
    const value = this.#read(field);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    this.#refuse(field, `one of ${told.join(', ')}`, typeof value === 'string' ? didYouMean(value, told) : '');
    return words[0];
  }

  refuse(field: string, message: string): void {
    this.#issues.push({ field, message });
  }

  /** Throws a DocumentError if anything was wrong, or if there is a field that was not asked for. */
  end(): void {
    const known = [...this.#asked];
    const unknown = Object.keys(this.#document).filter((field) => !this.#asked.has(field));
    const issues = [
      ...unknown.map((field) => ({
        field,
        message: `is no field of ${this.#what}${didYouMean(field, known) || `: there are ${known.join(', ')}`}`,
      })),
      ...this.#issues,
    ];
    if (issues.length > 0) throw new DocumentError(issues);
  }

  #read(field: string): unknown {
    return this.has(field) ? this.#document[field] : undefined;
  }

  #refuse(field: string, wanted: string, hint = ''): void {
    const given = this.has(field) ? `not ${shown(this.#document[field])}` : 'and is missing';
    this.#issues.push({ field, message: `must be ${wanted}, ${given}${hint}` });
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
}
