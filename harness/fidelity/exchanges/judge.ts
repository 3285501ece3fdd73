/** Plays all cases on both servers and says of each whether the answers are equal. */

import { inTurn } from '../in-turn.ts';
import { judgeInRounds } from '../rounds.ts';
import { brokenText, sortDifferences } from '../sort.ts';
import { type Accepted, reasonFor } from './accepted.ts';
import type { Catalogue } from './catalogue.ts';
import { compareAnswers, type Difference } from './compare.ts';
import type { Case } from './exchange.ts';
import { normalize } from './normalize.ts';
import { Player, type Target } from './play.ts';

export interface Verdict {
  readonly topic: string;
  readonly name: string;
  readonly outcome: 'equal' | 'accepted' | 'different';
  /** Differences that nothing explains. */
  readonly unexplained: readonly Difference[];
  /** What explains the others. */
  readonly reasons: readonly Accepted[];
  /** Set when the case could not be played. */
  readonly broken?: string;
}

export interface Targets {
  readonly real: Target;
  readonly simulated: Target;
}

const AT_ONCE = 8;
/** How often a case is played that differs each time. */
const MOST_ROUNDS = 3;

export interface JudgeOptions {
  readonly accepted: readonly Accepted[];
  /** A verdict that is given up for another round. */
  readonly again: (verdict: Verdict) => void;
}

interface Players {
  readonly real: Player;
  readonly simulated: Player;
}

/** The verdicts in the order of the cases. */
export async function judge(
  { ground, cases }: Catalogue,
  targets: Targets,
  { accepted, again }: JudgeOptions,
): Promise<Verdict[]> {
  const players = { real: new Player(targets.real), simulated: new Player(targets.simulated) };
  try {
    await Promise.all([players.real.play(ground), players.simulated.play(ground)]);
    return await judgeInRounds(cases, {
      play: (some) => inTurn(some, AT_ONCE, (one) => judgeOne(one, players, accepted)),
      differs: ({ outcome }) => outcome === 'different',
      again,
      most: MOST_ROUNDS,
    });
  } finally {
    await Promise.all([players.real.close(), players.simulated.close()]);
  }
}

async function judgeOne(one: Case, players: Players, accepted: readonly Accepted[]): Promise<Verdict> {
  const played = await Promise.allSettled([players.real.play(one), players.simulated.play(one)]);
  const [real, simulated] = played;
  if (real.status === 'rejected' || simulated.status === 'rejected') {
    const broken = brokenText(real, simulated);
    return { topic: one.topic, name: one.name, outcome: 'different', unexplained: [], reasons: [], broken };
  }
  const differences = compareAnswers(normalize(real.value), normalize(simulated.value));
  return { topic: one.topic, name: one.name, ...sort(one, differences, accepted) };
}

/** Divides differences into those that the list explains and the rest. */
export function sort(
  one: { readonly topic: string; readonly name: string },
  differences: readonly Difference[],
  accepted: readonly Accepted[],
): Pick<Verdict, 'outcome' | 'unexplained' | 'reasons'> {
  return sortDifferences(differences, (each) => reasonFor(accepted, `${one.topic}: ${one.name}`, each));
}
