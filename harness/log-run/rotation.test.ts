/**
 * The ledger against the log itself, on a node that rotates as the kubelet does and keeps little: what is missing is
 * named where it is missing.
 */
import { afterEach, expect, it } from 'vitest';
import { LogVerifier } from '../../fixtures/actor/verify.ts';
import type { FabricService, FabricSettings } from '../environments/environment.ts';
import type { PlayedEnvironment } from '../environments/provider.ts';
import { sim } from '../environments/sim/kinds.ts';
import { Given, scenarioProject } from '../scenario/given.ts';
import { StepLog } from '../scenario/step-log.ts';
import type { JobLog } from './log-run.ts';
import { logBytes } from './own-upload.ts';
import { contradiction, missingOf } from './report.ts';

/** As the kubelet looks, and much more often. */
const kubelet = { maximumFiles: 2, maximumFileBytes: 64 * 1024 };
const hasty = { ...kubelet, checkIntervalMs: 500 };
type Rotation = NonNullable<FabricSettings['logRotation']>;

const sizeBytes = 2_688_000;
const script = 'log 10000 lines at 100KB/s; sleep 25s; log 8000 lines at 100KB/s; sleep 25s; log 3000 lines at 100KB/s';
const testDeadlineMs = 20_000;

let environment: PlayedEnvironment | undefined;
afterEach(async () => {
  await environment?.down();
  environment = undefined;
});

/** The log of a Task; `away` is not there from 5 s on, for `awayMs`. */
async function logOf(away: FabricService, awayMs: number, logRotation: Rotation = kubelet): Promise<JobLog> {
  environment = await sim.up({ logRotation }, 7);
  const { clock, faults } = environment;
  const given = new Given(environment, new StepLog(() => clock.now()));
  const play = async () => {
    await given.task('torn', { script });
    await clock.sleep(5_000);
    await faults.kill(away);
    await clock.sleep(awayMs);
    await faults.start(away);
    await clock.sleep(120_000);
  };
  await environment.settle(play());
  await environment.settle(environment.collect());
  return jobLogOf(environment);
}

async function jobLogOf(environment: PlayedEnvironment): Promise<JobLog> {
  const { recording, content } = environment;
  const { name = '', logs } = recording.records[0] ?? {};
  if (!logs || !content) throw new Error('the record has no ledger');
  const answer = content.fetch(`/fabric/v4/projects/${scenarioProject}/content/${logs.key}`);
  const bytes = Buffer.from((await environment.settle(answer)).text);
  const verifier = new LogVerifier();
  verifier.push(bytes);
  const verdict = verifier.verdict();
  return {
    task: name,
    durationMs: 0,
    storedBytes: bytes.length,
    storedLines: verdict.lines,
    complete: logs.complete,
    missing: logs.missing ?? [],
    isWhole: bytes.equals(Buffer.concat([...logBytes(sizeBytes)])),
    verdict,
  };
}

const torn: readonly [FabricService, number, Rotation][] = [
  ['operator', 20_000, kubelet],
  ['operator', 45_000, kubelet],
  ['operator', 100_000, kubelet],
  ['operator', 20_000, hasty],
];

it.each(torn)(
  'with the %s away for %d ms, each gap is named where it is',
  { timeout: testDeadlineMs },
  async (away, ms, rotation) => {
    const job = await logOf(away, ms, rotation);
    expect(missingOf(job, sizeBytes).gaps).toBeGreaterThan(0);
    expect(contradiction(job, sizeBytes)).toBeUndefined();
  },
);

it('with nobody away for longer than a file lives, the log is whole', { timeout: testDeadlineMs }, async () => {
  const job = await logOf('gateway', 30_000);
  expect(job).toMatchObject({ complete: true, isWhole: true, missing: [] });
  expect(contradiction(job, sizeBytes)).toBeUndefined();
});
