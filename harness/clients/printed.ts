/** What a client prints of an answer. Pure. */
import { isObject } from '../../fabric/http/index.ts';
import { partAt, type Words } from './words.ts';

/** `prints` of the recording: `json`, `logs`, `rows of PATH: A, B`, or a text with parts of the answer in braces. */
export function printedOf(prints: string, text: string, json: unknown, words: Words): string {
  if (prints === 'json') return json === undefined ? text : JSON.stringify(json);
  if (prints === 'logs') {
    const logs = partAt(json, 'logs');
    return typeof logs === 'string' ? logs : text;
  }
  const [, place, columns] = /^rows of (\S*?) ?: (.+)$/.exec(prints) ?? [];
  if (place !== undefined && columns !== undefined) return rows(partAt(json, place), columns.split(', '));
  return prints.replace(/\{([\w.]+)\}/g, (_, path: string) => words[path] ?? cell(partAt(json, path)));
}

function rows(value: unknown, columns: readonly string[]): string {
  if (!Array.isArray(value)) return '';
  return value
    .map((row) => columns.map((column) => cell(isObject(row) ? row[column] : undefined)).join('  '))
    .join('\n');
}

/** Missing and null print a dash; all else has to have `toString`. */
function cell(value: unknown): string {
  return value === undefined || value === null ? '-' : String(value);
}
