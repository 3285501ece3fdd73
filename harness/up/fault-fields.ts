/** The fields of a fault that came as a JSON document, each checked. */
export class FaultFormatError extends Error {
  override readonly name = 'FaultFormatError';
  readonly field: string;

  constructor(field: string, wanted: string, given: unknown) {
    super(`${field} must be ${wanted}, not ${JSON.stringify(given)}`);
    this.field = field;
  }
}

export type Document = Readonly<Record<string, unknown>>;

export function optionalText(document: Document, field: string): Record<string, string> {
  const value = document[field];
  if (value === undefined) return {};
  if (typeof value !== 'string') throw new FaultFormatError(field, 'a text', value);
  return { [field]: value };
}

export function number(document: Document, field: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const value = document[field];
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw new FaultFormatError(
    field,
    `a number from ${minimum}${maximum === Number.MAX_SAFE_INTEGER ? ' on' : ` to ${maximum}`}`,
    value,
  );
}

/** One of the words; a refusal names those that are `told`. */
export function oneOf<T extends string>(
  document: Document,
  field: string,
  words: readonly T[],
  told: readonly string[] = words,
): T {
  const value = document[field];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new FaultFormatError(field, `one of ${told.join(', ')}`, value);
  return word;
}
