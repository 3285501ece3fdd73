/** `orrery list`: the scenarios and what each shows. */
import { Command } from 'commander';
import { type CatalogueEntry, catalogue, load } from '../../runner/catalogue.ts';
import { ScenarioFileError } from '../../runner/scenario-file.ts';
import { endWithReader } from '../ending/readers.ts';
import { scenariosFolder } from '../scenarios-folder.ts';

export function listCommand(): Command {
  return new Command('list').description('list the scenarios and what each shows').action(async () => {
    endWithReader();
    for (const entry of catalogue(scenariosFolder)) {
      process.stdout.write(`${entry.name.padEnd(34)} ${await titleOf(entry)}\n`);
    }
  });
}

/** A file that gives no scenario is listed with what is wrong with it, and the command ends with 1. */
async function titleOf(entry: CatalogueEntry): Promise<string> {
  try {
    return (await load(entry)).title;
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    process.exitCode = 1;
    return `BROKEN: ${error.message}`;
  }
}
