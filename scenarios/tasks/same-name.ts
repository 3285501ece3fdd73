/**
 * A name that comes back: a Task is deleted and made anew within the minute, three times, and has a namesake in another
 * namespace and project. Each of them is a run of its own, with a record of its own and a log that no other one writes
 * into.
 */

import { forEach } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'The same name again within a minute, and in two namespaces, is another run with a log of its own',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await when.timeReaches('2026-01-01T00:01:05Z');
    const words = ['first', 'second', 'third'];
    for (const word of words) {
      const task = await given.task('again', { script: `print ${word}` });
      await when.timePasses('8s');
      await when.deleted(task);
      await when.timePasses('8s');
    }
    const elsewhere = await given.namespace('elsewhere');
    await given.task('again', { script: 'print fourth' }, elsewhere);
    await given.task('again', { script: 'print fifth' });
    await when.timePasses('3m');
    await then.holds('each of the five has a record and a log with its own word', (recording) => {
      const runs = jobsOf(recording, 'again');
      const told = runs.map(({ uid }) => {
        const record = recording.records.find((candidate) => candidate.uid === uid);
        return recording.logs.find(({ key }) => key === record?.logs?.key)?.text?.trim();
      });
      return equals(told.sort(), [...words, 'fourth', 'fifth'].sort());
    });
    await then.holds('no two logs have one key', (recording) => {
      const keys = recording.records.map(({ logs }) => logs?.key);
      return forEach(keys, 'keys', (key) => (keys.indexOf(key) === keys.lastIndexOf(key) ? undefined : `${key} twice`));
    });
  },
});
