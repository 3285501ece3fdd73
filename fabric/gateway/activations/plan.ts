/** What an invocation will follow: an agent's graph from one of its inputs, or a skill by itself. Pure. */
import type { AgentDocument } from '../schemas/agent.ts';
import type { SkillDocument } from '../schemas/skill.ts';
import { propertiesOf } from '../skills/routing.ts';
import type { Skill } from '../skills/skill.ts';
import type { Plan, PlanNode, PlanWire } from './activation.ts';

type Properties = Readonly<Record<string, unknown>>;

/** The node of a skill that is invoked by itself. */
export const ownNode = 'skill';

/** The service of that name is one of the agent's inputs. `skills`: those that it refers to and that exist, by name. */
export function planOfAgent(
  agent: AgentDocument,
  service: AgentDocument['inputs'][number],
  skills: ReadonlyMap<string, Pick<Skill, 'content'>>,
  invoked: Properties,
): Plan {
  const outputNames = new Map(agent.outputs.map(({ signalId, name }) => [signalId, name]));
  const agentProperties = valuesOf(agent.properties);
  const nodes = agent.skills.map(({ refId, skillName, title, properties }): PlanNode => {
    const skill = skills.get(skillName);
    return {
      id: refId,
      skillName,
      ...(title === undefined ? {} : { title }),
      properties: {
        ...(skill ? propertiesOf(skill.content.document) : {}),
        ...agentProperties,
        ...valuesOf(properties),
        ...invoked,
      },
    };
  });
  const wires = agent.mappings.flatMap((mapping): PlanWire[] => {
    const from = fromOf(mapping.from, service.signalId);
    return from === undefined ? [] : [{ from, to: toOf(mapping.to, outputNames) }];
  });
  return { nodes, wires, ...(service.output === undefined ? {} : { answer: service.output }) };
}

/** All outputs of the skill are the answer. */
export function planOfSkill(skill: SkillDocument, input: string, invoked: Properties): Plan {
  const node = { id: ownNode, skillName: skill.name, properties: { ...propertiesOf(skill), ...invoked } };
  const inward: PlanWire = { from: 'input', to: { node: ownNode, input } };
  const outward = skill.outputs.map(
    ({ name }): PlanWire => ({ from: { node: ownNode, output: name }, to: { agentOutput: name } }),
  );
  return { nodes: [node], wires: [inward, ...outward] };
}

function valuesOf(properties: AgentDocument['properties']): Record<string, unknown> {
  return Object.fromEntries((properties ?? []).map(({ name, value }) => [name, value]));
}

type Mapping = AgentDocument['mappings'][number];

/** Undefined for a wire from another input of the agent. */
function fromOf(from: Mapping['from'], serviceSignal: string): PlanWire['from'] | undefined {
  if ('input' in from) return (from.input as { signalId: string }).signalId === serviceSignal ? 'input' : undefined;
  const { refId, output } = from.skill as { refId: string; output: string };
  return { node: refId, output };
}

function toOf(to: Mapping['to'], outputNames: ReadonlyMap<string, string>): PlanWire['to'] {
  if ('output' in to) return { agentOutput: outputNames.get((to.output as { signalId: string }).signalId) ?? '' };
  const { refId, input } = to.skill as { refId: string; input: string };
  return { node: refId, input };
}
