/** Entries of the folder backend: a small JSON file for each key, replaced atomically, that names the file of its bytes. */
import type { Files } from '../../../../world/files.ts';
import { FileNotFoundError } from '../../../../world/files.ts';
import { entryPath, folderOfPrefix, isEntry } from './paths.ts';

export interface Entry {
  readonly key: string;
  /** Name of the file that holds the bytes. */
  readonly data: string;
  readonly contentType: string;
  readonly modifiedAt: number;
  readonly expiresAt?: number;
}

export class Entries {
  readonly #files: Files;
  readonly #folder: string;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  async read(key: string): Promise<Entry | undefined> {
    return this.#readFile(`${this.#folder}/${entryPath(key)}`);
  }

  async write(entry: Entry): Promise<void> {
    await this.#files.write(`${this.#folder}/${entryPath(entry.key)}`, JSON.stringify(entry));
  }

  async remove(key: string): Promise<void> {
    await this.#files.remove(`${this.#folder}/${entryPath(key)}`);
  }

  /** All entries whose key begins with the prefix, in no order. */
  async *under(prefix: string): AsyncGenerator<Entry> {
    for await (const entry of this.#walk(`${this.#folder}${folderOfPrefix(prefix)}`)) {
      if (entry.key.startsWith(prefix)) yield entry;
    }
  }

  async *#walk(folder: string): AsyncGenerator<Entry> {
    for (const name of await this.#files.list(folder)) {
      if (isEntry(name)) {
        const entry = await this.#readFile(`${folder}/${name}`);
        if (entry) yield entry;
      } else {
        yield* this.#walk(`${folder}/${name}`);
      }
    }
  }

  async #readFile(path: string): Promise<Entry | undefined> {
    try {
      return JSON.parse((await this.#files.read(path)).toString('utf8')) as Entry;
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }
}
