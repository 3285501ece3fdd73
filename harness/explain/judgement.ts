/** A sentence with its verdict, and where it does not hold with all that explains it. */
import type { Verdict } from '../invariants/verdict.ts';
import type { Recording } from '../recording/recording.ts';
import type { Judgement } from '../reports/model.ts';
import { explain } from './explain.ts';

/** @param at where the scenario says it. */
export function judgementOf(recording: Recording, sentence: string, verdict: Verdict, at?: string): Judgement {
  const place = at === undefined ? {} : { at };
  if (verdict.value === 'true') return { sentence, verdict, ...place };
  const why = explained(recording, `${sentence} ${verdict.because}`);
  return { sentence, verdict, ...place, ...(why.length > 0 ? { why } : {}) };
}

/** A recording that no judge can read must not hide the verdict. */
function explained(recording: Recording, text: string): string[] {
  try {
    return explain(recording, text);
  } catch (error) {
    return [`what was seen cannot be told: ${error instanceof Error ? error.message : String(error)}`];
  }
}
