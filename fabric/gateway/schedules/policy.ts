/** What a scheduled agent's runs do to each other (contract 8 row 31). Pure. */
import type { ConcurrencyPolicy } from '../../task/task.ts';
import type { AgentDocument } from '../schemas/agent.ts';
import type { SkillDocument } from '../schemas/skill.ts';
import type { Action } from '../skills/action.ts';

export const policyProperty = 'schedule.concurrencyPolicy';

/** From the strictest on: what must not run twice at once forbids it for all of the agent. */
const strictestFirst: readonly ConcurrencyPolicy[] = ['Forbid', 'Replace', 'Allow'];

/** A skill that the agent refers to, with the actions that its inputs lead to. */
export interface UsedSkill {
  readonly document: SkillDocument;
  readonly actions: readonly Pick<Action, 'concurrencyPolicy'>[];
}

/** Thrown when a property holds another word. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(value: unknown, where: string) {
    super(
      `property ${JSON.stringify(policyProperty)} of ${where} is ${JSON.stringify(value)}: it must be Allow, Forbid or Replace`,
    );
  }
}

/**
 * The agent's own property; else the strictest that a skill asks for, by its property (as the agent's reference to it
 * may change it) or by one of its actions; else Allow, as of any CronJob. Throws PolicyError.
 */
export function policyOf(agent: AgentDocument, skillOf: (name: string) => UsedSkill | undefined): ConcurrencyPolicy {
  const own = agent.properties?.find(({ name }) => name === policyProperty);
  if (own) return policyIn(own.value, `agent ${agent.name}`) ?? 'Allow';
  const asked = agent.skills.flatMap((reference) => {
    const skill = skillOf(reference.skillName);
    const changed = reference.properties?.find(({ name }) => name === policyProperty);
    const given = skill?.document.properties?.find(({ name }) => name === policyProperty);
    const value = changed ? changed.value : given?.defaultValue;
    const actions = skill?.actions.map(({ concurrencyPolicy }) => concurrencyPolicy) ?? [];
    return [policyIn(value, `skill ${reference.skillName}`), ...actions];
  });
  return strictestFirst.find((policy) => asked.includes(policy)) ?? 'Allow';
}

/** Upper or lower case; undefined when nothing is given. */
function policyIn(value: unknown, where: string): ConcurrencyPolicy | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const policy = strictestFirst.find((each) => each.toLowerCase() === String(value).toLowerCase());
  if (!policy) throw new PolicyError(value, where);
  return policy;
}
