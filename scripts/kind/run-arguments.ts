/** What `kind:run` takes for itself; everything else is `orrery run`'s. */
import { DEFAULT_CLUSTER } from '../../harness/environments/kind/state.ts';

export interface RunArguments {
  readonly name: string;
  readonly retain: boolean;
  /** Passed on to `orrery run`: operator, gateway and content run in its process. */
  readonly host: boolean;
  readonly rest: readonly string[];
}

export function runArguments(words: readonly string[]): RunArguments {
  let name = DEFAULT_CLUSTER;
  let retain = false;
  let host = false;
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--retain') retain = true;
    else if (word === '--host') host = true;
    else if (word.startsWith('--name=')) name = word.slice('--name='.length);
    else if (word === '--name') name = words[++index] ?? name;
    else rest.push(word);
  }
  return { name, retain, host, rest };
}
