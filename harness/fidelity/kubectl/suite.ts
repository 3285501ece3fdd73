/** The same commands of the real kubectl at a real cluster and at `orrery up`, line by line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite, SuiteOptions, SuiteRun } from '../record.ts';
import { accepted } from './accepted.ts';
import { readCatalogue } from './catalogue.ts';
import { type Cluster, findKubectl, missingPrograms, startRealCluster, startSimulatedCluster } from './clusters.ts';
import type { Difference } from './compare.ts';
import { judge, type Verdict } from './judge.ts';
import { Player } from './play.ts';

/** Differences of one case that are shown before "and N more". */
const SHOWN = 40;

export const kubectl: Suite = { name: 'kubectl', missing: missingPrograms, run };

async function run({ only, print }: SuiteOptions): Promise<SuiteRun> {
  const { ground, cases } = readCatalogue();
  const text = only?.toLowerCase();
  const chosen = cases.filter(({ topic, name }) => !text || `${topic}: ${name}`.toLowerCase().includes(text));
  const again = (verdict: Verdict) => print(`kubectl: once more, since it differed: ${describe(verdict)}`);
  const verdicts = await between((sides) => judge({ ground, cases: chosen }, sides, { accepted, print, again }));
  const used = new Set(verdicts.flatMap(({ reasons }) => reasons));
  return {
    record: {
      suite: 'kubectl',
      cases: verdicts.map(({ case: one, outcome, reasons }) => ({
        topic: one.topic,
        name: one.name,
        outcome,
        subjects: one.subjects,
        why: [...new Set(reasons.map(({ why }) => why))],
      })),
    },
    different: verdicts.filter(({ outcome }) => outcome === 'different').map(describe),
    unused: only ? [] : accepted.filter((each) => !used.has(each)).map(({ why }) => why),
  };
}

/** Both clusters, for as long as the work takes. */
async function between<T>(work: (sides: Parameters<typeof judge>[1]) => Promise<T>): Promise<T> {
  const program = findKubectl(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'orrery-kubectl-'));
  const started = await Promise.allSettled([startRealCluster(), startSimulatedCluster()]);
  const clusters = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    const [real, simulated] = started.map((each) => {
      if (each.status === 'rejected') throw each.reason;
      return each.value;
    }) as [Cluster, Cluster];
    const side = (target: Cluster, name: string) => ({
      target,
      player: new Player(target, program, join(folder, name)),
    });
    const sides = { real: side(real, 'real'), simulated: side(simulated, 'simulated') };
    try {
      return await work(sides);
    } finally {
      await Promise.all([sides.real.player.close(), sides.simulated.player.close()]);
    }
  } finally {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const MARKS = { real: '-', simulated: '+' } as const;

/** As a diff from real to simulated, below the command that printed it. */
function describe({ case: { topic, name }, unexplained, broken }: Verdict): string {
  const shown = unexplained.slice(0, SHOWN);
  const lines = shown.flatMap((each, index) => [
    ...(shown[index - 1]?.command === each.command ? [] : [`  ${each.command}`]),
    `    ${MARKS[each.side]} ${streamOf(each)}${each.line}`,
  ]);
  const rest = unexplained.length - shown.length;
  return [
    `${topic}: ${name}`,
    ...(broken === undefined ? [] : [`  could not be played\n    ${broken}`]),
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ].join('\n');
}

function streamOf({ stream }: Difference): string {
  return stream === 'err' ? '(stderr) ' : '';
}
