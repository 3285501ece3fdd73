/** The images that are local commands: the project's own skills, and what the user's file adds. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LocalImage } from '../../simulator/node/runtimes/processes/local-images.ts';
import { DocumentError, Fields, isDocument } from '../documents/fields.ts';
import { skillImages } from '../environments/skill-images.ts';

export class ImagesFileError extends Error {
  override readonly name = 'ImagesFileError';
  readonly file: string;

  constructor(file: string, what: string) {
    super(
      `--images ${file}: ${what}; write {"my/image": {"command": ["python3", "main.py"], "folder": "skills/mine"}}`,
    );
    this.file = file;
  }
}

/** Folders in the file are relative to it. */
export function readImages(file: string | undefined): Readonly<Record<string, LocalImage>> {
  if (file === undefined) return skillImages;
  const images = new Map<string, LocalImage>();
  for (const [image, entry] of Object.entries(parse(file))) {
    if (!isDocument(entry)) throw new ImagesFileError(file, `${image} must be an object with a command`);
    const { command, folder } = entry;
    const fields = new Fields(entry, `the image ${image}`);
    fields.has('command');
    fields.optionalText('folder');
    endOf(fields, file);
    const isCommand = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string');
    if (!isCommand) throw new ImagesFileError(file, `the command of ${image} must be a list of texts`);
    images.set(image, { command: command as string[], folder: resolve(dirname(file), String(folder ?? '.')) });
  }
  return { ...skillImages, ...Object.fromEntries(images) };
}

function endOf(fields: Fields, file: string): void {
  try {
    fields.end();
  } catch (error) {
    if (error instanceof DocumentError) throw new ImagesFileError(file, error.message);
    throw error;
  }
}

function parse(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new ImagesFileError(file, error instanceof Error ? error.message : String(error));
  }
  throw new ImagesFileError(file, 'not a JSON object');
}
