/**
 * The images of a node that are local commands: which there are now. What is registered later counts for containers
 * that start later.
 */
import { imageEntry } from '../runtime.ts';

export interface LocalImage {
  /** Program and first arguments; a container's own command replaces it. */
  readonly command: readonly string[];
  /** Working folder. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export class LocalImages {
  #images: Readonly<Record<string, LocalImage>>;

  constructor(images: Readonly<Record<string, LocalImage>> = {}) {
    this.#images = images;
  }

  /** By the whole name of the image, else by its name without tag or digest. */
  find(image: string): LocalImage | undefined {
    return imageEntry(this.#images, image);
  }

  /** By their names, as they were registered. */
  list(): Readonly<Record<string, LocalImage>> {
    return this.#images;
  }

  /** Takes the place of one of that name. */
  register(name: string, image: LocalImage): void {
    this.#images = Object.fromEntries([...this.#others(name), [name, image]]);
  }

  /** False when there is none of that very name. */
  remove(name: string): boolean {
    if (!Object.hasOwn(this.#images, name)) return false;
    this.#images = Object.fromEntries(this.#others(name));
    return true;
  }

  #others(name: string): [string, LocalImage][] {
    return Object.entries(this.#images).filter(([each]) => each !== name);
  }
}
