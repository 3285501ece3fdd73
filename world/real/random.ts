/** The machine's chance: not repeatable. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random, RandomStream } from '../random.ts';

const stream: RandomStream = {
  next: () => randomBytes(4).readUInt32LE() / 0x1_0000_0000,
  integer: (minimum, maximum) => randomInt(minimum, maximum + 1),
  pick(items) {
    const item = items[randomInt(items.length)];
    if (item === undefined) throw new RangeError('pick: the list is empty');
    return item;
  },
  uuid: () => randomUUID(),
  text: (length, alphabet) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
};

export const realRandom: Random = { stream: () => stream };
