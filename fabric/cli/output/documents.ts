/** Documents as they are printed: JSON for people and for pipes, and what a JMESPath expression takes out of it. */
import { type JSONValue, search } from '@jmespath-community/jmespath';
import { stringify } from 'yaml';
import { type CommandError, usageError } from '../errors.ts';

/** Of several lines; a text by itself has no quotes where an expression has chosen it. */
export function documentText(value: unknown, expression?: string): string {
  const chosen = expression === undefined ? value : chosenBy(expression, value);
  return JSON.stringify(chosen ?? null, null, 2);
}

export function yamlText(value: unknown): string {
  return stringify(value).trimEnd();
}

/** What the expression takes out of a document. A usage error when it is none. */
export function chosenBy(expression: string, value: unknown): unknown {
  try {
    return search(value as JSONValue, expression);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError(`${JSON.stringify(expression)} is no JMESPath expression for this: ${why}`);
  }
}

/** A document of a file or a flag: JSON, or YAML. A usage error that says where it stands. */
export function unreadable(where: string, error: unknown): CommandError {
  return usageError(`${where} is neither JSON nor YAML: ${error instanceof Error ? error.message : String(error)}`);
}
