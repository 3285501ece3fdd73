/**
 * Deleting several ended tasks with one request: all of them go or none, and nothing else does. Asked last, since it
 * takes records away.
 */
import { isTaskState, isTerminal } from '../../../fabric/task/state.ts';
import type { Recording, TaskRecord } from '../../recording/recording.ts';
import { isNotFound } from './describes.ts';
import { type Question, rowsOf, setObjection, tasksPath } from './question.ts';

/** A record that ended so long ago is told of no more, ms. */
const settledMs = 120_000;

/** Records that are all that is left of their name: neither a Task nor a report to come would bring them back. */
export function deletable(recording: Recording, all: readonly TaskRecord[], now: number): TaskRecord[] {
  const live = new Set(recording.tasks.filter((task) => task.deletedAt === undefined).map(({ name }) => name));
  const isSettled = (record: TaskRecord) =>
    isTaskState(record.state) && isTerminal(record.state) && (record.endTime ?? now) < now - settledMs;
  const unsettled = new Set(all.filter((record) => !isSettled(record)).map(({ name }) => name));
  return all.filter(({ name }) => !live.has(name) && !unsettled.has(name));
}

/** `names` are two or fewer of the deletable ones. */
export function deleteQuestions(project: string, all: readonly TaskRecord[], names: readonly string[]): Question[] {
  const [first = '', last = first] = names;
  const list = (words: string, wanted: readonly TaskRecord[]): Question => ({
    words,
    path: tasksPath(project, { limit: '0' }),
    objection(answer) {
      const rows = rowsOf(answer);
      return typeof rows === 'string' ? rows : setObjection(rows, wanted);
    },
  });
  const left = all.filter(({ name }) => !names.includes(name));
  const which = names.length === 1 ? `task ${first}` : `tasks ${names.join(', ')}`;
  const path = (name: string) => `${tasksPath(project)}/${name}`;
  return [
    {
      words: `deleting ${first} and an unknown task`,
      path: path(`${first},nobody-has-this-name`),
      request: { method: 'DELETE' },
      objection: isNotFound,
    },
    list('the list after a refused delete', all),
    {
      words: `deleting ${names.join(' and ')}`,
      path: path(names.join(',')),
      request: { method: 'DELETE' },
      objection(answer) {
        const wanted = JSON.stringify({ success: true, message: `Successfully marked ${which} for delete` });
        return answer.text === wanted ? undefined : `it answered ${answer.status} ${answer.text.slice(0, 200)}`;
      },
    },
    list('the list after the delete', left),
    {
      words: 'the list of what was deleted',
      path: tasksPath(project, { limit: '0', filter: '{"state":"DELETED"}' }),
      objection(answer) {
        const rows = rowsOf(answer);
        if (typeof rows === 'string') return rows;
        const missing = names.filter((name) => !rows.some((row) => row.name === name));
        return missing.length === 0 ? undefined : `${missing.join(', ')} missing`;
      },
    },
    { words: `deleting ${last} again`, path: path(last), request: { method: 'DELETE' }, objection: isNotFound },
  ];
}
