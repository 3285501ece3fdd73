/** A followed log as the command line reads it (contract 3.4.4). It keeps nothing between two reads of the network. */
import { isObject } from '../../fabric/http/index.ts';

export interface FollowedLog {
  readonly printed: string;
  /** Why the command would end in the middle. */
  readonly fault: string | undefined;
}

export function followedLog(reads: readonly string[]): FollowedLog {
  let printed = '';
  for (const line of reads.flatMap((read) => read.split('\n'))) {
    if (line === '') continue;
    const text = textOf(line);
    if (text === undefined) return { printed, fault: `a line that it cannot read: ${line.slice(0, 120)}` };
    for (const each of text.split('\n')) if (each !== '') printed += `${each}\n`;
  }
  return { printed, fault: undefined };
}

/** Only `data:` lines, of JSON: an object with a text that is not empty, or a text. */
function textOf(line: string): string | undefined {
  const json = /^data: ?(.*)$/.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'string') return value;
    return isObject(value) && typeof value.log === 'string' && value.log !== '' ? value.log : undefined;
  } catch {
    return undefined;
  }
}
