/** Images of a workspace, made by `docker build`: one for each action that has a Dockerfile. */

import type { Surroundings } from '../surroundings.ts';
import { printLine } from '../terminal.ts';
import { runTool } from './tool.ts';
import type { BuiltAction, WorkspaceSkill } from './workspace.ts';

export async function buildSkill(surroundings: Surroundings, skill: WorkspaceSkill): Promise<void> {
  for (const action of skill.actions) await buildAction(surroundings, action);
  if (skill.actions.length === 0) {
    await printLine(surroundings.terminal, `Skill ${JSON.stringify(skill.name)} has no Dockerfile: nothing to build`);
  }
}

async function buildAction(surroundings: Surroundings, { image, folder }: BuiltAction): Promise<void> {
  await runTool(surroundings, ['docker', 'build', '--tag', image, folder]);
  await printLine(surroundings.terminal, `Built ${image}`);
}
