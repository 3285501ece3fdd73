/** Plays all cases at both clusters and says of each whether the transcripts are equal. */

import { inTurn } from '../in-turn.ts';
import { judgeInRounds } from '../rounds.ts';
import { brokenText, sortDifferences } from '../sort.ts';
import { type Accepted, reasonFor } from './accepted.ts';
import type { Catalogue } from './catalogue.ts';
import { compareOutputs, type Difference } from './compare.ts';
import { normalize } from './normalize.ts';
import type { Player, Target } from './play.ts';
import type { Case, Output } from './transcript.ts';

export interface Side {
  readonly target: Target;
  readonly player: Player;
}

export interface Sides {
  readonly real: Side;
  readonly simulated: Side;
}

export interface Verdict {
  readonly case: Case;
  readonly outcome: 'equal' | 'accepted' | 'different';
  /** Differences that nothing explains. */
  readonly unexplained: readonly Difference[];
  /** What explains the others. */
  readonly reasons: readonly Accepted[];
  /** Set when the case could not be played. */
  readonly broken?: string;
  /** What both printed, normalized; of the real one when the simulated one could not be played. */
  readonly outputs: readonly Output[];
}

const AT_ONCE = 6;
/** How often a case is played that differs each time. */
const MOST_ROUNDS = 3;
/** Cases that take longer are told of. */
const LONG_S = 15;

export interface JudgeOptions {
  readonly accepted: readonly Accepted[];
  readonly print: (line: string) => void;
  /** A verdict that is given up for another round. */
  readonly again: (verdict: Verdict) => void;
}

/** The verdicts in the order of the cases. */
export async function judge({ ground, cases }: Catalogue, sides: Sides, options: JudgeOptions): Promise<Verdict[]> {
  await Promise.all([sides.real.player.play(ground), sides.simulated.player.play(ground)]);
  return judgeInRounds(cases, {
    play: (some) => judgeAll(some, sides, options),
    differs: ({ outcome }) => outcome === 'different',
    again: options.again,
    most: MOST_ROUNDS,
  });
}

async function judgeAll(cases: readonly Case[], sides: Sides, { accepted, print }: JudgeOptions): Promise<Verdict[]> {
  const verdicts = new Map<Case, Verdict>();
  const play = async (one: Case) => {
    const start = performance.now();
    verdicts.set(one, await judgeOne(one, sides, accepted));
    const seconds = Math.round((performance.now() - start) / 1000);
    if (seconds >= LONG_S) print(`${one.topic}: ${one.name}: ${seconds} s`);
  };
  await inTurn(
    cases.filter(({ alone }) => !alone),
    AT_ONCE,
    play,
  );
  for (const one of cases.filter(({ alone }) => alone)) await play(one);
  return cases.flatMap((one) => verdicts.get(one) ?? []);
}

async function judgeOne(one: Case, { real, simulated }: Sides, accepted: readonly Accepted[]): Promise<Verdict> {
  const [ofReal, ofSimulated] = await Promise.allSettled([real.player.play(one), simulated.player.play(one)]);
  if (ofReal.status === 'rejected' || ofSimulated.status === 'rejected') {
    const broken = brokenText(ofReal, ofSimulated);
    return { case: one, outcome: 'different', unexplained: [], reasons: [], broken, outputs: [] };
  }
  const outputs = normalize(ofReal.value, real.target);
  const differences = compareOutputs(outputs, normalize(ofSimulated.value, simulated.target));
  return { case: one, outputs, ...sort(one, differences, accepted) };
}

/** Divides differences into those that the list explains and the rest. */
export function sort(
  one: Pick<Case, 'topic' | 'name'>,
  differences: readonly Difference[],
  accepted: readonly Accepted[],
): Pick<Verdict, 'outcome' | 'unexplained' | 'reasons'> {
  return sortDifferences(differences, (each) => reasonFor(accepted, `${one.topic}: ${one.name}`, each));
}
