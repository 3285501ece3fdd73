/**
 * What scenarios hand to the harness, held to what is known: they may be JavaScript, and a misspelt policy that nobody
 * looks at would pass for one that holds.
 */
import { memberPath } from '../../fabric/task/check-schema.ts';
import type { TaskIssue } from '../../fabric/task/errors.ts';
import { didYouMean } from '../../fabric/task/nearest-name.ts';
import { type Schema, taskPoolSpecSchema, taskSpecSchema } from '../../fabric/task/schema.ts';
import { unknownFields } from '../../fabric/task/unknown-fields.ts';

/** The scenario itself is wrong; ends the play as "unknown". */
export class ScenarioMistakeError extends Error {
  override readonly name = 'ScenarioMistakeError';
  /** The verb with the name of what it was about: `given.task('forbid')`. */
  readonly verb: string;

  constructor(verb: string, issues: readonly TaskIssue[]) {
    super(`${verb}: ${issues.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
    this.verb = verb;
  }
}

/** Members of a Task's spec, and `script`. What is wrong in one that is known is the API server's to say. */
export function checkTaskWish(verb: string, wish: unknown, { script = true } = {}): void {
  const { properties } = taskSpecSchema;
  const known = script
    ? { ...taskSpecSchema, properties: { ...properties, script: { type: 'string' } } }
    : taskSpecSchema;
  checkBySchema(verb, wish, known as Schema);
}

export function checkPoolSpec(verb: string, spec: unknown): void {
  checkBySchema(verb, spec, taskPoolSpecSchema);
}

function checkBySchema(verb: string, value: unknown, schema: Schema): void {
  checkIsObject(verb, value);
  const issues = unknownFields(schema, value, '').map(({ path, message }) => ({ path: path.slice(1), message }));
  if (issues.length > 0) throw new ScenarioMistakeError(verb, issues);
}

/** An object without members of other names. */
export function checkMembers(verb: string, value: unknown, known: readonly string[]): void {
  checkIsObject(verb, value);
  const issues = Object.keys(value as object)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: memberPath('', name).replace(/^\./, ''),
      message: `is nothing it knows${didYouMean(name, known) || `: there are ${known.join(', ')}`}`,
    }));
  if (issues.length > 0) throw new ScenarioMistakeError(verb, issues);
}

export function checkWord(verb: string, given: unknown, words: readonly string[]): void {
  if (words.some((word) => word === given)) return;
  const message = `is none of ${words.join(', ')}${didYouMean(String(given), words)}`;
  throw new ScenarioMistakeError(verb, [{ path: JSON.stringify(given) ?? String(given), message }]);
}

function checkIsObject(verb: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  const given = JSON.stringify(value) ?? String(value);
  throw new ScenarioMistakeError(verb, [{ path: given, message: 'is no object: write { member: value }' }]);
}
