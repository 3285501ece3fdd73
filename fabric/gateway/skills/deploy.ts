/** Deploying skills: what a save, a deploy, an undeploy and a change of an action do (contract 3.7). */
import { Problem, type ProblemDetail } from '../../http/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import type { Action } from './action.ts';
import { targetsOf } from './routing.ts';
import type { Skill } from './skill.ts';

/** The action of that name: of the skill's own document, else one that was saved on its own. */
export async function actionOf(gateway: Gateway, skill: Skill, name: string): Promise<Action | undefined> {
  const own = skill.content.actions.find((action) => action.name === name);
  return own ?? (await gateway.actions.get(skill.projectId, name))?.content;
}

/** All that its routings name. Throws the Problem `not-deployable` when some are nowhere. */
export async function actionsOf(gateway: Gateway, skill: Skill): Promise<Action[]> {
  const found: Action[] = [];
  const faults: ProblemDetail[] = [];
  for (const [path, name, runtime] of namedActions(skill)) {
    const action = await actionOf(gateway, skill, name);
    const wanted = runtime === 'cortex/daemons' ? 'daemon' : 'job';
    const fault = (message: string) => faults.push({ type: 'action', name, path, message });
    if (!action) fault(`action ${JSON.stringify(name)} is neither in the skill nor saved on its own`);
    else if (action.type !== wanted) fault(`runtime ${runtime} runs a ${wanted}, and ${name} is a ${action.type}`);
    else if (!found.includes(action)) found.push(action);
  }
  if (faults.length > 0) throw problems.notDeployable(skill.name, faults);
  return found;
}

function namedActions(skill: Skill): [(string | number)[], string, string][] {
  return skill.content.document.inputs.flatMap(({ routing }, index) =>
    targetsOf(routing).flatMap(({ action, runtime }): [(string | number)[], string, string][] =>
      action === undefined || runtime === 'cortex/external-api'
        ? []
        : [[['inputs', index, 'routing'], action, runtime]],
    ),
  );
}

/** True when a routing of the skill leads to that action. */
export function usesAction(skill: Skill, name: string): boolean {
  return namedActions(skill).some(([, each]) => each === name);
}

/** Deploys it. Throws a Problem, which is also noted, when that cannot be. */
export async function deploySkill(gateway: Gateway, skill: Skill): Promise<void> {
  try {
    const actions = await actionsOf(gateway, skill);
    const needsCluster = actions.some(({ type, k8sResources }) => type === 'daemon' || k8sResources.length > 0);
    if (needsCluster && !gateway.deployer) throw problems.noCluster('deploying a daemon');
    await gateway.deployer?.deploy(skill, actions);
    await gateway.skills.noteDeployed(skill.projectId, skill.name, true);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await gateway.skills.noteDeployed(skill.projectId, skill.name, false, error.message);
    throw error;
  }
}

export async function undeploySkill(gateway: Gateway, skill: Skill): Promise<void> {
  await gateway.deployer?.undeploy(skill);
  await gateway.skills.noteDeployed(skill.projectId, skill.name, false);
}

/** An action was saved: what runs it is brought to it. Resolves with the names of skills that could not be. */
export async function redeployUsers(gateway: Gateway, project: string, action: string): Promise<string[]> {
  const failed: string[] = [];
  for (const skill of await gateway.skills.find(project, {})) {
    const isWaiting = skill.isDeployed || skill.deployFault !== undefined;
    if (!isWaiting || !usesAction(skill, action)) continue;
    await deploySkill(gateway, skill).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      failed.push(skill.name);
    });
  }
  return failed;
}
