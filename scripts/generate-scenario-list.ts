/** Writes docs/scenarios.md from the scenarios themselves: `node scripts/generate-scenario-list.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenariosFolder } from '../harness/cli/scenarios-folder.ts';
import { packageFolder } from '../harness/package.ts';
import { catalogue, load } from '../harness/runner/catalogue.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';

export const scenarioListFile = join(packageFolder, 'docs', 'scenarios.md');

/** The page: a section for each folder, in it each scenario's name, its sentence, and what it shows and why. */
export async function scenarioList(): Promise<string> {
  const parts: string[] = [];
  let folder = '';
  for (const entry of catalogue(scenariosFolder)) {
    const own = entry.file.slice(scenariosFolder.length + 1).split('/')[0] ?? '';
    if (own !== folder) parts.push(`## ${own}`);
    folder = own;
    const { title, needs } = await load(entry);
    parts.push(`### ${entry.name}`, `**${title}.**`, entry.about, ...needsOf(needs));
  }
  return `${[heading, ...parts].join('\n\n')}\n`;
}

const heading = `# The scenarios

What must hold, one sentence a scenario. \`orrery run NAME\` plays one, \`orrery run FOLDER\` those of a folder, \`orrery run\` all of them; besides its own
sentences each is judged by the [standing judges](../harness/invariants/standing.ts). This page is made from the scenarios by
\`node scripts/generate-scenario-list.ts\`.`;

function needsOf(needs: Scenario['needs']): string[] {
  return needs.length === 0 ? [] : [`Needs an environment with ${needs.join(', ')}.`];
}

if (import.meta.main) writeFileSync(scenarioListFile, await scenarioList());
