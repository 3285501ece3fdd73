/** What a shipment says about itself: nothing is complete by assumption. */

export interface MissingLines {
  /** Lines stored before the gap. */
  readonly afterLine: number;
  readonly reason: string;
  /** How many bytes are lost, where that is known. */
  readonly bytes?: number;
}

export interface Ledger {
  /** Key of the log in managed content. */
  readonly key: string;
  readonly lines: number;
  /** Bytes of text, without times. */
  readonly bytes: number;
  /** The last line that the cluster had is the last line stored, and no gap is known. */
  readonly complete: boolean;
  readonly missing: readonly MissingLines[];
}

/** One container's log within the stored one: its first line there. */
export interface Source {
  readonly pod: string;
  readonly container: string;
  readonly fromLine: number;
  /** True when nothing more comes from it. */
  readonly ended: boolean;
}

/** What content keeps between two shippers of one log (its `ledger`). */
export interface StoredLedger {
  readonly complete: boolean;
  readonly missing: readonly MissingLines[];
  readonly sources: readonly Source[];
}

export const emptyLedger: StoredLedger = { complete: false, missing: [], sources: [] };

/** Gaps named one by one; a log that is torn more often says how often. */
const missingMaximum = 50;

/** The ledger with one more gap; a gap that is known already is not named twice. */
export function withGap(ledger: StoredLedger, gap: MissingLines): StoredLedger {
  const isKnown = ledger.missing.some((known) => known.afterLine === gap.afterLine && known.reason === gap.reason);
  if (isKnown) return ledger;
  if (ledger.missing.length < missingMaximum) return { ...ledger, missing: [...ledger.missing, gap] };
  const last: MissingLines = {
    afterLine: gap.afterLine,
    reason: 'further gaps up to this line are not named one by one',
  };
  return { ...ledger, missing: [...ledger.missing.slice(0, missingMaximum), last] };
}

/** The ledger in which this source stands as given. */
export function withSource(ledger: StoredLedger, source: Source): StoredLedger {
  const others = ledger.sources.filter((known) => !isSame(known, source));
  return { ...ledger, sources: [...others, source] };
}

export function sourceOf(ledger: StoredLedger, pod: string, container: string): Source | undefined {
  return ledger.sources.find((source) => isSame(source, { pod, container }));
}

function isSame(left: Pick<Source, 'pod' | 'container'>, right: Pick<Source, 'pod' | 'container'>): boolean {
  return left.pod === right.pod && left.container === right.container;
}
