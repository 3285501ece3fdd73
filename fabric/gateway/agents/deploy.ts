/**
 * Whether an agent can be deployed: its skills exist, are deployed, and have the inputs and outputs that its wires
 * name.
 */
import type { ProblemDetail } from '../../http/index.ts';
import type { Saved } from '../documents/documents.ts';
import { problems } from '../errors.ts';
import type { AgentDocument } from '../schemas/agent.ts';
import type { Gateway } from '../settings.ts';
import { inputOf, outputOf } from '../skills/routing.ts';
import type { Skill } from '../skills/skill.ts';

/** The skills that the agent refers to and that exist, by name. */
export async function skillsOf(gateway: Gateway, agent: Saved<AgentDocument>): Promise<Map<string, Skill>> {
  const found = new Map<string, Skill>();
  for (const { skillName } of agent.content.skills) {
    const skill = await gateway.skills.get(agent.projectId, skillName);
    if (skill) found.set(skillName, skill);
  }
  return found;
}

/** Throws the Problem `not-deployable` with all that is missing. */
export async function checkDeployable(gateway: Gateway, agent: Saved<AgentDocument>): Promise<void> {
  const faults: ProblemDetail[] = [];
  const fault = (path: readonly (string | number)[], message: string) =>
    faults.push({ type: 'skill', name: String(path.at(-1)), path, message });
  const skills = await skillsOf(gateway, agent);
  const byRef = new Map(
    agent.content.skills.map(({ refId, skillName }) => [refId, skills.get(skillName)?.content.document]),
  );
  for (const [index, { skillName }] of agent.content.skills.entries()) {
    const path = ['skills', index, 'skillName'];
    const skill = skills.get(skillName);
    if (!skill) fault(path, `no skill ${JSON.stringify(skillName)} in project ${agent.projectId}`);
    else if (!skill.isDeployed) fault(path, `skill ${JSON.stringify(skillName)} is not deployed`);
  }
  for (const [index, { from, to }] of agent.content.mappings.entries()) {
    const source = 'skill' in from ? (from.skill as { refId: string; output: string }) : undefined;
    const target = 'skill' in to ? (to.skill as { refId: string; input: string }) : undefined;
    const sourceSkill = source && byRef.get(source.refId);
    const targetSkill = target && byRef.get(target.refId);
    if (sourceSkill && outputOf(sourceSkill, source.output) === undefined) {
      fault(['mappings', index, 'from', 'skill', 'output'], `the skill has no output ${JSON.stringify(source.output)}`);
    }
    if (targetSkill && !inputOf(targetSkill, target.input)) {
      fault(['mappings', index, 'to', 'skill', 'input'], `the skill has no input ${JSON.stringify(target.input)}`);
    }
  }
  if (faults.length > 0) throw problems.notDeployable(agent.name, faults);
}
