/**
 * What is safe of a run's log, attempt by attempt, and what is missing. A run that is tried again has several pods;
 * their logs stand one after the other in the run's one `log.txt`, in the order of the attempts.
 */
import type { Ledger, MissingLines } from '../ship/ledger.ts';

export type { Ledger, MissingLines };

/** What the shipper said when it was done with one pod; counts are those of `log.txt` so far. */
export interface AttemptLedger extends Ledger {
  readonly pod: string;
  readonly podUid: string;
}

/** The ledger of a run: `logs` of its record. A gap that several attempts name is named once. */
export function runLedger(key: string, attempts: readonly AttemptLedger[], lost: readonly MissingLines[] = []): Ledger {
  const missing = new Map<string, MissingLines>();
  for (const gap of [...attempts.flatMap((attempt) => attempt.missing), ...lost]) {
    missing.set(`${gap.afterLine} ${gap.reason}`, gap);
  }
  return {
    key,
    lines: Math.max(0, ...attempts.map((attempt) => attempt.lines)),
    bytes: Math.max(0, ...attempts.map((attempt) => attempt.bytes)),
    complete: missing.size === 0 && attempts.every((attempt) => attempt.complete),
    missing: [...missing.values()],
  };
}

/** Reads the annotation back; what is no list of ledgers counts as none. */
export function parseAttempts(text: string | undefined): AttemptLedger[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isAttempt) : [];
  } catch {
    return [];
  }
}

function isAttempt(value: unknown): value is AttemptLedger {
  if (typeof value !== 'object' || value === null) return false;
  const { podUid, lines, bytes, missing } = value as Partial<AttemptLedger>;
  return typeof podUid === 'string' && typeof lines === 'number' && typeof bytes === 'number' && Array.isArray(missing);
}
