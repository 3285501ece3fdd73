/**
 * Cases that differ are played again by themselves: what a busy machine made late, or a real controller read from a
 * stale cache, differs once; what differs each time is a difference.
 */
export interface Rounds<C, V> {
  /**
   * Plays cases, in the round's namespaces, and gives a verdict on each, in their order; the first round is number 1.
   */
  readonly play: (cases: readonly C[], round: number) => Promise<readonly V[]>;
  readonly differs: (verdict: V) => boolean;
  /** Told of each verdict that another round follows. */
  readonly again: (verdict: V) => void;
  /** How many rounds there are at most. */
  readonly most: number;
  /** False once no further round may begin; always true when absent. */
  readonly hasTime?: () => boolean;
}

interface InNamespace {
  readonly namespace: string;
}

/** The last verdict on each case, in the order of the cases. */
export async function judgeInRounds<C extends InNamespace, V>(cases: readonly C[], rounds: Rounds<C, V>): Promise<V[]> {
  const verdicts = new Map<C, V>();
  const play = async (some: readonly C[], round: number) => {
    const inNamespaces = some.map((one) => inRound(one, round));
    const found = await rounds.play(inNamespaces, round);
    for (const [index, one] of some.entries()) {
      const verdict = found[index];
      if (verdict === undefined) throw new Error(`no verdict on case ${index + 1} of ${some.length} in round ${round}`);
      verdicts.set(one, verdict);
    }
  };
  const differing = () => [...verdicts].filter(([, verdict]) => rounds.differs(verdict));
  await play(cases, 1);
  for (let round = 2; round <= rounds.most; round++) {
    const open = differing();
    if (open.length === 0 || rounds.hasTime?.() === false) break;
    for (const [, verdict] of open) rounds.again(verdict);
    await play(
      open.map(([one]) => one),
      round,
    );
  }
  return [...verdicts.values()];
}

/** The case in a namespace that no earlier round has used. */
export function inRound<C extends InNamespace>(one: C, round: number): C {
  return round === 1 ? one : { ...one, namespace: `${one.namespace}-${round}` };
}
