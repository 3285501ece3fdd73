/**
 * A day of minutely runs through the whole Fabric in virtual time: API server, controllers, node, operator, gateway,
 * managed content.
 *
 *     node perf/fabric-day.ts [--hours 24] [--schedules 1]
 *
 * Bounds (design): 24 h of one schedule in under 10 s, then under 3 s; 1,000 schedules for 1 h in under 3 min; memory
 * flat. Sketch: a run costs some 30 requests; 1,440 runs are 43,000, so 3 s leave 70 microseconds a request.
 */
import { parseArgs } from 'node:util';
import { sim } from '../harness/environments/sim/kinds.ts';
import { Given } from '../harness/scenario/given.ts';
import { StepLog } from '../harness/scenario/step-log.ts';

const HOUR_MS = 3_600_000;
const { values } = parseArgs({
  options: { hours: { type: 'string', default: '24' }, schedules: { type: 'string', default: '1' } },
});
const hours = Number(values.hours);
const schedules = Number(values.schedules);

const begun = performance.now();
await using environment = await sim.up({}, 1);
const up = performance.now();
const given = new Given(environment, new StepLog(() => environment.clock.now()));
for (let index = 0; index < schedules; index++) {
  await given.task(`minutely-${index}`, { schedule: '* * * * *', script: 'print begun; sleep 10s; print done' });
}
const started = performance.now();
const requestsBefore = environment.counts.requests;
let peakBytes = 0;
const samples: string[] = [];
for (let hour = 0; hour < hours; hour++) {
  await environment.clock.sleep(HOUR_MS);
  const { rss, heapUsed } = process.memoryUsage();
  peakBytes = Math.max(peakBytes, rss);
  if (hour % Math.max(1, Math.floor(hours / 6)) === 0) samples.push(`${megabytes(heapUsed)}`);
}
const seconds = (performance.now() - started) / 1000;
const requests = environment.counts.requests - requestsBefore;
const runs = environment.recording.jobs.length;

process.stdout.write(
  [
    `environment ready      ${(up - begun).toFixed(0)} ms (imports not counted)`,
    `virtual time           ${hours} h, ${schedules} minutely schedule(s)`,
    `real time              ${seconds.toFixed(2)} s (${Math.round((hours * 3600) / seconds).toLocaleString('en-US')} times faster)`,
    `runs                   ${runs}${ofRuns((seconds * 1000) / runs, 'ms')}`,
    `requests over HTTP     ${requests}${ofRuns(requests / runs, '')}, ${((seconds * 1e6) / requests).toFixed(0)} microseconds a request`,
    `memory                 peak ${megabytes(peakBytes)} MB resident; heap over the run ${samples.join(', ')} MB`,
    '',
  ].join('\n'),
);

/** What there is of something for each run; nothing without runs. */
function ofRuns(share: number, unit: string): string {
  return runs === 0 ? '' : `, ${share.toFixed(1)}${unit && ` ${unit}`} a run`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}
