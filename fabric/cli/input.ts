/** What users hand in: files of JSON or YAML, and documents in flags. */
import { parse } from 'yaml';
import { usageError } from './errors.ts';
import { unreadable } from './output/documents.ts';
import type { Surroundings } from './surroundings.ts';

/** `-` is standard input. A usage error when the file cannot be read. */
export async function readInput(surroundings: Surroundings, file: string): Promise<Buffer> {
  if (file === '-') return Buffer.concat(await Array.fromAsync(surroundings.input()));
  const { files } = surroundings.world;
  return files.read(absolute(surroundings, file)).catch((error: unknown) => {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** The document of a file, JSON or YAML. A usage error when it is none. */
export async function readDocument(surroundings: Surroundings, file: string): Promise<Record<string, unknown>> {
  return documentOf((await readInput(surroundings, file)).toString('utf8'), file);
}

/** A document out of a text; `where` is its file or flag. A usage error when it is no object. */
export function documentOf(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    // JSON is YAML.
    value = parse(text);
  } catch (error) {
    throw unreadable(where, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usageError(`${where} must hold one object, a document with its members`);
}

export function absolute({ workingFolder }: Pick<Surroundings, 'workingFolder'>, path: string): string {
  return path.startsWith('/') ? path : `${workingFolder.replace(/\/$/, '')}/${path}`;
}
