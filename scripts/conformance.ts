/**
 * Plays Kubernetes' own conformance tests of Job, CronJob and API machinery against `orrery up`, and says why one
 * fails.
 *
 *   node scripts/conformance.ts [--focus TEXT] [--lanes N] [--deadline SECONDS] [--kubeconfig FILE] [--list]
 *
 * --focus: only tests whose name contains this text, small and capital letters alike ("Watchers",
 * "backoffLimitPerIndex") --lanes: how many at once (default 4); those marked [Serial] are played alone in any case
 * --deadline: what a test may take (default 240); those marked [Slow] have 15 minutes --kubeconfig: against this
 * cluster, which runs already, in place of an `orrery up` of its own --list: their names, and nothing is played
 *
 * Needs e2e.test in $ORRERY_PARTS/bin or on the PATH. What each test wrote is in reports/conformance. Keeps no results:
 * that is the work of `npm run fidelity -- conformance`.
 */
import '../harness/unread-output.ts';
import { parseArgs } from 'node:util';
import { areaOf } from '../harness/fidelity/conformance/areas.ts';
import { reasonNotToPlay } from '../harness/fidelity/conformance/not-applicable.ts';
import { playAll } from '../harness/fidelity/conformance/play.ts';
import { listTests } from '../harness/fidelity/conformance/program.ts';
import { describe, missingFor, playAgainstUp, programOf } from '../harness/fidelity/conformance/suite.ts';

const { values } = parseArgs({
  options: {
    focus: { type: 'string', default: '' },
    lanes: { type: 'string', default: '4' },
    deadline: { type: 'string', default: '240' },
    kubeconfig: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

const missing = missingFor(process.env);
if (missing !== undefined) {
  console.error(missing);
  process.exit(2);
}
const program = programOf(process.env);
const focus = values.focus.toLowerCase();
const names = (await listTests(program)).filter((name) => name.toLowerCase().includes(focus));
if (values.list) {
  for (const name of names) console.log(name);
  process.exit(0);
}
const options = {
  program,
  lanes: Number(values.lanes),
  deadlineMs: 1000 * Number(values.deadline),
  print: (line: string) => console.log(line),
};
const playable = names.filter((name) => reasonNotToPlay(areaOf(name).topic) === undefined);
const played =
  values.kubeconfig === undefined
    ? await playAgainstUp(playable, options)
    : await playAll(playable, { ...options, kubeconfig: values.kubeconfig });
const failed = played.filter(({ passed }) => !passed);
for (const test of failed) console.log(`\n${describe(test)}`);
console.log(
  `\n${played.length} played: ${played.length - failed.length} passed, ${failed.length} failed; ` +
    `${names.length - playable.length} not applicable`,
);
process.exit(failed.length === 0 ? 0 : 1);
