/**
 * Every scenario of faults with seeds that follow from the commit: each commit is tried with others. What fails here is
 * played again by the line that is printed; `ORRERY_COMMIT=HASH` plays another commit's seeds.
 */
import { expect, test } from 'vitest';
import { scenariosFolder } from '../harness/cli/scenarios-folder.ts';
import { seedsText } from '../harness/reports/seeds.ts';
import { catalogue, choose } from '../harness/runner/catalogue.ts';
import { commitOfSources, seedsOf } from '../harness/runner/commit-seeds.ts';
import { runSeeds } from '../harness/runner/seeds.ts';

const names = ['api', 'crash', 'network', 'outage', 'gateway', 'cleanup', 'load'];
const count = 8;
/** No further seed is begun after this; the mutations have the rest of the ten minutes. */
const budgetMs = 210_000;

test('faults of other seeds with each commit', async () => {
  const commit = process.env.ORRERY_COMMIT ?? commitOfSources();
  const range = seedsOf(commit, count);
  process.stdout.write(`seeds of ${commit}: orrery run --seeds ${range.first}..${range.last} ${names.join(' ')}\n`);
  const begun = performance.now();
  const report = await runSeeds({
    entries: choose(catalogue(scenariosFolder), names),
    range,
    threads: 1,
    goesOn: () => performance.now() - begun < budgetMs,
  });
  expect(report.bad, seedsText(report, { color: false })).toEqual([]);
  expect(report.playedTo).toBeGreaterThanOrEqual(range.first);
}, 600_000);
