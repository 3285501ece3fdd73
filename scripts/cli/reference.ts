/** The reference of the command tree as it is now, and where it is kept. */
import { join } from 'node:path';
import { areas } from '../../fabric/cli/commands/areas.ts';
import { allCommands, commonOptions } from '../../fabric/cli/program.ts';
import { packageFolder } from '../../harness/package.ts';
import { referencePage } from './page.ts';

export const referenceFile = join(packageFolder, 'docs', 'cli.md');

export function reference(): string {
  return referencePage({ commands: allCommands, common: commonOptions, areas });
}
