/**
 * The gateway asked as a client asks it, and its answers compared with what it listed and stored: the standing judge of
 * everything that clients see. A scenario's runs are few, so that some thirty small requests ask for all of it; which
 * run and which sort fields are taken is the seed's to say, so that over scenarios and seeds each comes to its turn.
 */
import { isTaskState, isTerminal } from '../../../fabric/task/state.ts';
import type { GatewayAccess } from '../../environments/environment.ts';
import type { Recording, TaskRecord } from '../../recording/recording.ts';
import type { Judgement } from '../../reports/model.ts';
import { fails, holds, unknown, type Verdict } from '../verdict.ts';
import { deletable, deleteQuestions } from './deletes.ts';
import { describeQuestions } from './describes.ts';
import { filterQuestions, pageQuestions, sortFields, sortQuestions } from './lists.ts';
import { type AskedLog, askedBytesMax, logQuestions } from './logs.ts';
import { type Question, rowsOf, tasksPath } from './question.ts';

export interface AskOptions {
  readonly gateway: GatewayAccess;
  readonly project: string;
  readonly recording: Recording;
  /** Epoch ms of the environment. */
  readonly now: number;
  /** Decides which run and which fields are asked for. */
  readonly turn: number;
  /** All sort fields instead of those whose turn it is. */
  readonly isThorough?: boolean;
  /** False where there are no stored logs, or they cannot be had now. */
  readonly logs: boolean;
}

/** While runs go on, the list changes between two requests: then all is asked again. */
const attemptsMax = 5;
const fieldsAtATime = 2;

/** Judgements of all that can be asked without changing anything; none when the gateway has no record. */
export async function judgeAnswers(options: AskOptions): Promise<Judgement[]> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const all = await listed(options);
    if (all.length === 0) return [];
    const judgements: Judgement[] = [];
    for (const [sentence, questions] of questionsOf(options, all)) {
      if (questions.length > 0) judgements.push({ sentence, verdict: await judge(options.gateway, questions) });
    }
    if (JSON.stringify(await listed(options)) === JSON.stringify(all)) return judgements;
  }
  const because = `the list of tasks changed ${attemptsMax} times while the gateway was asked`;
  return [{ sentence: 'the gateway answers as a client asks it', verdict: unknown(because) }];
}

/** Judges the delete of several tasks; none where nothing can be deleted for good. Records are missing afterwards. */
export async function judgeDeletes(options: AskOptions): Promise<Judgement[]> {
  const all = await listed(options);
  const names = [...new Set(deletable(options.recording, all, options.now).map(({ name }) => name))].slice(0, 2);
  if (names.length === 0) return [];
  const verdict = await judge(options.gateway, deleteQuestions(options.project, all, names));
  return [{ sentence: 'the gateway deletes the tasks that are named, and no others', verdict }];
}

async function listed({ gateway, project }: AskOptions): Promise<readonly TaskRecord[]> {
  const answer = await gateway.fetch(tasksPath(project, { limit: '0', skip: '0', sort: '{"startTime":-1}' }));
  const rows = rowsOf(answer);
  if (typeof rows === 'string') throw new Error(`the list of tasks: ${rows}`);
  return rows;
}

function questionsOf(options: AskOptions, all: readonly TaskRecord[]): [string, readonly Question[]][] {
  const { project, turn, isThorough = false } = options;
  const sample = all[turn % all.length] as TaskRecord;
  const start = turn % sortFields.length;
  const fields = [...sortFields.slice(start), ...sortFields.slice(0, start)];
  const asked = isThorough ? fields : fields.slice(0, fieldsAtATime);
  const log = options.logs ? logOf(options, all) : undefined;
  return [
    ['the gateway sorts as it is asked to', asked.flatMap((field) => sortQuestions(project, all, field))],
    ['the gateway gives pages that are the whole list together', pageQuestions(project, all)],
    ['the gateway filters as it is asked to', filterQuestions(project, all, sample)],
    ['the gateway describes a task as it lists it', describeQuestions(project, all, sample)],
    ['the gateway tells a log as it is stored, whole and in parts', log ? logQuestions(project, log) : []],
  ];
}

/**
 * A run that has ended and whose stored log is small, whole and text: of a name's several records the newest answers.
 */
function logOf({ recording, turn }: AskOptions, all: readonly TaskRecord[]): AskedLog | undefined {
  const namesakes = Map.groupBy(all, ({ name }) => name);
  const isNewest = (record: TaskRecord) =>
    (namesakes.get(record.name) ?? []).every((other) => {
      return other === record || Number(other.createdAt) < Number(record.createdAt);
    });
  const found = all.flatMap((record): AskedLog[] => {
    const stored = recording.logs.find(({ key }) => key === record.logs?.key);
    const isOver = isTaskState(record.state) && isTerminal(record.state) && isNewest(record);
    if (!isOver || !stored || !isAskable(stored.text)) return [];
    return [{ record, stored, text: stored.text }];
  });
  return found[turn % found.length];
}

const lineCharactersMax = 2000;

/** Text that a client can be shown line by line: nothing is cut, and nothing is lost on the way to characters. */
function isAskable(text: string | undefined): text is string {
  if (text === undefined || text === '' || text.length > askedBytesMax || /[\uFEFF\uFFFD]/.test(text)) return false;
  return text.split('\n').every((line) => line.length <= lineCharactersMax);
}

async function judge(gateway: GatewayAccess, questions: readonly Question[]): Promise<Verdict> {
  for (const { words, path, request, objection } of questions) {
    const answer = await gateway.fetch(path, request);
    const found = objection(answer);
    if (found !== undefined) return fails(`${words}: ${found}`);
  }
  return holds(`${questions.length} answers`);
}

/** A number that a text gives, the same always: for turns. */
export function turnOf(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
}
