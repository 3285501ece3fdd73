/** Where the object of a key is: whole, or growing in segments. Growing ones are remembered, so that an append need not look for them. */
import type { World } from '../../../../world/world.ts';
import type { Bucket } from './bucket.ts';
import { expiresAtOf, type Found, type GrowingFound } from './facts.ts';
import { type Growing, growingFolder, readGrowing, segmentName } from './growing.ts';
import { nameOf } from './names.ts';

export class Locator {
  readonly #world: World;
  readonly #bucket: Bucket;
  readonly #growing = new Map<string, GrowingFound>();

  constructor(world: World, bucket: Bucket) {
    this.#world = world;
    this.#bucket = bucket;
  }

  /** Expired ones too. */
  async find(key: string): Promise<Found | undefined> {
    const known = this.#growing.get(key);
    if (known) return known;
    const stored = await this.#bucket.head(nameOf(key));
    if (!stored) return undefined;
    const { growing: id, 'ttl-seconds': ttl } = stored.metadata;
    if (id === undefined) return { kind: 'whole', stored };
    const growing = await readGrowing(this.#bucket, id, stored.modifiedAt);
    const ttlSeconds = ttl === undefined ? undefined : Number(ttl);
    const found: GrowingFound = { kind: 'growing', growing, contentType: stored.contentType, ttlSeconds };
    this.#growing.set(key, found);
    return found;
  }

  /** Undefined for one that has expired. */
  async live(key: string): Promise<Found | undefined> {
    const found = await this.find(key);
    return found && expiresAtOf(found) > this.#world.clock.now() ? found : undefined;
  }

  remember(key: string, found: GrowingFound): void {
    this.#growing.set(key, found);
  }

  forget(key: string): void {
    this.#growing.delete(key);
  }

  growingKeys(): string[] {
    return [...this.#growing.keys()];
  }

  /** The object, and its segments when it has some. */
  async remove(key: string): Promise<void> {
    const found = await this.find(key);
    await this.#bucket.remove([nameOf(key)]);
    this.forget(key);
    if (found?.kind === 'growing') await this.removeSegments(found.growing);
  }

  async removeSegments({ id, segments }: Growing): Promise<void> {
    await this.#bucket.remove(segments.map(({ offset }) => segmentName(id, offset)));
  }

  /** Finds the growing objects, and removes segments that belong to none: a process was killed between two writes. */
  async recover(): Promise<void> {
    const namesById = new Map<string, string[]>();
    for await (const { name } of this.#bucket.list(growingFolder)) {
      const id = name.slice(growingFolder.length).split('/')[0] ?? '';
      namesById.set(id, [...(namesById.get(id) ?? []), name]);
    }
    for (const [id, names] of namesById) {
      const key = await this.#keyOf(names[0] ?? '');
      const found = key === undefined ? undefined : await this.find(key);
      if (found?.kind !== 'growing' || found.growing.id !== id) await this.#bucket.remove(names);
    }
  }

  async #keyOf(segment: string): Promise<string | undefined> {
    const key = (await this.#bucket.head(segment))?.metadata.key;
    return key === undefined ? undefined : decodeURIComponent(key);
  }
}
