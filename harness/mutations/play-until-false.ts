/**
 * The entry point of a process that may be broken: plays the scenarios named by its arguments one after the other,
 * until a sentence is judged false, and prints what came of each as a line of JSON.
 */
import { scenariosFolder } from '../cli/scenarios-folder.ts';
import { sim } from '../environments/sim/kinds.ts';
import { catalogue, load } from '../runner/catalogue.ts';
import { play } from '../runner/play.ts';

/** What one play came to: the first sentence that is false, else the first that nobody could judge. */
export interface PlayedLine {
  readonly scenario: string;
  readonly verdict: string;
  readonly sentence: string;
  readonly because: string;
}

const seed = 1;
const entries = catalogue(scenariosFolder);

for (const name of process.argv.slice(2)) {
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`there is no scenario ${name}`);
  const scenario = await load(entry);
  const result = await play({ entry, scenario, kind: sim, seed, wallNow: () => performance.now() });
  const { verdict, judgements } = result;
  const telling = judgements.find((judgement) => judgement.verdict.value === verdict.value);
  const line: PlayedLine = {
    scenario: name,
    verdict: verdict.value,
    sentence: telling?.sentence ?? '',
    because: verdict.because.slice(0, 500),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (verdict.value === 'false') break;
}
