/**
 * What an agent needs at this moment: its skills, and the actions that they lead to; what is missing is named without a
 * document.
 */
import type { Saved } from '../documents/documents.ts';
import type { AgentDocument } from '../schemas/agent.ts';
import type { Gateway } from '../settings.ts';
import { targetsOf } from '../skills/routing.ts';
import type { Skill } from '../skills/skill.ts';
import { skillsOf } from './deploy.ts';
import type { SnapshotDependency } from './snapshots.ts';

export async function dependenciesOf(gateway: Gateway, agent: Saved<AgentDocument>): Promise<SnapshotDependency[]> {
  const found = await skillsOf(gateway, agent);
  const names = new Set(agent.content.skills.map(({ skillName }) => skillName));
  const skills: SnapshotDependency[] = [];
  const actions = new Map<string, SnapshotDependency>();
  for (const name of names) {
    const skill = found.get(name);
    if (!skill) skills.push({ type: 'skill', name });
    else {
      skills.push({ type: 'skill', name, version: skill.version, document: skill.content.document });
      for (const action of await savedActionsOf(gateway, skill)) actions.set(action.name, action);
    }
  }
  return [...skills, ...actions.values()];
}

/** Without those within the skill's own document, which stand there. */
async function savedActionsOf(gateway: Gateway, skill: Skill): Promise<SnapshotDependency[]> {
  const found: SnapshotDependency[] = [];
  for (const { routing } of skill.content.document.inputs) {
    for (const { action: name } of targetsOf(routing)) {
      if (name === undefined || skill.content.actions.some((own) => own.name === name)) continue;
      const saved = await gateway.actions.get(skill.projectId, name);
      found.push({ type: 'action', name, ...(saved ? { version: saved.version, document: saved.content } : {}) });
    }
  }
  return found;
}
