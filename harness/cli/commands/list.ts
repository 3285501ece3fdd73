/** `orrery list`: the scenarios and what each shows. */
import { Command } from 'commander';
import { catalogue, load } from '../../runner/catalogue.ts';
import { scenariosFolder } from '../scenarios-folder.ts';

export function listCommand(): Command {
  return new Command('list').description('list the scenarios and what each shows').action(async () => {
    for (const entry of catalogue(scenariosFolder)) {
      const { title } = await load(entry);
      process.stdout.write(`${entry.name.padEnd(34)} ${title}\n`);
    }
  });
}
