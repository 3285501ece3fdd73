/** `fabric tasks logs` of what managed content has: as text, raw, followed, with the end of its task as exit code. */
import { beforeEach, expect, test } from 'vitest';
import { openBench, report } from '../../../gateway/bench.fixture.ts';
import { openCli } from '../../cli.fixture.ts';

const text = 'one\ntwo, long and “quoted”\n\nfour\n';

async function withLog(state = 'COMPLETE') {
  const bench = await openBench();
  const lines = text.split('\n').slice(0, -1);
  const stamped = lines.map((line, index) => `2026-01-01T00:00:0${index}.000000000Z ${line}\n`).join('');
  const url = 'http://content/internal/logs/proj1/f?line=0&complete=true';
  await bench.simulation.run(
    bench.network.fetch(url, { method: 'POST', body: stamped }).then((answer) => answer.text()),
  );
  const logs = { key: 'tasks/f/log.txt', lines: lines.length, bytes: text.length, complete: true, missing: [] };
  await bench.ask(...report('u1', { name: 'job-1', state, logs, statusReason: 'exit code 3', jobName: 'job-1' }));
  return openCli(bench);
}

let cli: Awaited<ReturnType<typeof withLog>>;
beforeEach(async () => {
  cli = await withLog();
});

test.each([[[]], [['--raw']], [['--follow']]])('with %j the whole log is printed as it is', async (flags) => {
  expect(await cli.run(['tasks', 'logs', 'job-1', ...flags])).toEqual({ code: 0, out: text, err: '' });
});

test.each([
  ['COMPLETE', 0],
  ['FAILED', 1],
  ['CANCELLED', 1],
])('with --exit-code a task that is %s ends with %i', async (state, code) => {
  const printed = await (await withLog(state)).run(['tasks', 'logs', 'job-1', '--exit-code']);
  expect([printed.code, printed.out]).toEqual([code, text]);
  expect(printed.err).toBe(code === 0 ? '' : `fabric: task job-1 is ${state}: exit code 3\n`);
});

test('--raw and --follow do not go together', async () => {
  expect((await cli.run(['tasks', 'logs', 'job-1', '--raw', '--follow'])).code).toBe(2);
});
