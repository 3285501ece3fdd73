/**
 * The payload: one JSON text, handed to the container as its last argument.
 *
 * The limit counts the text's own bytes in UTF-8, before `$` is doubled: Linux takes arguments of at most 128 KiB with
 * the closing NUL, and by then Kubernetes has turned `$$` back into `$`.
 */
import type { TaskIssue } from './errors.ts';

/** Bytes of one argument on Linux: MAX_ARG_STRLEN (131,072) without the closing NUL. */
export const argumentBytesMax = 131_071;

/** What is delivered when a Task has no payload. */
export const emptyPayload = '{}';

/** Faults of an argument that no container could be given, whatever it means; `what` opens the sentence. */
export function argumentFault(what: string, text: string): string | undefined {
  if (text.includes('\0')) return `${what} holds a NUL character, which no argument or variable can carry`;
  if (!text.isWellFormed()) {
    return `${what} holds half of a surrogate pair, which has no bytes in UTF-8: write it as an escape`;
  }
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > argumentBytesMax) {
    return `${what} has ${bytes} bytes in UTF-8, and an argument holds at most ${argumentBytesMax}: pass large data by managed content`;
  }
  return undefined;
}

/** What is wrong with a payload: nothing, its length, or that it is no JSON text. */
export function payloadIssues(payload: string, path = 'spec.payload'): TaskIssue[] {
  const fault = argumentFault('the payload', payload);
  if (fault !== undefined) return [{ path, message: fault }];
  try {
    JSON.parse(payload);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, message: `the payload is not a JSON text: ${reason}` }];
  }
}

/** As it stands in a manifest: Kubernetes expands `$(NAME)` in arguments and turns `$$` into `$` (contract 4.3). */
export function escapeArgument(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** What the container is given for an argument made by `escapeArgument`. */
export function unescapeArgument(argument: string): string {
  return argument.replaceAll('$$', '$');
}
