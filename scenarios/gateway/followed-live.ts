/**
 * A log that is followed while its run goes on, through two attempts: what the client was sent is what the run printed,
 * in order, and the stream ends by itself once the run has ended. A client that comes back with the place that it had
 * reached gets the rest.
 */
import { worst } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const logs = '/fabric/v4/projects/proj1/tasks/followed/logs?follow=true';
const printed = ['first', 'second', 'third', 'first', 'second', 'third'];

export default scenario({
  title: 'A followed log is what the run prints while it runs, and ends with it',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const script = 'print first; sleep 6s; print second; sleep 6s; print third; exit 1';
    const task = await given.task('followed', { backoffLimit: 1, script });
    await when.timePasses('5s');
    const rest = 'first\n'.length;
    const [paced, whole, behind] = await when.askedAtOnce('gateway', 'the log is followed', [
      { path: logs },
      { path: logs, headers: { accept: 'text/event-stream' } },
      { path: logs, headers: { accept: 'text/event-stream', 'last-event-id': String(rest) } },
    ]);
    const text = `${printed.join('\n')}\n`;
    then.add('the command line is sent every line', equals(linesOf(paced?.text), printed));
    then.add('standard events are the whole log', equals(textOf(whole?.text), text));
    then.add('a client that comes back gets the rest', equals(textOf(behind?.text), text.slice(rest)));
    const ended = [paced, whole, behind].map((answer) => equals(answer?.status, 200));
    then.add('all three were answered', worst(ended));
    await when.timePasses('2m');
    await then.recorded(task, 'FAILED', { exitCode: 1 });
    await then.holds('the stored log is the same', ({ logs: stored }) => equals(stored[0]?.text, text));
  },
});

function textOf(events = ''): string {
  return events
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice('data: '.length)) as { log: string }).log)
    .join('');
}

/** As the existing command line reads them: each event apart, its lines printed. */
function linesOf(events = ''): string[] {
  return events
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .flatMap((line) => (JSON.parse(line.slice('data: '.length)) as { log: string }).log.split('\n'))
    .filter(Boolean);
}
