/**
 * The secrets of all projects (contract 3.13). Their values lie sealed in the store and leave it only for jobs and
 * daemons.
 *
 * The key that seals is, in this order: that of `--secrets-key` (a line of a file); else one made from the gateway's
 * own signing key, which is in the Secret `fabric-services` on clusters and comes from the seed in a simulation; else,
 * where nobody is asked who he is, one that ends with the process. A secret that was sealed with another key is there,
 * and cannot be read: whoever asks is told so.
 */
import type { World } from '../../../world/world.ts';
import { problems } from '../errors.ts';
import type { Collection, Store } from '../stores/store.ts';
import type { Seal } from './seal.ts';

interface StoredSecret {
  readonly projectId: string;
  readonly key: string;
  /** JSON, sealed. */
  readonly sealed: string;
  readonly createdBy: string;
  readonly updatedBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What users are answered instead of a value. */
export const mask = '********';

export const valueBytesMaximum = 256 * 1024;

const keyLengthMaximum = 253;

/** The field's rule is `\w+([./-]?\w+)*`; this one finds the same, in a time that no key can stretch. */
const keyPattern = /^\w+(?:[./-]\w+)*$/;

/** The key. Throws the Problem `invalid-secret-key`. */
export function checkedSecretKey(text: string): string {
  if (text.length <= keyLengthMaximum && keyPattern.test(text)) return text;
  throw problems.invalidSecretKey(text);
}

export class Secrets {
  readonly #world: World;
  readonly #collection: Collection<StoredSecret>;
  readonly #seal: Seal;

  private constructor(world: World, collection: Collection<StoredSecret>, seal: Seal) {
    this.#world = world;
    this.#collection = collection;
    this.#seal = seal;
  }

  static async open(world: World, store: Store, seal: Seal): Promise<Secrets> {
    const scalars = ['projectId', 'key', 'createdBy', 'createdAt', 'updatedAt'];
    const definition = { name: 'secrets', scalars, indexes: [['projectId', 'key']] };
    return new Secrets(world, await store.collection<StoredSecret>(definition), seal);
  }

  /** Keys of the project, sorted. */
  async keys(project: string): Promise<string[]> {
    const found = await this.#collection.find({ filter: { projectId: project }, sort: { key: 1 } });
    return found.map(({ document }) => document.key);
  }

  async isThere(project: string, key: string): Promise<boolean> {
    return (await this.#collection.get(idOf(project, key))) !== undefined;
  }

  /** The value, for jobs and daemons alone. Throws the Problem `secret-not-found` or `secret-not-readable`. */
  async value(project: string, key: string): Promise<unknown> {
    const stored = await this.#collection.get(idOf(project, key));
    if (!stored) throw problems.documentNotFound('secret', key, project);
    const text = this.#seal.open({ project, key }, stored.sealed);
    if (text === undefined) throw problems.secretNotReadable(key);
    return JSON.parse(text);
  }

  async save(project: string, key: string, value: unknown, username: string): Promise<void> {
    const now = this.#world.clock.now();
    const sealed = this.#seal.close({ project, key }, JSON.stringify(value));
    await this.#collection.update(idOf(project, key), (current) => ({
      projectId: project,
      key,
      sealed,
      createdBy: current?.createdBy ?? username,
      updatedBy: username,
      createdAt: current?.createdAt ?? now,
      updatedAt: now,
    }));
  }

  async delete(project: string, key: string): Promise<void> {
    await this.#collection.write([{ delete: idOf(project, key) }]);
  }
}

/** Neither a project's name nor a key holds a space. */
function idOf(project: string, key: string): string {
  return `${project} ${key}`;
}
