/**
 * Where the object of a key is: whole, or growing in segments. Growing ones are remembered, so that an append need not
 * look for them.
 */
import type { World } from '../../../../world/world.ts';
import type { Bucket, ObjectFacts } from './bucket.ts';
import { expiresAtOf, type Found, type GrowingFound } from './facts.ts';
import { type Growing, growingFolder, readGrowing, segmentName } from './growing.ts';
import { beginningOf, fits, isInternal, keyOf, nameOf, noteOf, notesFolder } from './names.ts';
import { type Outcomes, outcomesName } from './outcomes.ts';

export class Locator {
  readonly #world: World;
  readonly #bucket: Bucket;
  readonly #outcomes: Outcomes;
  readonly #growing = new Map<string, GrowingFound>();

  constructor(world: World, bucket: Bucket, outcomes: Outcomes) {
    this.#world = world;
    this.#bucket = bucket;
    this.#outcomes = outcomes;
  }

  /** Expired ones too. */
  async find(key: string): Promise<Found | undefined> {
    const known = this.#growing.get(key);
    if (known) return known;
    const stored = await this.#bucket.head(nameOf(key));
    if (!stored) return undefined;
    const { growing: id, 'ttl-seconds': ttl, outcome } = stored.metadata;
    if (outcome !== undefined) return { kind: 'whole', stored, outcome: await this.#outcomes.find(key, outcome) };
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
    await this.removeBeside(key, found);
    const note = noteOf(key);
    if (note !== undefined) await this.#bucket.remove([note]);
  }

  /** What stood beside an object that is not there any more. */
  async removeBeside(key: string, found: Found | undefined): Promise<void> {
    if (found?.kind === 'growing') await this.#removeSegments(found.growing);
    else if (found?.stored.metadata.outcome !== undefined) await this.#bucket.remove([outcomesName(key)]);
  }

  /** Writes down a key that the name of its object does not say; before the object, so that each one can be found. */
  async note(key: string, { days }: ObjectFacts): Promise<void> {
    const note = noteOf(key);
    if (note !== undefined)
      await this.#bucket.put(note, Buffer.from(key), { contentType: 'text/plain', metadata: {}, days });
  }

  /** Keys that begin so, in no order; some may be of objects that are gone. */
  async keysUnder(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const beginning = beginningOf(prefix);
    if (fits(beginning)) {
      for await (const { name } of this.#bucket.list(beginning)) if (!isInternal(name)) keys.push(keyOf(name));
    }
    for await (const { name } of this.#bucket.list(notesFolder)) {
      const key = (await this.#bucket.readText(name))?.text;
      if (key?.startsWith(prefix)) keys.push(key);
    }
    return keys;
  }

  async #removeSegments({ id, segments }: Growing): Promise<void> {
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
    const { key, note } = (await this.#bucket.head(segment))?.metadata ?? {};
    if (note !== undefined) return (await this.#bucket.readText(note))?.text;
    return key === undefined ? undefined : decodeURIComponent(key);
  }
}

/** The key stands beside each segment, or where it is noted, so that a restarted service knows whose it is. */
export function segmentFacts(key: string): ObjectFacts {
  const note = noteOf(key);
  const metadata: Record<string, string> = note === undefined ? { key: encodeURIComponent(key) } : { note };
  return { contentType: 'application/octet-stream', metadata, days: undefined };
}
