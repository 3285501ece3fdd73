/**
 * What is being written to the folder backend: files in a folder of their own, which become what they are to be by one
 * rename, when they are whole and on the disk. What is there and nobody writes any more was left by a killed process.
 */
import { dirname } from 'node:path/posix';
import type { World } from '../../../../world/world.ts';

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export class Drafts {
  readonly #world: World;
  readonly #folder: string;
  readonly #underWay = new Set<string>();

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = folder;
  }

  /** Writes a draft and resolves with its name. When the source breaks, nothing is left. */
  async write(source: Bytes): Promise<string> {
    const name = this.#newName();
    this.#underWay.add(name);
    try {
      await appendAll(this.#world, this.#pathOf(name), source);
      await this.#world.files.sync(this.#pathOf(name));
      return name;
    } catch (error) {
      await this.discard(name);
      throw error;
    }
  }

  /**
   * Makes the draft the file at `path`, and resolves when that outlives a loss of power. FileNotFoundError when the
   * draft has gone.
   */
  async publish(name: string, path: string): Promise<void> {
    await this.#world.files.rename(this.#pathOf(name), path);
    this.#underWay.delete(name);
    await this.#world.files.sync(dirname(path));
  }

  async discard(name: string): Promise<void> {
    await this.#world.files.remove(this.#pathOf(name));
    this.#underWay.delete(name);
  }

  /** Removes drafts that nobody writes. */
  async sweep(): Promise<void> {
    for (const name of await this.#world.files.list(this.#folder)) {
      if (!this.#underWay.has(name)) await this.#world.files.remove(this.#pathOf(name));
    }
  }

  #newName(): string {
    const random = this.#world.random.stream('content data names');
    const name = `${this.#world.clock.now().toString(36)}-${random.text(12, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
    return this.#underWay.has(name) ? this.#newName() : name;
  }

  #pathOf(name: string): string {
    return `${this.#folder}/${name}`;
  }
}

/** Appends what the source gives. */
export async function appendAll({ files }: World, path: string, source: Bytes): Promise<void> {
  const appender = await files.append(path);
  try {
    for await (const chunk of source) if (chunk.length > 0) await appender.write(chunk);
  } finally {
    await appender.close();
  }
}
