/**
 * `npm run reports [-- NAME...]`: plays the reports of fixtures/reports, or those named, against a simulated Fabric,
 * and prints what was asked, what is right and what is answered. Exits with 1 when one differs; what differs is then
 * printed whole.
 */
import '../harness/unread-output.ts';
import { play, type Row } from './reports/play.ts';
import { readReports } from './reports/report.ts';
import { table } from './reports/table.ts';

const names = process.argv.slice(2);
const all = readReports();
const unknown = names.find((name) => !all.some((report) => report.name === name));
if (unknown !== undefined) {
  console.error(`there is no report "${unknown}": ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));
const rows: Row[] = [];
for (const report of chosen) rows.push(...(await play(report)));
console.log(table(rows));
const different = rows.filter(({ ok }) => !ok);
for (const { report, asked, right, ours } of different) {
  console.log(`\n${report}: ${asked}\n  right ${JSON.stringify(right)}\n  ours  ${JSON.stringify(ours)}`);
}
console.log(`\n${chosen.length} reports, ${rows.length} questions: ${different.length} answered differently`);
process.exit(different.length === 0 ? 0 : 1);
