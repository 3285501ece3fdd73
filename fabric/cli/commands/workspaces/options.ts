/** What the commands of a workspace have in common: which folder it is, and which of its skills are meant. */
import { normalize } from 'node:path/posix';
import type { CommandCall, OptionDefinition } from '../../command.ts';
import { absolute } from '../../input.ts';
import { skillsOf, type WorkspaceSkill } from '../../workspaces/workspace.ts';

export const folderOption: OptionDefinition = {
  flags: '--folder <folder>',
  description: 'the workspace; the working folder unless given',
};

export const skillOption: OptionDefinition = {
  flags: '--skill <name>',
  description: 'only this skill',
  isRepeated: true,
};

/** Absolute. */
export function workspaceOf(call: CommandCall): string {
  const folder = absolute(call.context.surroundings, call.text('folder') ?? '');
  return normalize(folder).replace(/\/+$/, '');
}

export function chosenSkills(call: CommandCall): Promise<WorkspaceSkill[]> {
  return skillsOf(call.context.world.files, workspaceOf(call), call.texts('skill'));
}
