/** Which mutations are judged where there is no time for all of them: a part that changes with each commit. */
import { createHash } from 'node:crypto';
import type { Mutation } from './mutation.ts';

/** `count` of the mutations, chosen by the text (a commit's name): the same for the same text. */
export function sliceOf(mutations: readonly Mutation[], text: string, count: number): Mutation[] {
  const rank = ({ name }: Mutation) => createHash('sha256').update(`${text} ${name}`).digest('hex');
  const chosen = new Set([...mutations].sort((left, right) => (rank(left) < rank(right) ? -1 : 1)).slice(0, count));
  return mutations.filter((mutation) => chosen.has(mutation));
}
