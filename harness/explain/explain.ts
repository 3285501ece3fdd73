/**
 * Why a sentence does not hold: everything seen of the Tasks that it speaks of, as lines for whoever knows the sentence
 * alone. A function of the recording, so that every judge has it without doing anything for it.
 */
import type { Recording, TaskHistory } from '../recording/recording.ts';
import { instantIn } from './instants.ts';
import { taskLines } from './task.ts';

const tasksMax = 3;

/** Empty where nothing was seen of anything that the text names. */
export function explain(recording: Recording, text: string): string[] {
  const named = namesIn(text);
  const tasks = concerned(recording, named);
  const lines = tasks.slice(0, tasksMax).flatMap((task) => taskLines(recording, task, named));
  if (tasks.length > tasksMax) lines.push(`and ${tasks.length - tasksMax} more Tasks`);
  if (tasks.length === 0 && recording.tasks.length > 0) {
    lines.push(`Tasks that were there: ${recording.tasks.map(({ name }) => name).join(', ')}`);
  }
  return [...lines, ...faultLines(recording)];
}

/** Names of Kubernetes objects, and instants, that stand in a text. */
function namesIn(text: string): Set<string> {
  const words = text.match(/\d{4}-\d\d-\d\dT[\d:.]+Z|[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]|[A-Za-z0-9]/g) ?? [];
  return new Set(words);
}

/** Those named, and those of which a run or a pod is named. */
function concerned(recording: Recording, named: ReadonlySet<string>): TaskHistory[] {
  const ofPods = new Set(recording.pods.filter(({ name }) => named.has(name)).map(({ job }) => job));
  const ofRuns = new Set(
    recording.jobs.filter(({ name, uid }) => named.has(name) || ofPods.has(uid)).map(({ task }) => task),
  );
  return recording.tasks.filter(({ name }) => named.has(name) || ofRuns.has(name));
}

function faultLines(recording: Recording): string[] {
  const instant = instantIn(recording);
  return recording.faults.map(({ description, from, to }) => {
    const end = to === undefined ? 'to the end' : `to ${instant(to)}`;
    return `fault from ${instant(from)} ${end}: ${description}`;
  });
}
