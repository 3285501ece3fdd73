/** From a request to an activation: of an agent's service, or of a skill's input (contract 3.5.1, 3.7). */
import { skillsOf } from '../agents/deploy.ts';
import type { Saved } from '../documents/documents.ts';
import { problems } from '../errors.ts';
import { outwardFault } from '../outward/guard.ts';
import type { AgentDocument } from '../schemas/agent.ts';
import type { InvokeBody } from '../schemas/invoke.ts';
import type { Gateway } from '../settings.ts';
import { inputOf } from '../skills/routing.ts';
import type { Skill } from '../skills/skill.ts';
import type { NewActivation } from './activations.ts';
import { activationIdOf, idempotencyKeyOf } from './idempotency.ts';
import { planOfAgent, planOfSkill } from './plan.ts';

export interface Invocation {
  readonly body: InvokeBody;
  readonly username: string;
  readonly sync: boolean;
  /** All headers of the request; `Idempotency-Key` among them decides the activation's id. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws the Problem `service-not-found` or `invalid-body`. */
export async function activationOfAgent(
  gateway: Gateway,
  agent: Saved<AgentDocument>,
  serviceName: string,
  invocation: Invocation,
): Promise<NewActivation> {
  const service = agent.content.inputs.find(({ name }) => name === serviceName);
  if (!service) throw problems.serviceNotFound(serviceName, agent.name);
  const skills = await skillsOf(gateway, agent);
  const plan = planOfAgent(agent.content, service, skills, invocation.body.properties ?? {});
  return {
    ...common(gateway, agent.projectId, invocation),
    agentName: agent.name,
    serviceName: service.name,
    headers: allowedHeaders(agent.content, invocation.headers),
    plan,
  };
}

/** Throws the Problem `input-not-found` or `invalid-body`. */
export function activationOfSkill(
  gateway: Gateway,
  skill: Skill,
  inputName: string,
  invocation: Invocation,
): NewActivation {
  const input = inputOf(skill.content.document, inputName);
  if (!input) throw problems.inputNotFound(inputName, skill.name);
  return {
    ...common(gateway, skill.projectId, invocation),
    skillName: skill.name,
    inputName: input.name,
    headers: {},
    plan: planOfSkill(skill.content.document, input.name, invocation.body.properties ?? {}),
  };
}

function common(gateway: Gateway, projectId: string, { body, username, sync, headers }: Invocation) {
  const uuids = gateway.world.random.stream('activations');
  const key = idempotencyKeyOf(headers);
  const activationId = key === undefined ? uuids.uuid() : activationIdOf(projectId, key);
  const { callbackUrl } = body.properties ?? {};
  return {
    ...{ activationId, projectId, username, sync },
    channelId: uuids.uuid(),
    sessionId: body.sessionId ?? activationId,
    ...(body.correlationId === undefined ? {} : { correlationId: body.correlationId }),
    payload: body.payload ?? {},
    properties: body.properties ?? {},
    ...(callbackUrl === undefined ? {} : { callbackUrl: checkedCallback(gateway, callbackUrl), isCallbackDue: true }),
  };
}

function checkedCallback(gateway: Gateway, url: unknown): string {
  const fault = typeof url === 'string' ? outwardFault(url, gateway.allowedOutward) : 'it must be a text';
  if (fault === undefined) return url as string;
  const path = ['properties', 'callbackUrl'];
  throw problems.invalidBody([{ type: 'body', name: 'callbackUrl', path, message: `callbackUrl: ${fault}` }]);
}

/** Never whom a request comes from: that is Fabric's to know. */
const ownHeaders = new Set(['authorization', 'x-fabric-authorization', 'cookie', 'host']);

/** Those that the agent's property `allowedHeaders`, a list with commas, lets through (contract 4.6). */
function allowedHeaders(agent: AgentDocument, headers: Readonly<Record<string, string>>): Record<string, string> {
  const listed = agent.properties?.find(({ name }) => name === 'allowedHeaders')?.value;
  const names = typeof listed === 'string' ? listed.split(',').map((name) => name.trim().toLowerCase()) : [];
  const given = names.flatMap((name) => {
    const value = ownHeaders.has(name) || !Object.hasOwn(headers, name) ? undefined : headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}
