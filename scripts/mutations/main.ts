/**
 * `npm run mutations [-- NAME...]`: breaks Fabric and the simulator by each mutation, or by those named, and says which
 * sentence of which scenario has found it; then plays the same scenarios unbroken, and brings docs/mutations.md up to
 * date. Exits with 1 when one was found by nothing, or when an unbroken scenario does not pass.
 */
import '../../harness/unread-output.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutations } from '../../harness/mutations/catalogue/index.ts';
import { judgeMutation, type MutationResult, playUnbroken } from '../../harness/mutations/judge.ts';
import { packageFolder } from '../../harness/package.ts';
import { mutationsPage } from './page.ts';
import { readRecords, recordOf, renewed, writeRecords } from './record.ts';

const names = process.argv.slice(2);
const unknown = names.find((name) => !mutations.some((mutation) => mutation.name === name));
if (unknown !== undefined) {
  console.error(`there is no mutation "${unknown}": ${mutations.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = mutations.filter(({ name }) => names.length === 0 || names.includes(name));
const begun = performance.now();
const results: MutationResult[] = [];
for (const mutation of chosen) {
  const result = await judgeMutation(mutation);
  results.push(result);
  const { caught, played, trouble, tookMs } = result;
  const what = caught
    ? `${caught.scenario}: ${caught.sentence} (${caught.because.slice(0, 120)})`
    : `NOTHING: ${trouble || played.map(({ scenario, verdict }) => `${scenario} ${verdict}`).join(', ')}`;
  console.log(`${(tookMs / 1000).toFixed(1).padStart(6)} s  ${mutation.name.padEnd(28)} ${what}`);
}
const scenarios = [...new Set(chosen.flatMap(({ caughtBy }) => caughtBy))].sort();
const control = await playUnbroken(scenarios);
for (const { scenario, sentence, because } of control.failed)
  console.log(`unbroken: ${scenario}: ${sentence}: ${because}`);
if (control.trouble !== '') console.log(`unbroken: ${control.trouble}`);
const tookMs = performance.now() - begun;
const missed = results.filter(({ caught }) => !caught);
const isControlled = control.failed.length === 0 && control.trouble === '';
console.log(
  `${results.length - missed.length} of ${results.length} found; unbroken ${scenarios.length} scenarios ${isControlled ? 'pass' : 'DO NOT all pass'}; ${Math.round(tookMs / 1000)} s`,
);
if (isControlled) {
  const known = new Set(mutations.map(({ name }) => name));
  const records = renewed(readRecords(), results.map(recordOf), known);
  writeRecords(records);
  writeFileSync(join(packageFolder, 'docs', 'mutations.md'), mutationsPage(mutations, records));
}
process.exitCode = missed.length === 0 && isControlled ? 0 : 1;
