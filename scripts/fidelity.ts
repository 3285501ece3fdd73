/**
 * Holds the simulator against real Kubernetes, keeps what was found in harness/fidelity/results, and writes
 * docs/fidelity.md.
 *
 *   npm run fidelity [-- SUITE...] [--only TEXT]
 *
 * Suites: those of harness/fidelity/suites.ts; all when none is named. Needs programs of a real control plane in
 * $ORRERY_PARTS/bin or on the PATH; a suite without its programs says so and keeps its last result. With --only nothing
 * is written.
 */
import '../harness/unread-output.ts';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { page } from '../harness/fidelity/page.ts';
import { type Outcome, readRecord, type Suite, suiteNames, writeRecord } from '../harness/fidelity/record.ts';
import { suites } from '../harness/fidelity/suites.ts';

const usage = `npm run fidelity [-- SUITE...] [--only TEXT]\nsuites: ${suites.map(({ name }) => name).join(', ')}`;
const { values, positionals } = parsedArguments();

function parsedArguments() {
  try {
    const options = { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const parsed = parseArgs({ options, allowPositionals: true });
    if (!parsed.values.help) return parsed;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

/** True when the suite found nothing that is neither equal nor explained. */
async function compare(suite: Suite): Promise<boolean> {
  const missing = suite.missing(process.env);
  if (missing !== undefined) {
    console.log(`${suite.name}: ${missing}`);
    return true;
  }
  const only = values.only === undefined ? {} : { only: values.only };
  const { record, different, unused } = await suite.run({ ...only, print: (line) => console.log(line) });
  for (const text of different) console.log(`${text}\n`);
  for (const why of unused) console.log(`accepted, but not seen any more: ${why}`);
  const count = (outcome: Outcome) => record.cases.filter((each) => each.outcome === outcome).length;
  console.log(
    `${suite.name}: ${record.cases.length} compared: ${count('equal')} equal, ${count('accepted')} accepted, ` +
      `${count('not applicable')} not applicable, ${count('different')} different`,
  );
  if (values.only === undefined) writeRecord(record);
  return different.length + unused.length === 0;
}

const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}: there are ${suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
let good = true;
for (const suite of suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  good = (await compare(suite)) && good;
}
if (values.only === undefined) {
  writeFileSync(new URL('../docs/fidelity.md', import.meta.url), page(suiteNames.map(readRecord)));
}
// Not left to the loop: a simulated server may have timers for the next hour.
process.exit(good ? 0 : 1);
