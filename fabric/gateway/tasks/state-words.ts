/** The words that clients and documents use for states (contract 8, row 3). */
import { ownMember } from '../../../world/members.ts';

const synonyms: Readonly<Record<string, string>> = {
  COMPLETED: 'COMPLETE',
  SUCCEEDED: 'COMPLETE',
  FAIL: 'FAILED',
  ERROR: 'FAILED',
  STARTED: 'ACTIVE',
  RUNNING: 'ACTIVE',
};

/** The state that is meant by a word in any case. */
export function stateValue(word: string): string {
  const upper = word.toUpperCase();
  return ownMember(synonyms, upper) ?? upper;
}
