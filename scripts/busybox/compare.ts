/**
 * Compares the simulated BusyBox with the real one on this machine (`apt-get install busybox`).
 *
 *     node scripts/busybox/compare.ts record            writes what the real one does with all cases
 *     node scripts/busybox/compare.ts check [TOPIC]     compares the simulated one with the real one
 *     node scripts/busybox/compare.ts random 2000 [SEED]  the same for scripts that are made up
 *
 * Exit code 1 when something differs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compared, comparable, type Outcome, scriptsOf } from '../../fixtures/busybox/comparison/cases.ts';
import { container } from '../../fixtures/busybox/run-script.fixture.ts';
import { randomScript } from './random-script.ts';
import { type RealBusyBox, realBusyBox } from './real.ts';

const KILLED = 137;
const KILL_AFTER_MS = 60_000;
const folder = join(import.meta.dirname, '../../fixtures/busybox/comparison');
const topics = readdirSync(folder)
  .filter((name) => name.endsWith('.cases'))
  .map((name) => name.replace('.cases', ''));
const [action = 'check', argument, seed = '1'] = process.argv.slice(2);
const real = realBusyBox();
try {
  process.exitCode = await act(real);
} finally {
  real.close();
}

async function act(judge: RealBusyBox): Promise<number> {
  console.log(judge.version);
  if (action === 'record') {
    for (const topic of topics) record(judge, topic);
    return 0;
  }
  if (action === 'random')
    return compareAll(
      judge,
      Array.from({ length: Number(argument ?? 2000) }, (_, index) => randomScript(Number(seed) + index)),
    );
  const chosen = topics.filter((topic) => argument === undefined || topic === argument);
  return compareAll(
    judge,
    chosen.flatMap((topic) => scriptsOf(readFileSync(join(folder, `${topic}.cases`), 'utf8'))),
  );
}

function record(judge: RealBusyBox, topic: string): void {
  const scripts = scriptsOf(readFileSync(join(folder, `${topic}.cases`), 'utf8'));
  const compared = scripts.map((script): Compared => ({ script, ...judge.run(script) }));
  writeFileSync(join(folder, `${topic}.results.json`), `${JSON.stringify(compared, undefined, 2)}\n`);
  console.log(`${topic}: ${compared.length} scripts`);
}

async function compareAll(judge: RealBusyBox, scripts: readonly string[]): Promise<number> {
  let different = 0;
  for (const script of scripts) {
    const expected = judge.run(script);
    const found = await simulatedOutcome(script);
    if (sameOutcome(expected, found) || (expected.code === KILLED && found.code === KILLED)) continue;
    different += 1;
    console.log(`--- ${script}\nreal      ${shown(expected)}\nsimulated ${shown(found)}`);
  }
  console.log(`${scripts.length} scripts, ${different} different`);
  return different === 0 ? 0 : 1;
}

/** Killed when it does not end, as the real one is. */
function simulatedOutcome(script: string): Promise<Outcome> {
  return container().sh(script, { folder: '/w', environment: { HOME: '/root' }, killAfterMs: KILL_AFTER_MS });
}

function sameOutcome(one: Outcome, other: Outcome): boolean {
  return one.code === other.code && one.out === other.out && comparable(one.error) === comparable(other.error);
}

function shown({ out, error, code }: Outcome): string {
  return `${code} ${JSON.stringify(out)} ${JSON.stringify(comparable(error))}`;
}
