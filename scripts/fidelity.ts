/**
 * Compares the simulator's API server with a real kube-apiserver, exchange by exchange, and writes docs/fidelity.md.
 *
 *   npm run fidelity [-- --only TEXT] [--answers FOLDER] [--limit 20]
 *
 * Needs etcd and kube-apiserver in $ORRERY_PARTS/bin or on the PATH; without them it says so and ends well.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { accepted } from '../harness/fidelity/accepted.ts';
import { readCatalogue } from '../harness/fidelity/catalogue.ts';
import { describeDifference } from '../harness/fidelity/compare.ts';
import { judge, type Verdict } from '../harness/fidelity/judge.ts';
import { page, unusedOf } from '../harness/fidelity/page.ts';
import { findPrograms, startRealServer } from '../harness/fidelity/real-server.ts';
import { startSimulatedServer } from '../harness/fidelity/simulated-server.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, differences: { type: 'string', default: '12' } },
});

function describe(verdict: Verdict): string {
  const most = Number(values.differences);
  const shown = verdict.unexplained.slice(0, most).map(describeDifference);
  const rest = verdict.unexplained.length - shown.length;
  const lines = [
    `${verdict.topic}: ${verdict.name}`,
    ...(verdict.broken === undefined ? [] : [`  could not be played\n    ${verdict.broken}`]),
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
  return lines.join('\n');
}

async function compareServers(): Promise<number> {
  const programs = findPrograms(process.env);
  if (typeof programs === 'string') {
    console.log(programs);
    return 0;
  }
  const all = readCatalogue();
  const only = values.only?.toLowerCase();
  const cases = all.cases.filter(({ topic, name }) => !only || `${topic}: ${name}`.toLowerCase().includes(only));
  const [real, simulated] = await Promise.all([startRealServer(programs), startSimulatedServer()]);
  let verdicts: Verdict[];
  try {
    verdicts = await judge({ ...all, cases }, { real, simulated }, accepted);
  } finally {
    await Promise.all([real.stop(), simulated.stop()]);
  }
  const count = (outcome: Verdict['outcome']) => verdicts.filter((each) => each.outcome === outcome).length;
  for (const verdict of verdicts) if (verdict.outcome === 'different') console.log(`${describe(verdict)}\n`);
  const unused = only ? [] : unusedOf(verdicts, accepted);
  for (const { why } of unused) console.log(`accepted, but not seen any more: ${why}`);
  console.log(
    `${verdicts.length} exchanges compared: ${count('equal')} equal, ${count('accepted')} accepted, ${count('different')} different`,
  );
  if (!only) writeFileSync(new URL('../docs/fidelity.md', import.meta.url), page(verdicts, accepted));
  return count('different') > 0 || unused.length > 0 ? 1 : 0;
}

// Not left to the loop: a simulated server may have timers for the next hour.
process.exit(await compareServers());
