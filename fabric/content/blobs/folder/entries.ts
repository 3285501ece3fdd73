/**
 * Entries of the folder backend: a small JSON file for each key, replaced atomically, that names the file of its bytes.
 */
import type { Files } from '../../../../world/files.ts';
import { FileNotFoundError } from '../../../../world/files.ts';
import type { Drafts } from './drafts.ts';
import { entryPath, foldersOfPrefix, isEntry } from './paths.ts';

export interface Entry {
  readonly key: string;
  /** Name of the file that holds the bytes. */
  readonly data: string;
  readonly contentType: string;
  /** Of the bytes, until something is appended to them. */
  readonly sha256?: string;
  readonly modifiedAt: number;
  readonly expiresAt?: number;
}

export class Entries {
  readonly #files: Files;
  readonly #folder: string;
  readonly #drafts: Drafts;

  constructor(files: Files, folder: string, drafts: Drafts) {
    this.#files = files;
    this.#folder = folder;
    this.#drafts = drafts;
  }

  async read(key: string): Promise<Entry | undefined> {
    return this.#readFile(this.#pathOf(key));
  }

  async write(entry: Entry): Promise<void> {
    const draft = await this.#drafts.write([Buffer.from(JSON.stringify(entry))]);
    await this.#drafts.publish(draft, this.#pathOf(entry.key));
  }

  async remove(key: string): Promise<void> {
    await this.#files.remove(this.#pathOf(key));
  }

  /** All entries whose key begins with the prefix, in no order. */
  async *under(prefix: string): AsyncGenerator<Entry> {
    for (const folder of foldersOfPrefix(prefix)) {
      for await (const entry of this.#walk(`${this.#folder}${folder}`)) {
        if (entry.key.startsWith(prefix)) yield entry;
      }
    }
  }

  /** Removes folders that hold no entry any more. Only while nobody writes. */
  async prune(): Promise<void> {
    await this.#prune(this.#folder);
  }

  async #prune(folder: string): Promise<boolean> {
    let isEmpty = true;
    for (const name of await this.#files.list(folder)) {
      if (isEntry(name) || !(await this.#prune(`${folder}/${name}`))) isEmpty = false;
    }
    if (isEmpty) await this.#files.remove(folder);
    return isEmpty;
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

  #pathOf(key: string): string {
    return `${this.#folder}/${entryPath(key)}`;
  }
}
