/** Which agents refer to a skill. */
import type { Gateway } from '../settings.ts';

/** Their names. */
export async function agentsUsing(gateway: Gateway, project: string, skill: string): Promise<string[]> {
  const agents = await gateway.agents.find(project, {});
  return agents
    .filter(({ content }) => content.skills.some(({ skillName }) => skillName === skill))
    .map(({ name }) => name);
}
