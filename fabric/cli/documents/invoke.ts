/** The message of an invocation: a payload and properties, from a flag or a file (contract 3.5.1). */
import type { CommandCall, OptionDefinition } from '../command.ts';
import { usageError } from '../errors.ts';
import { documentOf, readDocument } from '../input.ts';

export const messageOptions: readonly OptionDefinition[] = [
  { flags: '--params <document>', description: 'the message, JSON or YAML: {"payload": {"text": "hello"}}' },
  { flags: '--params-file <file>', description: 'a file with the message; - is standard input' },
  { flags: '--sync', description: 'wait for the end and print the activation' },
];

/** `{}` when nothing is given. A usage error when it is no object. */
export async function messageOf(call: CommandCall): Promise<Record<string, unknown>> {
  const [text, file] = [call.text('params'), call.text('paramsFile')];
  if (text !== undefined && file !== undefined)
    throw usageError('--params and --params-file do not go together: choose one');
  if (text !== undefined) return documentOf(text, '--params');
  return file === undefined ? {} : readDocument(call.context.surroundings, file);
}
