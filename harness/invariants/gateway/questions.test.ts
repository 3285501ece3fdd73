/**
 * What the questions hold against an answer: each right answer passes, each wrong one is told by what is wrong with it.
 */
import { describe, expect, test } from 'vitest';
import type { GatewayAnswer } from '../../environments/environment.ts';
import { recordingOf, storedLog, taskOf } from '../../recording/histories.fixture.ts';
import type { TaskRecord } from '../../recording/recording.ts';
import { deletable, deleteQuestions } from './deletes.ts';
import { describeQuestions } from './describes.ts';
import { filterQuestions, pageQuestions, sortQuestions } from './lists.ts';
import { logQuestions } from './logs.ts';
import type { Question } from './question.ts';

const record = (number: number, fields: Partial<TaskRecord> = {}): TaskRecord => ({
  uid: `uid-${number}`,
  name: `task-${number}`,
  state: 'COMPLETE',
  status: 'COMPLETE',
  jobType: 'onetime',
  createdAt: number * 1000,
  startTime: number * 1000,
  endTime: number * 1000 + 500,
  ...fields,
});

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}): GatewayAnswer => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, text, header: (name) => headers[name], json: <T>() => JSON.parse(text) as T };
};
const list = (tasks: readonly TaskRecord[]) => answer({ success: true, tasks });

const all = [4, 3, 2, 1].map((number) => record(number));

function questionWith(questions: readonly Question[], words: string): Question {
  const found = questions.find((question) => question.words.includes(words));
  if (!found) throw new Error(`no question "${words}": ${questions.map((question) => question.words).join('; ')}`);
  return found;
}

describe('a sorted list', () => {
  const [up, down] = sortQuestions('p', all, 'startTime');

  test('has all records in that order', () => {
    expect(up?.objection(list(all.toReversed()))).toBeUndefined();
    expect(down?.objection(list(all))).toBeUndefined();
    expect(up?.path).toContain('sort=%7B%22startTime%22%3A1%7D');
  });

  test('the other way round, with one too few or one twice is wrong', () => {
    expect(up?.objection(list(all))).toMatch(/row 1 has startTime 3000, the one before it 4000/);
    expect(down?.objection(list(all.slice(1)))).toMatch(/task-4 is missing/);
    expect(down?.objection(list([...all, ...all.slice(0, 1)]))).toMatch(/twice/);
  });

  test('begins with those that lack the field', () => {
    const lacking = record(5, { startTime: undefined });
    const [ascending] = sortQuestions('p', [...all, lacking], 'startTime');
    expect(ascending?.objection(list([lacking, ...all.toReversed()]))).toBeUndefined();
    expect(ascending?.objection(list([...all.toReversed(), lacking]))).toMatch(/row 4/);
  });
});

describe('pages', () => {
  test('follow each other, and the one behind the last is empty', () => {
    const questions = pageQuestions('p', all);
    const wanted = [all, all.slice(0, 2), all.slice(2), [], []];
    expect(questions.map((question, index) => question.objection(list(wanted[index] ?? [])))).toEqual(
      Array(5).fill(undefined),
    );
    expect(questions[2]?.objection(list(all.slice(0, 2)))).toMatch(/task-2 is missing/);
    expect(questions[1]?.objection(list(all.slice(0, 2).reverse()))).toMatch(/row 0 is task-3/);
  });
});

describe('a filter', () => {
  const sample = all[1] as TaskRecord;
  const questions = filterQuestions('p', all, sample);

  test('leaves those that it names', () => {
    expect(questionWith(questions, 'startAfter":"3000"').objection(list(all.slice(0, 1)))).toBeUndefined();
    expect(questionWith(questions, 'startAfter":"3000"').objection(list(all.slice(0, 2)))).toMatch(
      /task-3 does not belong/,
    );
    expect(questionWith(questions, 'startBefore":"1970').objection(list(all.slice(1)))).toMatch(
      /task-3 does not belong/,
    );
    expect(questionWith(questions, 'nobody').objection(list(all))).toMatch(/does not belong/);
    expect(questionWith(questions, 'that has none').objection(list([sample]))).toMatch(/does not belong/);
  });

  test('that is refused is an objection with the status', () => {
    expect(questionWith(questions, 'state').objection(answer('{}', 500))).toMatch(/answered 500/);
  });
});

