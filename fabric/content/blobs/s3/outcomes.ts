/**
 * What is known of an upload in parts at its end alone: checksum and time. S3 takes what stands beside an object when
 * the upload begins. So the object holds an id, and a small object that is written before the upload becomes visible
 * says what the id stands for.
 */
import { createHash } from 'node:crypto';
import type { World } from '../../../../world/world.ts';
import type { Bucket } from './bucket.ts';

/** No name of a key begins so. */
const outcomesFolder = '%outcomes/';
/** Of what never changes; a list of a thousand large objects asks for each once. */
const rememberedMaximum = 10_000;

export interface Outcome {
  readonly id: string;
  readonly sha256: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export function newOutcomeId(world: World): string {
  return world.random.stream('content outcomes').text(16, 'abcdefghijklmnopqrstuvwxyz0123456789');
}

export class Outcomes {
  readonly #bucket: Bucket;
  readonly #remembered = new Map<string, Outcome>();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** Undefined when the object has been replaced since its id was read. */
  async find(key: string, id: string): Promise<Outcome | undefined> {
    const known = this.#remembered.get(id);
    if (known) return known;
    const all = await this.#read(key);
    const found = all.find((each) => each.id === id);
    if (found) this.#remember(found);
    return found;
  }

  /** Says what the id stands for; what `former` stands for is still told, since its object is visible for a while. */
  async write(key: string, outcome: Outcome, former: Outcome | undefined, days: number | undefined): Promise<void> {
    const text = JSON.stringify(former ? [former, outcome] : [outcome]);
    const facts = { contentType: 'application/json', metadata: {}, days };
    await this.#bucket.put(outcomesName(key), Buffer.from(text), facts);
    this.#remember(outcome);
  }

  async #read(key: string): Promise<readonly Outcome[]> {
    const found = await this.#bucket.readText(outcomesName(key));
    return found ? (JSON.parse(found.text) as Outcome[]) : [];
  }

  #remember(outcome: Outcome): void {
    this.#remembered.set(outcome.id, outcome);
    const [first] = this.#remembered.keys();
    if (this.#remembered.size > rememberedMaximum && first !== undefined) this.#remembered.delete(first);
  }
}

/** Where the outcome of the key's upload stands. */
export function outcomesName(key: string): string {
  return outcomesFolder + createHash('sha256').update(key).digest('hex');
}
