/** What `--stores` says. */
import type { Wish } from './site.ts';
import { RemediedError } from './step.ts';

/** Throws RemediedError for another word, and where it would mean nothing. */
export function storesWish(word: string | undefined, host: boolean): Pick<Wish, 'stores'> {
  if (word === undefined) return {};
  if (word !== 'cluster' && word !== 'embedded') {
    throw new RemediedError(`--stores ${word} is not known`, 'write --stores cluster, or --stores embedded');
  }
  if (host && word === 'cluster') {
    throw new RemediedError(
      'with --host the services run on this machine and keep what they have there',
      'leave out --host or --stores',
    );
  }
  return { stores: word };
}