describe('a description', () => {
  const [described, unknown] = describeQuestions('p', all, all[0] as TaskRecord);

  test('is the record of the list', () => {
    expect(described?.objection(answer({ success: true, task: all[0] }))).toBeUndefined();
    expect(described?.objection(answer({ task: { ...all[0], exitCode: 1 } }))).toMatch(/exitCode is 1/);
    expect(described?.objection(answer({ task: all[1] }))).toMatch(/it is uid-3, not uid-4/);
  });

  test('of an unknown task is a 404 with a body', () => {
    expect(unknown?.objection(answer({ success: false, code: 404 }, 404))).toBeUndefined();
    expect(unknown?.objection(answer({ success: true }))).toMatch(/answered 200, not 404/);
  });
});

describe('a log', () => {
  const text = 'one\ntwo\nthree\nfour';
  const stored = storedLog('tasks/t/log.txt', text);
  const questions = logQuestions('p', { record: all[0] as TaskRecord, stored, text });
  const row = (line: number, words: string) => ({ line, text: words, timestamp: '1970-01-01T00:00:04.100Z' });

  test('in rows has the lines that are asked for', () => {
    const newest = questionWith(questions, 'sort=newest');
    expect(newest.objection(answer({ rows: [row(2, 'three'), row(1, 'two')], matching: 4 }))).toBeUndefined();
    expect(newest.objection(answer({ rows: [row(3, 'four'), row(2, 'three')], matching: 4 }))).toMatch(
      /lines 3,2, not 2,1/,
    );
    expect(newest.objection(answer({ rows: [row(2, 'three'), row(1, 'two')], matching: 3 }))).toMatch(/3 match, not 4/);
    const late = { ...row(1, 'two'), timestamp: '1970-01-01T00:01:00Z' };
    expect(newest.objection(answer({ rows: [row(2, 'three'), late], matching: 4 }))).toMatch(/not of the run/);
  });

  test('in parts has just the bytes of each, and says which', () => {
    const range = questionWith(questions, 'bytes=-2');
    const headers = { 'content-range': 'bytes 16-17/18' };
    expect(range.objection(answer('ur', 206, headers))).toBeUndefined();
    expect(range.objection(answer('our', 206, headers))).toMatch(/it is "our"/);
    expect(range.objection(answer('ur', 206, { 'content-range': 'bytes 15-17/18' }))).toMatch(/content-range/);
    expect(range.objection(answer(text))).toMatch(/answered 200, not 206/);
  });

  test('as events ends where the log ends', () => {
    const events = questionWith(questions, 'from byte 9');
    const event = (log: string, id: number) => `id: ${id}\ndata: ${JSON.stringify({ log })}\n\n`;
    expect(events.objection(answer(`: alive\n\n${event('hree\n', 14)}${event('four', 18)}`))).toBeUndefined();
    expect(events.objection(answer(event(text, 18)))).toMatch(/it is "one/);
    expect(events.objection(answer(event('hree\nfour', 14)))).toMatch(/last id is 14/);
  });
});

describe('what is deleted', () => {
  test('is what has ended long ago, and has no Task that would bring it back', () => {
    const recording = recordingOf({ tasks: [taskOf([], 'task-1')] });
    const running = record(9, { name: 'task-2', state: 'ACTIVE' });
    expect(deletable(recording, [...all, running], 1_000_000).map(({ name }) => name)).toEqual(['task-4', 'task-3']);
    expect(deletable(recording, all, 10_000)).toEqual([]);
  });

  test('goes all at once, and nothing else does', () => {
    const [refused, kept, deleted, left] = deleteQuestions('p', all, ['task-4', 'task-3']);
    expect(refused?.objection(answer({ success: false, code: 404 }, 404))).toBeUndefined();
    expect(kept?.objection(list(all.slice(1)))).toMatch(/task-4 is missing/);
    const message = 'Successfully marked tasks task-4, task-3 for delete';
    expect(deleted?.objection(answer({ success: true, message }))).toBeUndefined();
    expect(left?.objection(list(all.slice(1)))).toMatch(/task-3 does not belong/);
  });
});
