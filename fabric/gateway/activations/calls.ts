/** The call of a step: which skill, which action, which runtime, and how it went. */
import { problems } from '../errors.ts';
import { resourceName } from '../runtimes/names.ts';
import type { Call, Outcome, Runtime } from '../runtimes/runtime.ts';
import type { RuntimeName } from '../schemas/skill.ts';
import type { Gateway } from '../settings.ts';
import { actionOf } from '../skills/deploy.ts';
import { outputOf, targetOf } from '../skills/routing.ts';
import type { Activation, Step } from './activation.ts';

export interface PreparedCall {
  readonly call: Call;
  readonly runtime: Runtime;
  /** The name of the skill's output that an outcome leaves by. */
  outputOf(outcome: Outcome): string;
}

/** What makes the call, or why it cannot be made. `need`: to stop a call it is enough that the skill is still saved. */
export async function prepareCall(
  gateway: Gateway,
  runtimes: Readonly<Record<RuntimeName, Runtime>>,
  activation: Activation,
  step: Step,
  need: 'deployed' | 'saved',
): Promise<PreparedCall | { readonly fault: string }> {
  const node = activation.plan.nodes.find(({ id }) => id === step.node);
  if (!node) return { fault: `the plan has no node ${step.node}` };
  const { projectId } = activation;
  const skill = await gateway.skills.get(projectId, node.skillName);
  if (!skill) return { fault: problems.documentNotFound('skill', node.skillName, projectId).message };
  if (need === 'deployed' && !skill.isDeployed) return { fault: `skill ${JSON.stringify(skill.name)} is not deployed` };
  const { document } = skill.content;
  const routed = targetOf(document, step.input, { properties: node.properties, payload: step.payload });
  if ('fault' in routed) return routed;
  const { target } = routed;
  const action = target.action === undefined ? undefined : await actionOf(gateway, skill, target.action);
  if (target.runtime !== 'cortex/external-api' && !action) {
    return { fault: problems.documentNotFound('action', target.action ?? '', projectId).message };
  }
  const output = outputOf(document, target.output) ?? target.output;
  const call: Call = {
    id: `${activation.activationId} ${step.id}`,
    skill,
    action,
    username: activation.username,
    agentName: activation.agentName,
    correlationId: activation.correlationId,
    refId: activation.agentName === undefined ? undefined : node.id,
    message: {
      activationId: activation.activationId,
      sessionId: activation.sessionId,
      channelId: step.channelId,
      projectId,
      ...(activation.agentName === undefined ? {} : { agentName: resourceName(projectId, activation.agentName) }),
      skillName: resourceName(projectId, skill.name),
      timestamp: gateway.world.clock.now(),
      payload: step.payload ?? {},
      properties: node.properties,
      outputName: output,
      headers: activation.headers,
    },
  };
  const chosen = (outcome: Outcome) => outcome.outputName && outputOf(document, outcome.outputName);
  return { call, runtime: runtimes[target.runtime], outputOf: (outcome) => chosen(outcome) || output };
}
